"""The brake: when one endpoint alone reports too much missing at once, the endpoint is doubted, not the resources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linkwatch.models.observation import Observation
from linkwatch.verdict.judge import Evidence, weigh
from linkwatch.verdict.policy import Policy


@dataclass(frozen=True, slots=True)
class BrakeDecision:
    """Whether the brake stops a run."""

    missing: int
    """Resources that were available and that one endpoint alone reports missing."""

    incidents: int
    """As many when those of a channel that is missing itself count as one."""

    available: int
    """Resources that were asked about in this run and had been available."""

    engaged: bool
    """What one endpoint alone reports missing is not evaluated in this run."""

    released: bool
    """Too much is missing, but the brake has been engaged for as long as a confirmation takes: it lets go."""


def is_unconfirmed_absence(observation: Observation) -> bool:
    """Whether one endpoint alone reports the resource missing: the brake counts such observations, and stops them."""
    return weigh(observation) in {Evidence.UNCONFIRMED_ABSENT, Evidence.CONFLICTING}


def decide_brake(
    missing: int, incidents: int, available: int, holds: Sequence[datetime], policy: Policy, now: datetime
) -> BrakeDecision:
    """Decide whether the brake stops a run.

    Args:
        missing: See `BrakeDecision.missing`.
        incidents: See `BrakeDecision.incidents`.
        available: See `BrakeDecision.available`.
        holds: When the last runs over these lists began that the brake stopped, without a gap, oldest first.
        policy: The limits.
        now: The time of this run.
    """
    if incidents <= max(policy.brake_floor, policy.brake_share * available):
        return BrakeDecision(missing, incidents, available, engaged=False, released=False)
    past = (time for time in holds if time <= now)  # a time ahead of now was stored while the clock was wrong
    released = _spaced([*past, now], policy) >= policy.confirm_strikes
    return BrakeDecision(missing, incidents, available, engaged=not released, released=released)


def _spaced(times: Sequence[datetime], policy: Policy) -> int:
    """How many of these times count when those closer together than the spacing count as one."""
    count, last = 0, None
    for time in times:
        if last is None or time - last >= policy.confirm_spacing:
            count, last = count + 1, time
    return count
