"""The charts of the HTML pages, as SVG in the page: no script, no inline style; the style sheets colour their classes.

A state is told by its colour and by its pattern: every bar has the same height, solid when available, cut once when
suspect, hatched when unavailable, hollow without an answer. Every `Chart` comes with its numbers as a table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from linkwatch.models.observation import Member, MemberState, Reason, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.report.resource.model import Attribute, ResourceHistory
from linkwatch.report.resource.text import describe_member_change, member_title
from linkwatch.report.trends import DayStates
from linkwatch.text import counted, fit_for_html, shortened

Checks = tuple[State | None, ...]
"""The states after the last checks, oldest first; None: no answer."""


class CheckBar(NamedTuple):
    """What a bar of checks shows."""

    checks: Checks
    reason: Reason | None = None
    """Why the resource is unavailable now."""


HEIGHT = 18
"""Pixels of a bar."""

TICK = 5
"""Pixels of a check in a bar, with the gap before the next one."""

SPAN = 1_000
"""Units of the width of a strip or chart, which is stretched to the width of the page."""

PLOT = 100
"""Units of the height of a chart."""

COLUMNS = 30
"""Squares in a row of a map."""

SQUARE = 12
"""Units of a square of a map, with the gap before the next one."""

MOST_SQUARES = 600
"""Of a longer playlist each square stands for several videos, in the worst state of one of them."""

MOST_ROWS = 400
"""Rows of a table behind a chart; the oldest are left out."""

_UNANSWERED = "unanswered"
"""The class of whatever is none of the three states that a bar distinguishes."""

_CLASSES = (State.AVAILABLE.value, State.SUSPECT.value, State.UNAVAILABLE.value, _UNANSWERED)

_BLOCKS = {
    State.AVAILABLE.value: ((0, 18),),
    State.SUSPECT.value: ((0, 8), (10, 8)),
    State.UNAVAILABLE.value: ((0, 3), (5, 3), (10, 3), (15, 3)),
}
"""Top and height of the parts of a bar, in pixels, by class; one without an answer is a frame."""

_WORDS = {
    State.SUSPECT.value: "suspect",
    State.UNAVAILABLE.value: "unavailable",
    _UNANSWERED: "without answer",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, and the numbers that it shows."""

    title: str
    picture: Markup
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    top: str = ""
    """The number at the upper edge."""

    bottom: str = ""
    start: str = ""
    """The left end."""

    end: str = ""
    note: str = ""
    table_note: str = ""
    legend: Sequence[tuple[str, str]] = field(default=())
    """Class and words."""


# Bars of the last checks.


@lru_cache(maxsize=4_096)
def checks_bar(checks: Checks, times: tuple[datetime, ...] = (), reason: Reason | None = None) -> Markup:
    """A bar with a tick for each check, each with its time, if these are given; empty without checks."""
    return _bar(checks, _ticks(checks, times, reason)) if checks else Markup()


def shared_bars(
    histories: Iterable[CheckBar], times: Sequence[datetime] = ()
) -> tuple[Markup, Mapping[CheckBar, Markup]]:
    """The bars of a page with very many of them.

    Among many resources there are few different histories. Each is drawn once, and every bar refers to a drawing: a
    page with 5,000 of them still opens at once.

    Args:
        histories: Of all resources; those without checks have no bar.
        times: When the checks began, for the words of each tick.

    Returns:
        The drawings, which the page must hold, and the bar of each different history.
    """
    different = list(dict.fromkeys(bar for bar in histories if bar.checks))
    symbols = Markup("").join(
        Markup('<symbol id="h{}">{}</symbol>').format(number, _ticks(bar.checks, times, bar.reason))
        for number, bar in enumerate(different)
    )
    drawings = Markup('<svg class="drawings" width="0" height="0" aria-hidden="true">{}</svg>').format(symbols)
    bars = {bar: _bar(bar.checks, Markup('<use href="#h{}"/>').format(number)) for number, bar in enumerate(different)}
    return drawings if different else Markup(), bars


def _bar(checks: Checks, drawing: Markup) -> Markup:
    return Markup('<svg class="ticks" role="img" aria-label="{}" width="{}" height="{}">{}</svg>').format(
        _in_words(checks), TICK * len(checks), HEIGHT, drawing
    )


def _ticks(checks: Checks, times: Sequence[datetime], reason: Reason | None) -> Markup:
    classes = _classes(checks)
    if len(times) != len(checks):
        return Markup("").join(
            _path(name, "".join(_tick(at, name) for at, class_ in enumerate(classes) if class_ == name))
            for name in _CLASSES
            if name in classes
        )
    # The reason is known of the present outage alone: of the last ticks, if the resource is unavailable there.
    last = next((at for at, name in enumerate(reversed(classes)) if name != State.UNAVAILABLE), len(classes))
    return Markup("").join(
        _path(
            name,
            _tick(at, name),
            f"{time:%Y-%m-%d %H:%M} UTC: {_outcome(name, reason if at >= len(classes) - last else None)}",
        )
        for at, (name, time) in enumerate(zip(classes, times, strict=True))
    )


def _outcome(name: str, reason: Reason | None) -> str:
    if name == _UNANSWERED:
        return "no answer"
    return f"{name} ({reason.replace('_', ' ')})" if reason and name == State.UNAVAILABLE else name


def _tick(at: int, name: str) -> str:
    return _blocks(TICK * at, TICK - 1, name)


def _blocks(left: float, width: float, name: str) -> str:
    """The path of one bar."""
    if name == _UNANSWERED:
        inner = f"M{left + 1:g} 1v{HEIGHT - 2}h{width - 2:g}v-{HEIGHT - 2}z"  # the other way around: a hole
        return f"M{left:g} 0h{width:g}v{HEIGHT}h-{width:g}z{inner}"
    return "".join(f"M{left:g} {top}h{width:g}v{height}h-{width:g}z" for top, height in _BLOCKS[name])


def _path(name: str, path: str, title: str = "") -> Markup:
    if not title:
        return Markup('<path class="{}" d="{}"/>').format(name, path)
    return Markup('<path class="{}" d="{}"><title>{}</title></path>').format(
        name, path, fit_for_html(shortened(title, 200))
    )


def _classes(checks: Checks) -> list[str]:
    return [state.value if state is not None and state.value in _BLOCKS else _UNANSWERED for state in checks]


def _in_words(checks: Checks) -> str:
    """For instance `29 of 30 checks available, 1 without answer`."""
    classes = _classes(checks)
    parts = [f"{classes.count(State.AVAILABLE)} of {counted(len(classes), 'check')} available"]
    parts += [f"{classes.count(name)} {words}" for name, words in _WORDS.items() if name in classes]
    return ", ".join(parts)


# The states of one resource.


def states_strip(history: ResourceHistory) -> Markup:
    """The states since a resource was first seen, each as wide as it lasted; empty before the first answer."""
    began, now = history.record.first_seen, history.generated_at
    if history.record.last_checked is None or now <= began:
        return Markup()
    states = [(str(period.value), period) for period in history.periods[Attribute.STATE]]
    # A state lasts until the next was found, and not only until it was last seen.
    ends = [*(period.since for _, period in states[1:]), now]
    spans = [(value, period.since, end) for (value, period), end in zip(states, ends, strict=True)]
    drawn = [_span(began, now, *span) for span in spans]
    for period in history.unanswered:
        span = (_UNANSWERED, period.since, period.until or now)
        drawn += [_rectangle(began, now, "gap", *span[1:]), _span(began, now, *span)]
    words = f"From {began:%Y-%m-%d} to {now:%Y-%m-%d}: " + ", then ".join(
        value.partition(" ")[0] for value, _ in states
    )
    return Markup(
        '<svg class="strip" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(words, SPAN, HEIGHT, Markup("").join(drawn))


def _span(began: datetime, now: datetime, value: str, since: datetime, until: datetime) -> Markup:
    name, _, reason = value.partition(" ")
    why = f" ({reason.replace('_', ' ')})" if reason else ""
    what = "no answer" if name == _UNANSWERED else name
    title = f"{what}{why}, {since:%Y-%m-%d %H:%M} UTC to {'now' if until == now else f'{until:%Y-%m-%d %H:%M} UTC'}"
    left, width = _extent(began, now, since, until)
    name = name if name in _BLOCKS else _UNANSWERED
    if name == _UNANSWERED:
        path = "".join(f"M{left:.1f} {top}h{width:.1f}v2h-{width:.1f}z" for top in (0, HEIGHT - 2))
    else:
        path = _blocks(round(left, 1), round(width, 1), name)
    return _path(name, path, title)


def _rectangle(began: datetime, now: datetime, name: str, since: datetime, until: datetime) -> Markup:
    left, width = _extent(began, now, since, until)
    return _path(name, f"M{left:.1f} 0h{width:.1f}v{HEIGHT}h-{width:.1f}z")


def _extent(began: datetime, now: datetime, since: datetime, until: datetime) -> tuple[float, float]:
    left, right = ((moment - began) / (now - began) * SPAN for moment in (since, until))
    return left, max(2, right - left)


# The states of a list by day.


def days_strip(days: Sequence[DayStates]) -> Markup:
    """A bar for each day: what is broken hangs from the top, as high as its share, but never so low as to be missed."""
    if not any(day.total for day in days):
        return Markup()
    last = next(day for day in reversed(days) if day.total)
    words = f"{len(days)} days to {days[-1].day}; now {_day_in_words(last)}"
    bars = Markup("").join(_day(at, day) for at, day in enumerate(days))
    return Markup(
        '<svg class="days" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(words, TICK * len(days) - 1, HEIGHT, bars)


def _day(at: int, day: DayStates) -> Markup:
    left, width = TICK * at, TICK - 1
    if not day.total:
        return _path("none", f"M{left} 8h{width}v2h-{width}z", f"{day.day}: not checked yet")
    parts, top = [], 0
    for name, number in ((State.UNAVAILABLE, day.unavailable), (State.SUSPECT, day.suspect)):
        if number:
            height = min(HEIGHT - top, max(5, round(HEIGHT * number / day.total)))
            stripes = "".join(
                f"M{left} {y}h{width}v{min(3, top + height - y)}h-{width}z" for y in range(top, top + height, 5)
            )
            parts.append(
                _path(
                    name,
                    stripes if name is State.UNAVAILABLE else f"M{left} {top}h{width}v{max(2, height - 2)}h-{width}z",
                )
            )
            top += height
    if top < HEIGHT:
        parts.append(_path(State.AVAILABLE, f"M{left} {top}h{width}v{HEIGHT - top}h-{width}z"))
    return Markup("<g><title>{}</title>{}</g>").format(f"{day.day}: {_day_in_words(day)}", Markup("").join(parts))


def _day_in_words(day: DayStates) -> str:
    broken = [
        f"{number:,} {name}" for name, number in (("unavailable", day.unavailable), ("suspect", day.suspect)) if number
    ]
    return f"{', '.join(broken) or 'all available'} of {day.total:,}" if broken else f"all {day.total:,} available"


def availability_chart(days: Sequence[DayStates]) -> Chart | None:
    """The strip of a list with its numbers; None before its first check."""
    if not any(day.total for day in days):
        return None
    return Chart(
        f"Availability, last {len(days)} days",
        days_strip(days),
        ("Day", "Available", "Suspect", "Unavailable"),
        [
            (f"{day.day}", f"{day.available:,}", f"{day.suspect:,}", f"{day.unavailable:,}")
            for day in _changes([day for day in days if day.total])
        ],
        start=f"{days[0].day}",
        end="today",
        table_note="Days on which nothing changed are left out.",
    )


def broken_chart(days: Sequence[DayStates]) -> Chart | None:
    """How many links are missing or unavailable, by day; None without two days to compare."""
    days = [day for day in days if day.total]
    if len(days) < 2:
        return None
    top = max(1, *(day.unavailable + day.suspect for day in days))
    both = _steps([day.unavailable + day.suspect for day in days], top)
    confirmed = _steps([day.unavailable for day in days], top)
    words = f"{days[-1].unavailable + days[-1].suspect:,} broken on {days[-1].day}; at most {top:,} since {days[0].day}"
    picture = _plot(words, _path("suspect", _area(both)) + _path("unavailable", _area(confirmed)))
    return Chart(
        "Broken links over time",
        picture,
        ("Day", "Unavailable", "Suspect", "Of"),
        [(f"{day.day}", f"{day.unavailable:,}", f"{day.suspect:,}", f"{day.total:,}") for day in _changes(days)],
        top=f"{top:,}",
        bottom="0",
        start=f"{days[0].day}",
        end="today",
        table_note="Days on which nothing changed are left out.",
        legend=(("unavailable", "unavailable"), ("suspect", "suspect")),
    )


def _changes(days: Sequence[DayStates]) -> list[DayStates]:
    """The days whose numbers differ from those of the day before, newest first."""
    changed = [
        day for before, day in zip([None, *days], days, strict=False) if before is None or day[1:4] != before[1:4]
    ]
    return changed[::-1][:MOST_ROWS]


# Quota.


def quota_chart(units_by_day: Sequence[tuple[date, int]], limit: int) -> Chart | None:
    """The units of each day, of all days between the first and the last; None without any."""
    if not units_by_day:
        return None
    units = dict(units_by_day)
    first, last = min(units), max(units)
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    top, width = max(1, *units.values()), SPAN / len(days)
    bars = Markup("").join(
        _path("units", _column(at * width, width * 0.8, units[day] / top), f"{day}: {counted(units[day], 'unit')}")
        for at, day in enumerate(days)
        if units.get(day)
    )
    words = f"At most {counted(top, 'unit')} of {limit:,} on one day, {first} to {last}"
    return Chart(
        "Quota units by day",
        _plot(words, bars),
        ("Day (Pacific)", "Units"),
        [(f"{day}", f"{number:,}") for day, number in sorted(units.items(), reverse=True)][:MOST_ROWS],
        top=f"{top:,}",
        bottom="0",
        start=f"{first}",
        end=f"{last}",
        note=f"Of {limit:,} units a day.",
    )


def _column(left: float, width: float, share: float) -> str:
    height = max(1.0, share * PLOT)
    return f"M{left:.1f} {PLOT - height:.1f}h{width:.1f}v{height:.1f}h-{width:.1f}z"


# Playlists.

_LOSSES = {MemberChangeKind.REMOVED, MemberChangeKind.DELETED, MemberChangeKind.MADE_PRIVATE}


def videos_chart(history: ResourceHistory) -> Chart | None:
    """The number of videos of a playlist over time, with the videos that it lost; None when it never changed."""
    counts = [
        (period.since, int(period.value)) for period in history.periods[Attribute.COUNT] if period.value is not None
    ]
    changes = history.contents.changes if history.contents else ()
    losses = [change for change in changes if change.change in _LOSSES]
    if not counts or (len(counts) < 2 and not losses):
        return None
    began, now = counts[0][0], history.generated_at
    began = min([began, *(loss.at for loss in losses)])
    length = max((now - began).total_seconds(), 1.0)
    low, top = min(number for _, number in counts), max(number for _, number in counts)
    # From 0 only where the changes show there too.
    bottom = 0 if low < top / 2 else max(0, low - max(1, (top - low) // 2))
    height = max(top - bottom, 1)

    def across(time: datetime) -> float:
        return (time - began).total_seconds() / length * SPAN

    heights = [PLOT - (number - bottom) / height * PLOT for _, number in counts]
    line = f"M{across(counts[0][0]):.1f} {heights[0]:.1f}"
    line += "".join(f"H{across(time):.1f}V{up:.1f}" for (time, _), up in zip(counts[1:], heights[1:], strict=True))
    by_time: dict[datetime, list[str]] = {}
    for loss in losses:
        by_time.setdefault(loss.at, []).append(f"{member_title(loss.member)} {describe_member_change(loss)}")
    marks = Markup("").join(
        _path("loss", f"M{across(at):.1f} 0V{PLOT}", f"{at:%Y-%m-%d}: {counted(len(texts), 'video')} lost")
        for at, texts in by_time.items()
    )
    rows = [(at, f"{number:,}", "") for at, number in counts]
    rows += [(at, "", text) for at, texts in by_time.items() for text in texts]
    words = f"{counts[-1][1]:,} videos now, {bottom:,} to {top:,} drawn, {counted(len(losses), 'video')} lost"
    return Chart(
        "Videos over time",
        _plot(words, marks + _path("line", f"{line}H{SPAN}")),
        ("When", "Videos", "Lost"),
        [(f"{at:%Y-%m-%d %H:%M} UTC", number, text) for at, number, text in sorted(rows, reverse=True)][:MOST_ROWS],
        top=f"{top:,}",
        bottom=f"{bottom:,}",
        start=f"{began:%Y-%m-%d}",
        end="now",
        legend=(("line", "videos"), ("loss", "videos lost")),
    )


_MEMBER_CLASSES = {MemberState.AVAILABLE: "available", MemberState.PRIVATE: "private", MemberState.DELETED: "deleted"}
_MEMBER_WORDS = {
    "available": "available",
    "private": "private",
    "deleted": "deleted",
    "removed": "removed by the owner",
}
_WORST_FIRST = ("deleted", "private", "removed", "available")


def members_map(history: ResourceHistory) -> Chart | None:
    """A square for each video of a playlist, in its order, those that left it at their last place; None without any."""
    if history.contents is None:
        return None
    members = sorted(
        [*history.contents.members, *history.contents.former_members],
        key=lambda member: (member.position, member.left_at is None),
    )
    if not members:
        return None
    size = -(-len(members) // MOST_SQUARES)
    groups = [members[at : at + size] for at in range(0, len(members), size)]
    squares = Markup("").join(_square(at, group) for at, group in enumerate(groups))
    classes = [_member_class(member) for member in members]
    numbers = [(name, classes.count(name)) for name in _MEMBER_WORDS if name in classes]
    words = ", ".join(f"{number:,} {_MEMBER_WORDS[name]}" for name, number in numbers)
    rows = -(-len(groups) // COLUMNS)
    width, height = SQUARE * min(COLUMNS, len(groups)), SQUARE * rows
    odd = [
        (f"{member.position + 1:,}", member_title(member), _MEMBER_WORDS[name])
        for member, name in zip(members, classes, strict=True)
        if name != "available"
    ]
    more = f"; the first {MOST_ROWS} that are not available" if len(odd) > MOST_ROWS else ""
    return Chart(
        "Map of the videos",
        Markup(
            '<svg class="map" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">{}</svg>'
        ).format(words, width, height, width, height, squares),
        ("No.", "Video", "State"),
        odd[:MOST_ROWS],
        note=f"{words}{more}."
        + (f" A square stands for {size} videos, in the worst state of them." if size > 1 else ""),
        legend=[(name, _MEMBER_WORDS[name]) for name, _ in numbers],
    )


def _member_class(member: Member) -> str:
    """What became of a video: one that left while it could be watched was removed."""
    name = _MEMBER_CLASSES[member.state]
    return "removed" if member.left_at is not None and name == "available" else name


def _square(at: int, group: Sequence[Member]) -> Markup:
    classes = [_member_class(member) for member in group]
    name = next(name for name in _WORST_FIRST if name in classes)
    x, y = SQUARE * (at % COLUMNS), SQUARE * (at // COLUMNS)
    first, last = group[0], group[-1]
    if len(group) == 1:
        title = f"{first.position + 1}. {member_title(first)}: {_MEMBER_WORDS[name]}"
    else:
        title = f"{first.position + 1} – {last.position + 1}: {_MEMBER_WORDS[name]}"
    side = SQUARE - 2
    shapes = {
        "available": f"M{x} {y}h{side}v{side}h-{side}z",
        "private": f"M{x} {y}h{side}l-{side} {side}z",
        "deleted": "".join(f"M{x} {y + top}h{side}v2h-{side}z" for top in range(0, side, 4)),
        "removed": f"M{x} {y}h{side}v{side}h-{side}zM{x + 2} {y + 2}v{side - 4}h{side - 4}v-{side - 4}z",
    }
    return _path(name, shapes[name], title)


# Parts of charts.


def _plot(words: str, drawing: Markup) -> Markup:
    return Markup(
        '<svg class="plot" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(words, SPAN, PLOT, drawing)


def _steps(numbers: Sequence[int], top: int) -> str:
    """The upper edge of a chart in steps of one width: `V…H…` commands."""
    width, parts, before = SPAN / len(numbers), [], None
    for at, number in enumerate(numbers):
        if number != before:
            parts.append(f"{f'H{at * width:.1f}' if at else ''}V{PLOT - number / top * PLOT:.1f}")
            before = number
    return "".join(parts)


def _area(steps: str) -> str:
    return f"M0 {PLOT}{steps}H{SPAN}V{PLOT}z"
