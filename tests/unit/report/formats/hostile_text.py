"""A report in which every text comes from strangers."""

from dataclasses import replace

from hypothesis import strategies as st
from unit.report.builders import MALFORMED, NOW, PLAYLIST, RUN, RUN_AT, report_of

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import Event, EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import Facts, ResourceRecord, State
from linkwatch.models.records import StoredEvent
from linkwatch.models.rules import Level
from linkwatch.report.model import Finding, Report, ReportedEvent, ReportedResource, Suggestion

NASTY = [
    "<script>alert(1)</script>", "</title>", "<!--", "<![CDATA[", "]]>", "&amp;", "&#0;", "&x;", "<?php", '"', "'", ">",
    "\x00", "\x0b", "\x7f", "\x85", "\u2028", "\ufffe", "\uffff", "\ud800", "\udfff\ud800", "\U0001fffe",
    "\u200b", "\ufeff", "\u202egnp.exe", "\u2066", "\x1b[31m", "\x1b]0;title\x07", "\r\n", "\n", "\t",
    "::error::x", "[a](1)", "[a](https://x)", "{0}", "\\", "%0A", "|", "..", "/", "#?", ":",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "＝1+1", ";=1", "; @x", ",", '",="',
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(NASTY) | st.text(max_size=5), max_size=6).map("".join)
HUGE = "👩🏽‍🏫" * 5_000
"""Some 100 kB of UTF-8."""


def harmless_around(text: str) -> str:
    """What should stay readable, whatever stands in the middle."""
    return f"Calculus{text}Three"


def report_by_strangers(text: str, *, begin: str = "Calculus") -> Report:
    """A report with an entry that is dead, one that is malformed and a finding that is accepted, all of this text."""
    hostile = f"{begin}{text}Three"
    link = Link(PLAYLIST.url, hostile, 3, 2, hostile, hostile, hostile)
    again, wrong = (
        Link(url, hostile, line, 1, hostile, hostile, hostile) for url, line in ((PLAYLIST.url, 4), (MALFORMED, 5))
    )
    known = ResourceRecord(
        State.UNAVAILABLE, RUN_AT, RUN_AT, facts=Facts(title=hostile, owner_title=hostile, item_count=37)
    )
    item = ReportedResource(PLAYLIST, known, (link, again))
    dead = Finding(
        rules.DEAD, Level.ERROR, PLAYLIST.kind, PLAYLIST.id, (link, again), hostile, RUN_AT, RUN_AT, new=True
    )
    ack = Acknowledgement(PLAYLIST.id, None, hostile, RUN_AT)
    return replace(
        report_of([]),
        run=replace(RUN, complete=False, incomplete_reason=hostile, note=hostile),
        resources=(item,),
        findings=(
            replace(dead, suggestions=(Suggestion(hostile, "https://www.youtube.com/results?search_query=x"),)),
            replace(dead, rule=rules.MALFORMED, kind=None, id=None, links=(wrong,)),
            replace(dead, rule=rules.DUPLICATE, level=Level.WARNING, acknowledged=ack),
        ),
        events=(ReportedEvent(item, StoredEvent(PLAYLIST, Event(EventKind.RETITLED, hostile, hostile), NOW, RUN.id)),),
    )
