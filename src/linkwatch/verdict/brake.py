"""The brake: when too much goes missing at once on one witness's word, the witness is doubted, not the links."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.observation import Observation
from linkwatch.verdict.judge import Evidence, weigh
from linkwatch.verdict.policy import Policy


@dataclass(frozen=True, slots=True)
class BrakeDecision:
    """What the brake says of a run."""

    missing: int
    """Resources that were available and are missed by one witness alone."""

    available: int
    """Resources asked in this run that were available before."""

    engaged: bool
    """Nothing that one witness alone missed is judged in this run."""

    released: bool
    """The brake would hold, but it has held for as long as a confirmation takes, and lets go."""


def is_unconfirmed_absence(sighting: Observation) -> bool:
    """Whether one witness alone says that it is missing: the sightings the brake may hold back."""
    return weigh(sighting) in {Evidence.UNCONFIRMED_ABSENT, Evidence.CONFLICTING}


def decide_brake(
    missing: int, available: int, holds: Sequence[datetime], policy: Policy, now: datetime
) -> BrakeDecision:
    """Hold the run, or not.

    Args:
        missing: See `BrakeDecision.missing`.
        available: See `BrakeDecision.available`.
        holds: When the runs over these lists were held, in a row up to the last one, oldest first.
        policy: The limits.
        now: The time of this run.
    """
    if missing <= max(policy.brake_floor, policy.brake_share * available):
        return BrakeDecision(missing, available, engaged=False, released=False)
    released = _spaced([*holds, now], policy) >= policy.confirm_strikes
    return BrakeDecision(missing, available, engaged=not released, released=released)


def _spaced(times: Sequence[datetime], policy: Policy) -> int:
    """How many of these times count when those closer than the spacing are one."""
    count, last = 0, None
    for time in times:
        if last is None or time - last >= policy.confirm_spacing:
            count, last = count + 1, time
    return count
