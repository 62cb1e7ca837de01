"""News → a digest: what a message says, apart from its words. Templates see it as it is here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.resource import Resource
from linkwatch.models.rules import GROUPS
from linkwatch.notifications.selection import Selection
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.report.summary import BACK, grouped, totals
from linkwatch.settings import Notify
from linkwatch.store.outbox import Tone
from linkwatch.text import counted, place, shortened

MAX_TEXT_LENGTH = 300
"""Characters of a text that a stranger may have written."""

MAX_NAME_LENGTH = 60
"""Characters of a list's name in the title."""

STILL_BROKEN = "Still broken"

_SHORT = {group.title: group.short for group in GROUPS}
"""What the title of a message calls them."""

_WAKENING = re.compile(r"@|<|\](?=\()")
"""What calls people, or makes a link of other words, in one chat service or another."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is told."""

    text: str
    """On one line; nothing in it is an address or calls anybody."""

    place: str | None
    """`resources.csv:14:1`; None when it stands nowhere."""

    url: str | None
    """Of what it is about; None when it names nothing."""

    rule: str | None
    """None: it is back."""

    level: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """Things that ask for the same of their reader."""

    title: str
    count: int
    items: tuple[Item, ...]
    """Empty in a summary, but for what is broken."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one target is told of one run."""

    id: str
    """The same when it is sent twice."""

    title: str
    """One line."""

    tone: Tone
    first: bool
    """Nothing was told of these lists before: it is a summary."""

    lists: tuple[str, ...]
    checked_at: datetime
    sections: tuple[Section, ...]
    """What is broken comes first; then what is missing, changed, in the list, back, and still broken."""

    still_broken: int
    """What was broken before and is not told again."""

    incomplete_since: datetime | None
    """When checks began to be incomplete; None when that is not news."""

    incomplete_reason: str | None
    complete_again: bool
    note: str | None
    """What else should be known of the run."""

    tells_all: bool
    """It tells all that is broken, not the new alone."""

    totals: str | None
    """How many resources are in which states; None when the target is told of some lists only."""


def build_digest(
    news: Selection,
    report: Report,
    target: Notify,
    *,
    id_: str,
    lists: Sequence[str],
    incomplete_since: datetime | None,
    reminds: bool,
) -> Digest:
    """What a message says of news.

    Args:
        news: For this target.
        report: They are of; with a run.
        target: Who is told.
        id_: Of the message.
        lists: That the run read.
        incomplete_since: When the incomplete runs began that these news begin or end with.
        reminds: It is time to tell again what is still broken.
    """
    run = report.run
    assert run is not None  # noqa: S101 - there are no news before the first run
    sections = tuple(_sections(news, reminds=reminds))
    return Digest(
        id=id_,
        title=_title(news, report, sections, lists),
        tone=_tone(news, sections),
        first=news.first,
        lists=tuple(map(sanitize, lists)),
        checked_at=run.started_at,
        sections=sections,
        still_broken=0 if reminds else len(news.still),
        incomplete_since=incomplete_since if news.begins or news.ends else None,
        incomplete_reason=sanitize(run.incomplete_reason) if news.begins and run.incomplete_reason else None,
        complete_again=news.ends,
        note=None if run.note is None else sanitize(run.note),
        tells_all=news.first or reminds,
        totals=None if target.lists else totals(report),
    )


def sanitize(text: str) -> str:
    """A text on one line, of a sensible length, that calls nobody and hides no address behind words."""
    return _WAKENING.sub("\\g<0>\N{ZERO WIDTH SPACE}", shortened(text, MAX_TEXT_LENGTH))


def _sections(news: Selection, *, reminds: bool) -> Iterator[Section]:
    for group, findings in grouped(news.found):
        # In a summary what is broken is named, and the rest only counted.
        named = not news.first or group is GROUPS[0]
        yield Section(group.title, len(findings), tuple(map(_finding, findings)) if named else ())
    if news.back:
        yield Section(BACK, len(news.back), tuple(map(_recovery, news.back)))
    if reminds and news.still:
        yield Section(STILL_BROKEN, len(news.still), tuple(map(_finding, news.still)))


def _finding(finding: Finding) -> Item:
    return Item(
        text=sanitize(finding.message),
        place=sanitize(place(finding.links[0])) if finding.links else None,
        url=None if finding.kind is None or finding.id is None else Resource(finding.kind, finding.id).url,
        rule=finding.rule.name,
        level=finding.level.value,
    )


def _recovery(recovery: Recovery) -> Item:
    links = recovery.item.links
    where = sanitize(place(links[0])) if links else None
    return Item(sanitize(recovery.item.name), where, recovery.item.resource.url, None, None)


def _title(news: Selection, report: Report, sections: Sequence[Section], lists: Sequence[str]) -> str:
    told = [f"{section.count:,} {_SHORT.get(section.title, section.title.lower())}" for section in sections]
    if news.begins:
        told.append("checks are incomplete")
    if news.ends:
        told.append("checks are complete again")
    said = ", ".join(told) or "nothing to report"
    where = sanitize(shortened(lists[0], MAX_NAME_LENGTH)) if len(lists) == 1 else counted(len(lists), "list")
    if news.first:
        return f"linkwatch watches {counted(report.counts.links, 'link')} ({where}): {said}"
    return f"linkwatch: {said} ({where})"


def _tone(news: Selection, sections: Sequence[Section]) -> Tone:
    titles = {section.title for section in sections}
    if titles & {GROUPS[0].title, STILL_BROKEN}:
        return Tone.FAILURE
    if news.found or news.begins:
        return Tone.WARNING
    return Tone.SUCCESS if news.back or news.ends else Tone.INFO
