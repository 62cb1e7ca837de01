"""Pictures that a strict content security policy allows: SVG in the page, coloured by the style sheet's classes."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from markupsafe import Markup

from linkwatch.models.observation import State
from linkwatch.report.charts import TICK, UNANSWERED, in_words, ticks_of
from linkwatch.report.resource.model import Attribute, ResourceHistory

HEIGHT = 18
"""Pixels of a bar."""

_HEIGHTS = {State.AVAILABLE.value: HEIGHT, State.SUSPECT.value: 12, State.UNAVAILABLE.value: 7, UNANSWERED: 2}
"""Of the ticks: states are told apart without their colours too."""

SPAN = 1_000
"""Units of the width of a strip; it is stretched to the width of the page."""


@lru_cache(maxsize=4_096)
def checks_bar(checks: tuple[State | None, ...]) -> Markup:
    """The states after the last checks, a tick each, oldest first; empty when there were none."""
    if not checks:
        return Markup()
    ticks = ticks_of(checks)
    paths = "".join(
        f'<path class="{name}" d="{_path(ticks, name, height)}"/>' for name, height in _HEIGHTS.items() if name in ticks
    )
    words = in_words(ticks)
    return Markup(  # noqa: S704 - words of ours
        f'<svg class="ticks" role="img" aria-label="{words}" width="{TICK * len(ticks)}" height="{HEIGHT}">'
        f"<title>{words}</title>{paths}</svg>"
    )


def _path(ticks: Sequence[str], name: str, height: int) -> str:
    return "".join(
        f"M{TICK * at} {HEIGHT - height}h{TICK - 1}v{height}h-{TICK - 1}z"
        for at, tick in enumerate(ticks)
        if tick == name
    )


def states_strip(life: ResourceHistory) -> Markup:
    """The states of a whole life, as wide as the time that each was so; empty while it is younger than a check."""
    began, now = life.known.first_seen, life.generated_at
    if life.known.last_checked is None or now <= began:
        return Markup()
    states = [(str(period.value).partition(" ")[0], period) for period in life.periods[Attribute.STATE]]
    # A state lasts until the next was found, and not only until it was last seen.
    ends = [*(period.since for _, period in states[1:]), now]
    spans = [(name, period.since, end, 0) for (name, period), end in zip(states, ends, strict=True)]
    spans += [(UNANSWERED, period.since, period.until or now, HEIGHT - 4) for period in life.silences]
    words = f"From {began:%Y-%m-%d} to {now:%Y-%m-%d}: " + ", then ".join(name for name, _ in states)
    return Markup(  # noqa: S704 - words of ours
        f'<svg class="strip" role="img" aria-label="{words}" viewBox="0 0 {SPAN} {HEIGHT}" preserveAspectRatio="none">'
        f"{''.join(_rectangle(began, now, *span) for span in spans)}</svg>"
    )


def _rectangle(began: datetime, now: datetime, name: str, since: datetime, until: datetime, top: int) -> str:
    left, right = ((moment - began) / (now - began) * SPAN for moment in (since, until))
    return f'<rect class="{name}" x="{left:.1f}" y="{top}" width="{max(2, right - left):.1f}" height="{HEIGHT - top}"/>'
