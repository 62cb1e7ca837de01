"""A history for a person at a terminal: what it is now, its last checks, what was, who is in it, where it is listed."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.report.console import PLAIN, Console
from linkwatch.report.resource.model import Attribute, Period, PlaylistContents, ResourceHistory
from linkwatch.report.resource.text import (
    ATTRIBUTE_TITLES,
    PURGED,
    describe_acknowledgement,
    describe_event,
    describe_member,
    describe_member_change,
    flapping_text,
    format_value,
    inspection_summary,
    item_count_text,
    member_title,
    owner_text,
    restrictions_in_words,
    unreadable_text,
    watched_text,
)
from linkwatch.report.wording import why_unmonitorable
from linkwatch.text import counted, place, visible

FIRST, LAST = 15, 5
"""Members that are shown of a playlist that has more."""

LATEST = 20
"""Lines that are shown of what was and of what happened, the latest."""

INDENT = " " * 6
"""Before what does not fit on a line."""

_MARKS = {State.AVAILABLE: ("▇", "good"), State.SUSPECT: ("▒", "warning"), State.UNAVAILABLE: ("░", "error")}
_NO_ANSWER = ("·", "faint")
_ALL = "--format json has all"


def render(history: ResourceHistory, *, console: Console = PLAIN) -> str:
    """Render the history as text, with a line end.

    Args:
        history: The history.
        console: What the terminal can show; by default a file.
    """
    head = visible(f"{history.resource.kind} {history.resource.id}")
    lines = [head, *_now(history, console), *_checks(history, console)]
    for title, contents in _parts(history):
        wrapped = [line for text in contents for line in console.paragraph(visible(text), lead="  ", indent=INDENT)]
        if wrapped:
            lines += ["", console.style(title, "heading"), *wrapped]
    return "\n".join(lines) + "\n"


def _parts(history: ResourceHistory) -> Iterator[tuple[str, Iterable[str]]]:
    """Titles, and the lines below each; what has none is not shown."""
    yield "History", _latest(_over_time(history))
    yield (
        "Events",
        _latest([f"{_moment(e.at)}  {e.event.kind}: {describe_event(e.event)}" for e in history.events]),
    )
    if history.contents is not None:
        yield (
            f"Videos, inspected on {_moment(history.contents.inspection.inspected_at or history.generated_at)}",
            _members(history.contents),
        )
        changes = history.contents.changes
        yield (
            "Changes of its videos",
            _latest([f"{_moment(c.at)}  {member_title(c.member)}: {describe_member_change(c)}" for c in changes]),
        )
    yield "Where it is listed", map(_link, history.links) if history.links else ["in no list as of the last checks"]
    yield "Acknowledged", (describe_acknowledgement(ack, history) for ack in history.acknowledgements)


def _now(history: ResourceHistory, console: Console) -> Iterator[str]:
    known, facts = history.record, history.record.facts
    state = format_value(Attribute.STATE, history.periods[Attribute.STATE][-1])
    values = {
        "address": history.resource.url,
        "names": ", ".join(history.names) or None,
        "watched as": watched_text(history),
        "title": PURGED if history.title_was_purged else facts.title,
        "owner": owner_text(history),
        "videos": item_count_text(history),
        "inspection": unreadable_text(history),
        "restrictions": restrictions_in_words(" ".join(facts.restrictions or ())) or None,
        "state": f"{state} since {_moment(known.state_since)}",
        "flapping": flapping_text(history),
        "why": why_unmonitorable(history.resource, history.tried_at),
        "Data API": known.api,
        "oEmbed": known.oembed,
        "missed checks": f"{known.missed_checks}, the last on {_moment(known.last_missed_at)}"
        if known.last_missed_at
        else None,
        "first seen": _moment(known.first_seen),
        "last checked": _moment(known.last_checked) if known.last_checked else "never answered",
        "last available": _moment(known.last_available) if known.last_available else "never",
    }
    for name, value in values.items():
        if value is not None:
            style = _MARKS.get(known.state, _NO_ANSWER)[1] if name == "state" else None
            lead = f"  {name:<14}  "
            yield from console.paragraph(
                visible(value), lead=lead, lead_style=style, indent=" " * len(lead), style=style
            )


def _checks(history: ResourceHistory, console: Console) -> Iterator[str]:
    """A bar with a mark for each check, the legend of its marks, and the dates at its ends."""
    if not history.checks:
        return
    states = [state for _, state in history.checks]
    bar = "".join(console.style(*_MARKS.get(state or State.UNKNOWN, _NO_ANSWER)) for state in states)
    first, last = history.checks[0][0], history.checks[-1][0]
    legend = [f"{_MARKS[state][0]} {state}" for state in _MARKS if state in states]
    if not set(states) <= _MARKS.keys():
        legend.append(f"{_NO_ANSWER[0]} no answer")
    yield ""
    yield console.style("The last check" if len(states) == 1 else f"The last {len(states)} checks", "heading")
    yield f"  {first:%Y-%m-%d}  {bar}  {last:%Y-%m-%d}   {'  '.join(legend)}"


def _over_time(history: ResourceHistory) -> list[str]:
    """The periods of each attribute that ever changed, and those without an answer; oldest first."""
    rows = [
        (period.since, ATTRIBUTE_TITLES[attribute].lower(), _span(period), format_value(attribute, period))
        for attribute, periods in history.periods.items()
        if any(period.until is not None for period in periods)
        for period in periods
    ]
    rows += [
        (each.since, "no answer", _span(each), "the checks in between got no answer") for each in history.unanswered
    ]
    return [f"{name:<12}  {span:<42}  {value}" for _, name, span, value in sorted(rows)]


def _span(period: Period) -> str:
    until = "now" if period.until is None else _moment(period.until)
    return f"{_moment(period.since)} to {until}"


def _members(inside: PlaylistContents) -> Iterator[str]:
    yield inspection_summary(inside)
    members = inside.members
    hidden = len(members) - FIRST - LAST
    for at, member in enumerate(members):
        if hidden > 1 and at == FIRST:
            yield f"     … {hidden:,} more ({_ALL})"
        if hidden <= 1 or not FIRST <= at < FIRST + hidden:
            yield f"{member.position + 1:>6,}  {describe_member(member)}"


def _latest(lines: list[str]) -> list[str]:
    hidden = len(lines) - LATEST
    return lines if hidden <= 1 else [f"… {counted(hidden, 'line')} before these ({_ALL})", *lines[-LATEST:]]


def _link(link: Link) -> str:
    section = f"  in “{link.section}”" if link.section else ""
    return f"{place(link)}  {link.label or link.url}{section}"


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M} UTC"
