"""How a check goes: what it has gathered so far, and in words why it is incomplete and what else should be known."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from linkwatch.errors import IncompleteError, UnreachableError
from linkwatch.models.observation import Observation
from linkwatch.models.resource import Resource
from linkwatch.planner.calls import CheckPlan
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.services.inspect import InspectionOutcome
from linkwatch.spool import Spool
from linkwatch.store.quota import QuotaDay
from linkwatch.text import counted
from linkwatch.verdict.brake import BrakeDecision


@dataclass(slots=True)
class Tally:
    """What a running check has gathered so far."""

    total: int
    done: int = 0
    units: int = 0
    """Quota units that others have booked for it."""

    available_before: int = 0
    unanswered: Spool[Resource] = field(default_factory=lambda: Spool(Resource))
    """Not judged in this run: no answer, or held by the brake."""

    failed: int = 0
    """Resources without an answer."""

    failures: list[IncompleteError] = field(default_factory=list)
    missing: Spool[Observation] = field(default_factory=lambda: Spool(Observation))
    brake: BrakeDecision | None = None
    candidates: Spool[InspectionCandidate] = field(default_factory=lambda: Spool(InspectionCandidate))
    """The living playlists that are due for a look; empty when nobody looks inside."""

    looks: InspectionOutcome = field(default_factory=InspectionOutcome)
    waiting: int = 0
    """Playlists that are due for a look, but for the day's units."""

    def unanswered_for(self, resources: Sequence[Resource], failure: IncompleteError) -> None:
        """Note that these got no answer, and why."""
        self.unanswered.extend(resources)
        self.failures.append(failure)
        self.failed += len(resources)


def incomplete_reason(plan: CheckPlan, tally: Tally, day: QuotaDay) -> str | None:
    """Why the check is incomplete, in words; None when it is whole."""
    reasons = []
    if tally.brake is not None and tally.brake.engaged:
        reasons.append(
            f"held by the brake: {tally.brake.missing} of {tally.brake.available} living resources went missing at "
            "once, on the word of one witness alone; nothing was changed about them"
        )
    if tally.failures:
        # A spent quota or a refused key explains the rest; a single failed call explains only itself.
        worst = next((f for f in tally.failures if not isinstance(f, UnreachableError)), tally.failures[0])
        reasons.append(
            f"{tally.failed} of {tally.total} resources could not be asked: {worst.message}. {worst.remedy}".rstrip(
                " ."
            )
        )
    if tally.looks.failures:
        reasons.append(
            f"not looked into: {counted(len(tally.looks.unanswered), 'playlist')}: {tally.looks.failures[0].message}"
        )
    if plan.postponed:
        reasons.append(f"{len(plan.postponed)} resources are left for another day: {day.why_spent}")
    return "; ".join(reasons) or None


def note(tally: Tally) -> str | None:
    """What else a person should know of the check; None mostly."""
    notes = []
    brake = tally.brake
    if brake is not None and brake.released:
        notes.append(
            f"the brake let go: {brake.missing} of {brake.available} living resources have been missing on the word of "
            "one witness for as long as a confirmation takes; they are judged one by one from now on"
        )
    if tally.waiting:
        notes.append(
            f"left for another day's look inside: {counted(tally.waiting, 'playlist')}; half of a day is for checks"
        )
    if tally.looks.doubtful:
        notes.append(
            f"by YouTube's count there are videos in {counted(tally.looks.doubtful, 'playlist')}, none by its listing"
        )
    if tally.looks.unconfirmed:
        notes.append(
            "videos that may well live are missing from the listing of "
            f"{counted(len(tally.looks.unconfirmed), 'playlist')}; "
            "it is believed when the next check sees it too"
        )
    return "; ".join(notes) or None
