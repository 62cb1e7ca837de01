"""The charts of the HTML pages, as SVG in the page: no script, no inline style; page.css colours their classes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from linkwatch.models.observation import State
from linkwatch.report.resource.model import Attribute, ResourceHistory
from linkwatch.text import counted

Checks = tuple[State | None, ...]
"""The states after the last checks, oldest first; None: no answer."""

HEIGHT = 18
"""Pixels of a chart."""

TICK = 5
"""Pixels of a check in a bar, with the gap before the next one."""

SPAN = 1_000
"""Units of the width of a strip, which is stretched to the width of the page."""

_UNANSWERED = "unanswered"
"""The class of whatever is none of the three states that a bar distinguishes."""

_TICK_HEIGHTS = {State.AVAILABLE.value: HEIGHT, State.SUSPECT.value: 12, State.UNAVAILABLE.value: 7, _UNANSWERED: 2}
"""Pixels, by class: the states are distinguished without their colours too."""

_WORDS = {
    State.SUSPECT.value: "suspect",
    State.UNAVAILABLE.value: "unavailable",
    _UNANSWERED: "without answer",
}


@lru_cache(maxsize=4_096)
def checks_bar(checks: Checks) -> Markup:
    """A bar with a tick for each check; empty without checks."""
    return _bar(checks, _ticks(checks)) if checks else Markup()


def shared_bars(histories: Iterable[Checks]) -> tuple[Markup, Mapping[Checks, Markup]]:
    """The bars of a page with very many of them.

    Among many resources there are few different histories. Each is drawn once, and every bar refers to a drawing: a
    page with 5,000 of them still opens at once.

    Args:
        histories: Of all resources; those without checks have no bar.

    Returns:
        The drawings, which the page must hold, and the bar of each different history.
    """
    different = list(dict.fromkeys(checks for checks in histories if checks))
    symbols = Markup("").join(
        Markup('<symbol id="h{}">{}</symbol>').format(number, _ticks(checks)) for number, checks in enumerate(different)
    )
    drawings = Markup('<svg class="drawings" width="0" height="0" aria-hidden="true">{}</svg>').format(symbols)
    bars = {
        checks: _bar(checks, Markup('<use href="#h{}"/>').format(number)) for number, checks in enumerate(different)
    }
    return drawings if different else Markup(), bars


def _bar(checks: Checks, drawing: Markup) -> Markup:
    return Markup(
        '<svg class="ticks" role="img" aria-label="{words}" width="{width}" height="{height}">'
        "<title>{words}</title>{drawing}</svg>"
    ).format(words=_in_words(checks), width=TICK * len(checks), height=HEIGHT, drawing=drawing)


def _ticks(checks: Checks) -> Markup:
    classes = _classes(checks)
    return Markup("").join(
        Markup('<path class="{}" d="{}"/>').format(name, _path(classes, name, height))
        for name, height in _TICK_HEIGHTS.items()
        if name in classes
    )


def _path(classes: Sequence[str], name: str, height: int) -> str:
    return "".join(
        f"M{TICK * at} {HEIGHT - height}h{TICK - 1}v{height}h-{TICK - 1}z"
        for at, class_ in enumerate(classes)
        if class_ == name
    )


def _classes(checks: Checks) -> list[str]:
    return [state.value if state is not None and state.value in _TICK_HEIGHTS else _UNANSWERED for state in checks]


def _in_words(checks: Checks) -> str:
    """For instance `29 of 30 checks available, 1 without answer`."""
    classes = _classes(checks)
    parts = [f"{classes.count(State.AVAILABLE)} of {counted(len(classes), 'check')} available"]
    parts += [f"{classes.count(name)} {words}" for name, words in _WORDS.items() if name in classes]
    return ", ".join(parts)


def states_strip(history: ResourceHistory) -> Markup:
    """The states since a resource was first seen, each as wide as it lasted; empty before the first answer."""
    began, now = history.record.first_seen, history.generated_at
    if history.record.last_checked is None or now <= began:
        return Markup()
    states = [(str(period.value).partition(" ")[0], period) for period in history.periods[Attribute.STATE]]
    # A state lasts until the next was found, and not only until it was last seen.
    ends = [*(period.since for _, period in states[1:]), now]
    spans = [(name, period.since, end, 0) for (name, period), end in zip(states, ends, strict=True)]
    spans += [(_UNANSWERED, period.since, period.until or now, HEIGHT - 4) for period in history.unanswered]
    words = f"From {began:%Y-%m-%d} to {now:%Y-%m-%d}: " + ", then ".join(name for name, _ in states)
    return Markup(
        '<svg class="strip" role="img" aria-label="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>'
    ).format(words, SPAN, HEIGHT, Markup("").join(_rectangle(began, now, *span) for span in spans))


def _rectangle(began: datetime, now: datetime, name: str, since: datetime, until: datetime, top: int) -> Markup:
    left, right = ((moment - began) / (now - began) * SPAN for moment in (since, until))
    return Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="{}"/>').format(
        name, left, top, max(2, right - left), HEIGHT - top
    )
