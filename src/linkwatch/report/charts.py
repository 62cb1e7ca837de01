"""The states after the last checks as a bar that CSS draws, a tick for each check, and the same in words.

Among many resources there are few different histories. So each history gets a class of its own, and a bar is one
element, however many checks there were: a page with 5,000 of them still opens at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from linkwatch.models.observation import State
from linkwatch.text import counted

TICK = 5
"""Pixels for each check."""

UNANSWERED = "unanswered"
"""What is none of the states that a bar tells apart."""

_DRAWN = {State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE}
_WORDS = {
    State.SUSPECT.value: "suspect",
    State.UNAVAILABLE.value: "unavailable",
    UNANSWERED: "without answer",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One history."""

    name: str
    """Of its CSS class."""

    words: str
    """`29 of 30 checks available, 1 without answer`."""

    layers: tuple[tuple[str, str], ...]
    """Each state and the stops of the gradient that colours its ticks alone, by `--of-available` and the like."""


Bars = Mapping[tuple[State | None, ...], Bar]


def bars_of(histories: Iterable[tuple[State | None, ...]]) -> Bars:
    """The bar of every different history, oldest check first; what has no history has no bar."""
    different = dict.fromkeys(checks for checks in histories if checks)
    return {checks: _bar(f"h{number}", checks) for number, checks in enumerate(different)}


def ticks_of(checks: Iterable[State | None]) -> list[str]:
    """What is drawn for each check: the name of its state, or `UNANSWERED`."""
    return [state.value if state in _DRAWN else UNANSWERED for state in checks]


def _bar(name: str, checks: Sequence[State | None]) -> Bar:
    drawn = ticks_of(checks)
    return Bar(name, in_words(drawn), tuple(_layers(drawn).items()))


def in_words(drawn: Sequence[str]) -> str:
    """The ticks of a bar in words."""
    told = [f"{drawn.count(State.AVAILABLE)} of {counted(len(drawn), 'check')} available"]
    told += [f"{drawn.count(state)} {words}" for state, words in _WORDS.items() if state in drawn]
    return ", ".join(told)


def _layers(drawn: Sequence[str]) -> Mapping[str, str]:
    stops: dict[str, list[str]] = {}
    at = 0
    for state, run in groupby(drawn):
        end = at + TICK * len(list(run))
        stops.setdefault(state, []).append(f"#0000 0 {at}px,var(--of-{state}) 0 {end}px")
        at = end
    return {state: ",".join([*theirs, "#0000 0"]) for state, theirs in stops.items()}
