"""A selection → a digest: the contents of a message as values. Users' templates see it as it is here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from linkwatch.errors import NO_USABLE_ANSWER
from linkwatch.models.resource import Resource
from linkwatch.models.rules import BROKEN, DEAD, GROUPS, IN_THE_LIST, MISSING
from linkwatch.notifications.selection import Selection
from linkwatch.report.model import Finding, Recovery, Report, Suggestion
from linkwatch.report.summary import BACK, grouped, nothing_was_answered, states
from linkwatch.report.wording import flaps, quoted
from linkwatch.settings import Notify
from linkwatch.store.outbox import Tone
from linkwatch.text import counted, place, shortened

MAX_TEXT_LENGTH = 300
"""Characters of a text that comes from YouTube or a list."""

MAX_NAME_LENGTH = 60
"""Characters of a list's name in the title."""

STILL_BROKEN = "Still broken"

MAX_ITEMS = 50
"""Items of a section; the text of a chat service has room for fewer."""

_SHORT = {group.title: group.short for group in GROUPS}
"""What the title of a message calls them after a number."""

_SUBJECTS = {MISSING.title: "Missing", IN_THE_LIST.title: "To correct"}
"""What the title of a message calls them before a name; others are called by their title, and what is dead is gone."""

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
    name: str | None = None
    """Title, label or id of the resource, for the title of the message; None: it has none."""

    page: str | None = None
    """Of the resource in the dashboard; None without `base_url`."""

    suggestions: tuple[Suggestion, ...] = ()
    """Where a replacement may be."""


@dataclass(frozen=True, slots=True)
class Section:
    """The items of one group, `MAX_ITEMS` of them at most."""

    title: str
    count: int
    items: tuple[Item, ...]
    hint: str = ""
    """What to do about them."""


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

    dashboard: str | None = None
    """Its address; None without `base_url`."""

    schema: Literal["linkwatch.message/1"] = "linkwatch.message/1"
    """`json://` gets the digest as it is, encoded."""


def build_digest(
    selection: Selection,
    report: Report,
    target: Notify,
    *,
    id_: str,
    lists: Sequence[str],
    incomplete_since: datetime | None,
    reminds: bool,
    base_url: str | None = None,
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
        base_url: Of the dashboard, with a slash at its end.
    """
    run = report.run
    assert run is not None  # noqa: S101 - nothing is selected before the first run
    sections = tuple(_sections(selection, base_url, reminds=reminds))
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
        totals=None if target.lists else states(report),
        dashboard=base_url,
    )


def sanitize(text: str) -> str:
    """A text on one line, shortened, that mentions nobody and contains no link."""
    return _MENTIONS.sub("\\g<0>\N{ZERO WIDTH SPACE}", shortened(text, MAX_TEXT_LENGTH))


def _sections(selection: Selection, base_url: str | None, *, reminds: bool) -> Iterator[Section]:
    def findings(title: str, some: Sequence[Finding], hint: str) -> Section:
        return Section(title, len(some), tuple(_finding(each, base_url) for each in some[:MAX_ITEMS]), hint)

    for group, theirs in grouped(selection.findings):
        yield findings(group.title, theirs, group.hint)
    if selection.recoveries:
        items = tuple(_recovery(each, base_url) for each in selection.recoveries[:MAX_ITEMS])
        yield Section(BACK, len(selection.recoveries), items)
    if reminds and selection.still_broken:
        yield findings(STILL_BROKEN, selection.still_broken, BROKEN.hint)


def _finding(finding: Finding, base_url: str | None) -> Item:
    resource = None if finding.kind is None or finding.id is None else Resource(finding.kind, finding.id)
    return Item(
        text=sanitize(finding.message),
        place=sanitize(place(finding.links[0])) if finding.links else None,
        url=None if resource is None else resource.url,
        rule=finding.rule.name,
        level=finding.level.value,
        name=_name(finding.title or finding.id),
        page=_page(resource, base_url),
        suggestions=finding.suggestions,
    )


def _recovery(recovery: Recovery, base_url: str | None) -> Item:
    item = recovery.item
    where = sanitize(place(item.links[0])) if item.links else None
    text = item.name if recovery.flapping is None else f"{item.name}; {flaps(recovery.flapping)}"
    name, page = _name(item.title or item.resource.id), _page(item.resource, base_url)
    return Item(sanitize(text), where, item.resource.url, None, None, name, page)


def _name(text: str | None) -> str | None:
    return None if text is None else sanitize(shortened(text, MAX_NAME_LENGTH))


def _page(resource: Resource | None, base_url: str | None) -> str | None:
    return None if resource is None or base_url is None else base_url.rstrip("/") + resource.page


def _title(selection: Selection, report: Report, sections: Sequence[Section], lists: Sequence[str]) -> str:
    where = sanitize(shortened(lists[0], MAX_NAME_LENGTH)) if len(lists) == 1 else counted(len(lists), "list")
    parts = [f"{section.count:,} {_SHORT.get(section.title, section.title.lower())}" for section in sections]
    if selection.first:
        parts = parts or ["no problems found"]
        return f"First report on {counted(report.counts.links, 'link')} ({where}): {', '.join(parts)}"
    if sections:
        parts = [_named(sections[0]), *parts[1:]]
    if selection.became_incomplete:
        parts.append(_incomplete(report))
    if selection.became_complete:
        parts.append("checks are working again")
    summary = ", ".join(parts) or "no problems found"
    return f"{summary[0].upper()}{summary[1:]} ({where})"


def _incomplete(report: Report) -> str:
    if not nothing_was_answered(report):
        return "the check is incomplete"
    reason = report.run.incomplete_reason if report.run is not None else None
    return "YouTube could not be reached" if NO_USABLE_ANSWER in (reason or "") else "nothing could be checked"


def _named(section: Section) -> str:
    """What the first section is about, by name: `Gone: “Statistics” and 2 more`."""
    is_gone = section.title == BROKEN.title and section.items[0].rule == DEAD.name
    word = "Gone" if is_gone else _SUBJECTS.get(section.title, section.title)
    name = next((item.name for item in section.items if item.name), None)
    if name is None:
        return f"{word}: {section.count:,}"
    more = f" and {section.count - 1:,} more" if section.count > 1 else ""
    return f"{word}: {quoted(name)}{more}"


def _tone(selection: Selection, sections: Sequence[Section]) -> Tone:
    titles = {section.title for section in sections}
    if titles & {GROUPS[0].title, STILL_BROKEN}:
        return Tone.FAILURE
    if selection.findings or selection.became_incomplete:
        return Tone.WARNING
    return Tone.SUCCESS if selection.recoveries or selection.became_complete else Tone.INFO
