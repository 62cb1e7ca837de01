"""What a check gathers while it runs, and in words why it is incomplete and what else should be known of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.errors import IncompleteError, UnreachableError
from linkwatch.models.observation import Observation
from linkwatch.models.records import QuotaDay
from linkwatch.models.resource import Resource
from linkwatch.planner.calls import CheckPlan
from linkwatch.planner.inspections import InspectionCandidate
from linkwatch.spool import Spool
from linkwatch.text import counted
from linkwatch.verdict.brake import BrakeDecision


class CheckPhase(StrEnum):
    """What a check is doing, for its progress."""

    LINKS = "links"
    """It asks about the resources of the lists."""

    PLAYLISTS = "playlists"
    """It reads the videos of playlists."""

    @property
    def label(self) -> str:
        """In a progress bar."""
        return {CheckPhase.LINKS: "Checking links", CheckPhase.PLAYLISTS: "Inspecting playlists"}[self]


OnProgress = Callable[[CheckPhase, int, int], None]
"""Called with the phase, and how many of how many of its resources are done; the total of a phase only grows."""


def no_progress(_phase: CheckPhase, _done: int, _total: int) -> None:
    """For a check that nobody watches."""


@dataclass(slots=True)
class InspectionOutcome:
    """How the inspections of a check went, apart from what was saved."""

    unanswered: int = 0
    """Playlists that stay due, as something about them got no usable answer."""

    implausibly_empty: int = 0
    """Playlists that have videos by YouTube's count, but none by its listing: the next check inspects them again."""

    unconfirmed: int = 0
    """Playlists that may have videos that their listings lack: the next check inspects them again."""

    contradictory: int = 0
    """Playlists whose listings contradict themselves."""

    failures: list[IncompleteError] = field(default_factory=list)
    """Why there was no answer; a spent quota is none, the playlists wait for the next day."""


@dataclass(slots=True)
class Tally:
    """What a check has gathered so far."""

    resources: int
    """Resources to ask about."""

    progress: OnProgress = no_progress
    phase: CheckPhase = CheckPhase.LINKS
    total: int = 0
    """Of the phase."""

    done: int = 0
    worker_units: int = 0
    """Quota units that workers have booked for the check."""

    available_before: int = 0
    """Resources that were asked about and had been available."""

    missing: Spool[Observation] = field(default_factory=lambda: Spool(Observation))
    """What the first endpoint reports missing, or the Data API refuses to answer about."""

    unanswered: Spool[Resource] = field(default_factory=lambda: Spool(Resource))
    """Not evaluated in this run: no answer, or stopped by the brake."""

    failed: int = 0
    """How many resources got no answer."""

    failures: list[IncompleteError] = field(default_factory=list)
    """Why they got none."""

    brake: BrakeDecision | None = None
    candidates: Spool[InspectionCandidate] = field(default_factory=lambda: Spool(InspectionCandidate))
    """The available playlists that are due for an inspection; empty when playlists are not inspected."""

    postponed_names: int = 0
    """Custom channel names that are due and not tried, as units are reserved for checks."""

    inspections: InspectionOutcome = field(default_factory=InspectionOutcome)
    postponed_inspections: int = 0
    """Playlists for whose inspection the day has no units left."""

    def begin(self, phase: CheckPhase, total: int) -> None:
        """Begin a phase with so many resources or playlists."""
        self.phase, self.done, self.total = phase, 0, total
        self.progress(phase, 0, total)

    def advance(self, count: int) -> None:
        """Report that so many more resources or playlists are done."""
        self.done += count
        self.total = max(self.total, self.done)
        self.progress(self.phase, self.done, self.total)

    def add_failure(self, resources: Sequence[Resource], failure: IncompleteError) -> None:
        """Note that these got no answer, and why."""
        self.unanswered.extend(resources)
        self.failures.append(failure)
        self.failed += len(resources)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check that came to its end."""

    run_id: int
    catalogue: Catalogue
    """The links of the lists, with handles and user names resolved as far as they are known after the check."""


def incomplete_reason(plan: CheckPlan, tally: Tally, day: QuotaDay, *, keyed: bool) -> str | None:
    """Why the check is incomplete, in words; None when it is complete."""
    reasons = []
    if tally.brake is not None and tally.brake.engaged:
        reported = f"reports {tally.brake.missing} of {tally.brake.available} available resources missing"
        who = f"the Data API alone {reported}, and oEmbed does not confirm it" if keyed else f"oEmbed alone {reported}"
        reasons.append(f"stopped by the safety limit: {who}; their states were left unchanged")
    if tally.failures:
        # A spent quota or a refused key explains the rest; a single failed call explains only itself.
        worst = next((f for f in tally.failures if not isinstance(f, UnreachableError)), tally.failures[0])
        why = f"{worst.message}. {worst.remedy}".rstrip(" .")
        reasons.append(f"{tally.failed} of {tally.resources} resources could not be checked: {why}")
    if tally.inspections.failures:
        playlists = counted(tally.inspections.unanswered, "playlist")
        reasons.append(f"{playlists} could not be inspected: {tally.inspections.failures[0].message}")
    if plan.postponed:
        reasons.append(f"{counted(len(plan.postponed), 'resource')} postponed: {day.spent_reason}")
    return "; ".join(reasons) or None


def note(tally: Tally, *, keyed: bool) -> str | None:
    """What else should be known of the check; None mostly."""
    notes = []
    brake = tally.brake
    if brake is not None and brake.released:
        endpoint = "the Data API" if keyed else "oEmbed"
        notes.append(
            f"the safety limit is lifted: {endpoint} alone has reported {brake.missing} of {brake.available} available "
            "resources missing for as long as a confirmation takes; each is evaluated on its own from now on"
        )
    if tally.postponed_names:
        names = counted(tally.postponed_names, "custom channel URL")
        notes.append(f"{names} not tried yet: half of the day's quota units are kept for checks")
    if tally.postponed_inspections:
        playlists = counted(tally.postponed_inspections, "playlist")
        notes.append(f"inspection of {playlists} postponed: half of the day's quota units are kept for checks")
    if tally.inspections.implausibly_empty:
        playlists = counted(tally.inspections.implausibly_empty, "playlist")
        notes.append(f"YouTube counts videos in {playlists} but lists none; the stored videos were kept")
    if tally.inspections.contradictory:
        playlists = counted(tally.inspections.contradictory, "playlist")
        notes.append(
            f"{playlists} could not be inspected, as YouTube's listing contradicts itself; the stored videos were kept"
        )
    if tally.inspections.unconfirmed:
        playlists = counted(tally.inspections.unconfirmed, "playlist")
        notes.append(
            f"videos that may still be available are missing from the listing of {playlists}; "
            "the next check inspects it again"
        )
    return "; ".join(notes) or None
