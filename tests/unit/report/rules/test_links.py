"""The entries themselves: malformed, uncanonical, duplicate."""

from datetime import datetime

from unit.report.builders import (
    CHANNEL,
    EVERYWHERE,
    LONG_AGO,
    MALFORMED,
    OTHER,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    found,
    living,
    report_of,
)

from linkwatch.models import rules
from linkwatch.models.link import DuplicateScope
from linkwatch.models.resource import Kind
from linkwatch.models.rules import Level
from linkwatch.settings import Settings


def test_a_link_that_names_nothing_is_malformed() -> None:
    report = report_of([entry(MALFORMED, "Calculus", line=4)])
    (finding,) = report.findings
    assert (finding.rule, finding.level, finding.kind, finding.id) == (rules.MALFORMED, Level.ERROR, None, None)
    assert finding.message == f"{MALFORMED} is malformed: `short` has 5 characters; a video id has 11"
    assert [link.line for link in finding.links] == [4]
    assert (report.counts.links, report.counts.resources) == (1, 0)


def test_a_malformed_half_is_reported_and_the_other_half_still_checked() -> None:
    report = report_of([entry(f"{VIDEO.url}&list=PLshort")], {VIDEO: living("Optimization")})
    (finding,) = found(report, rules.MALFORMED)
    assert (finding.kind, finding.id) == (Kind.VIDEO, VIDEO.id)
    assert [item.resource for item in report.resources] == [VIDEO]
    assert found(report, rules.UNCANONICAL) == []


def test_a_better_url_is_reported() -> None:
    (finding,) = report_of([entry(f"http://youtube.com/watch?v={VIDEO.id}&feature=share")]).findings
    assert (finding.rule, finding.level) == (rules.UNCANONICAL, Level.NOTICE)
    assert str(finding.evidence["better"]).startswith("https://")
    assert "feature" not in str(finding.evidence["better"])
    assert finding.message == f"better URL: {finding.evidence['better']}"


def test_an_invitation_to_edit_is_named_in_the_finding() -> None:
    (finding,) = report_of([entry(f"{PLAYLIST.url}&jct=AbCdEf")]).findings
    assert finding.message == (f"better URL: {PLAYLIST.url}; this one (`jct=`) invites others to edit the playlist")


def test_a_fine_entry_gives_no_finding() -> None:
    assert report_of([entry(PLAYLIST, line=1), entry(VIDEO, line=2), entry(CHANNEL, line=3)]).findings == []


def test_what_is_listed_twice_is_reported_once_with_every_line() -> None:
    links = [
        entry(PLAYLIST, "Calculus 3", line=3),
        entry(OTHER, "Calculus 1", line=4),
        entry(PLAYLIST, line=8),
        entry(PLAYLIST, "Calculus III", file="more.md", line=1),
    ]
    (finding,) = report_of(links, settings=EVERYWHERE).findings
    assert (finding.rule, finding.level, finding.id) == (rules.DUPLICATE, Level.WARNING, PLAYLIST.id)
    assert list(finding.links) == [links[0], links[2], links[3]]
    assert finding.message == (
        "the same playlist is listed 3 times: list.md:3 “Calculus 3”, list.md:8, more.md:1 “Calculus III”"
    )
    assert finding.evidence == {"places": ["list.md:3", "list.md:8", "more.md:1"], "mislabelled": []}


def test_what_is_listed_once_in_each_list_is_no_duplicate_unless_the_settings_say_so() -> None:
    links = [entry(PLAYLIST, section="One"), entry(PLAYLIST, file="b.md"), entry(PLAYLIST, line=2, section="Two")]
    (finding,) = report_of(links).findings
    assert list(finding.links) == [links[0], links[2]]
    assert report_of(links, settings=Settings(duplicates=DuplicateScope.SECTION)).findings == []


def test_a_duplicate_says_which_entry_is_the_wrong_one() -> None:
    links = [entry(PLAYLIST, "Linear Algebra", line=13), entry(PLAYLIST, "Calculus 3", line=17)]
    known = {PLAYLIST: living("Calculus 3 (Full Length Videos)")}
    (finding,) = found(report_of(links, known), rules.DUPLICATE)
    assert finding.message.endswith("; label “Linear Algebra” doesn't match the title")
    assert finding.evidence["mislabelled"] == ["list.md:13"]


def test_when_no_label_fits_none_is_the_wrong_one() -> None:
    links = [entry(PLAYLIST, "Linear Algebra", line=13), entry(PLAYLIST, "Topology", line=17)]
    (finding,) = found(report_of(links, {PLAYLIST: living("Calculus 3")}), rules.DUPLICATE)
    assert "doesn't fit" not in finding.message


def test_a_duplicate_is_so_since_its_last_entry_was_listed() -> None:
    links = [entry(PLAYLIST, line=1), entry(PLAYLIST, line=2)]

    def at(first: datetime | None, second: datetime | None) -> tuple[datetime | None, bool]:
        times = {1: first, 2: second}
        (finding,) = report_of(links, first_seen=lambda link: times[link.line]).findings
        return finding.since, finding.new

    assert at(LONG_AGO, YESTERDAY) == (YESTERDAY, False)
    assert at(LONG_AGO, RUN_AT) == (RUN_AT, True)
    assert at(LONG_AGO, None) == (None, True)
