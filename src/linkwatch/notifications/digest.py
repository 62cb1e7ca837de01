"""A selection → a digest: the contents of a message as values. Users' templates see it as it is here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.resource import Resource
from linkwatch.models.rules import GROUPS
from linkwatch.notifications.selection import Selection
from linkwatch.report.model import Finding, Recovery, Report
from linkwatch.report.summary import BACK, grouped, totals
from linkwatch.report.wording import flaps
from linkwatch.settings import Notify
from linkwatch.store.outbox import Tone
from linkwatch.text import counted, place, shortened

MAX_TEXT_LENGTH = 300
"""Characters of a text that comes from YouTube or a list."""

MAX_NAME_LENGTH = 60
"""Characters of a list's name in the title."""

STILL_BROKEN = "Still broken"

_SHORT = {group.title: group.short for group in GROUPS}
"""What the title of a message calls them."""

_MENTIONS = re.compile(r"@|<|\](?=[\[(:])|:(?=//)|\bwww(?=\.)", re.IGNORECASE)
"""What mentions people, or becomes a link, in some chat services."""


@dataclass(frozen=True, slots=True)
class Item:
    """A finding or a recovery."""

    text: str
    """On one line; it mentions nobody and contains no link."""

    place: str | None
    """`resources.csv:14:1`; None when it is in no list."""

    url: str | None
    """Of the resource; None when the link names none."""

    rule: str | None
    """None: a recovery."""

    level: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one group."""

    title: str
    count: int
    items: tuple[Item, ...]
    """Empty in a summary, except for broken links."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What one recipient is notified of after one run."""

    id: str
    """The same when a message is sent twice."""

    title: str
    """One line."""

    tone: Tone
    first: bool
    """The first message about these lists: a summary."""

    lists: tuple[str, ...]
    checked_at: datetime
    sections: tuple[Section, ...]
    """Broken links first, then missing ones, changes, mistakes in the list, recoveries, and links still broken."""

    still_broken: int
    """How many links were broken before and are not listed again."""

    incomplete_since: datetime | None
    """When checks became incomplete; None when nothing about that is new."""

    incomplete_reason: str | None
    complete_again: bool
    note: str | None
    """The note of the run."""

    tells_all: bool
    """It lists all broken links, not only new ones."""

    totals: str | None
    """The number of resources by state; None when the recipient has only some of the lists."""


def build_digest(
    selection: Selection,
    report: Report,
    target: Notify,
    *,
    id_: str,
    lists: Sequence[str],
    incomplete_since: datetime | None,
    reminds: bool,
) -> Digest:
    """Build the digest of a message.

    Args:
        selection: For this recipient.
        report: That it was selected from; with a run.
        target: The recipient.
        id_: Of the message.
        lists: That the run checked.
        incomplete_since: When the first of the last incomplete runs began.
        reminds: Links that are still broken are listed again.
    """
    run = report.run
    assert run is not None  # noqa: S101 - nothing is selected before the first run
    sections = tuple(_sections(selection, reminds=reminds))
    return Digest(
        id=id_,
        title=_title(selection, report, sections, lists),
        tone=_tone(selection, sections),
        first=selection.first,
        lists=tuple(map(sanitize, lists)),
        checked_at=run.started_at,
        sections=sections,
        still_broken=0 if reminds else len(selection.still_broken),
        incomplete_since=incomplete_since if selection.became_incomplete or selection.became_complete else None,
        incomplete_reason=sanitize(run.incomplete_reason)
        if selection.became_incomplete and run.incomplete_reason
        else None,
        complete_again=selection.became_complete,
        note=None if run.note is None else sanitize(run.note),
        tells_all=selection.first or reminds,
        totals=None if target.lists else totals(report),
    )


def sanitize(text: str) -> str:
    """A text on one line, shortened, that mentions nobody and contains no link."""
    return _MENTIONS.sub("\\g<0>\N{ZERO WIDTH SPACE}", shortened(text, MAX_TEXT_LENGTH))


def _sections(selection: Selection, *, reminds: bool) -> Iterator[Section]:
    for group, findings in grouped(selection.findings):
        # A summary lists broken links; the other groups are only counted.
        is_listed = not selection.first or group is GROUPS[0]
        yield Section(group.title, len(findings), tuple(map(_finding, findings)) if is_listed else ())
    if selection.recoveries:
        yield Section(BACK, len(selection.recoveries), tuple(map(_recovery, selection.recoveries)))
    if reminds and selection.still_broken:
        yield Section(STILL_BROKEN, len(selection.still_broken), tuple(map(_finding, selection.still_broken)))


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
    text = recovery.item.name if recovery.flapping is None else f"{recovery.item.name}; {flaps(recovery.flapping)}"
    return Item(sanitize(text), where, recovery.item.resource.url, None, None)


def _title(selection: Selection, report: Report, sections: Sequence[Section], lists: Sequence[str]) -> str:
    parts = [f"{section.count:,} {_SHORT.get(section.title, section.title.lower())}" for section in sections]
    if selection.became_incomplete:
        parts.append("checks are incomplete")
    if selection.became_complete:
        parts.append("checks are complete again")
    summary = ", ".join(parts) or "no problems found"
    where = sanitize(shortened(lists[0], MAX_NAME_LENGTH)) if len(lists) == 1 else counted(len(lists), "list")
    if selection.first:
        return f"linkwatch: first report for {counted(report.counts.links, 'link')} ({where}): {summary}"
    return f"linkwatch: {summary} ({where})"


def _tone(selection: Selection, sections: Sequence[Section]) -> Tone:
    titles = {section.title for section in sections}
    if titles & {GROUPS[0].title, STILL_BROKEN}:
        return Tone.FAILURE
    if selection.findings or selection.became_incomplete:
        return Tone.WARNING
    return Tone.SUCCESS if selection.recoveries or selection.became_complete else Tone.INFO
