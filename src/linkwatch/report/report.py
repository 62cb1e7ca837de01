"""The one value that every format renders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.observation import Known, State
from linkwatch.settings import Level, Rule
from linkwatch.sources.listed import ListedLink
from linkwatch.store.remembered import Run


@dataclass(frozen=True, slots=True)
class QuotaSummary:
    """How the day's account stands; only after a check with a key."""

    left: int
    """Units that may still be spent today."""

    limit: int
    turns_at: datetime


class ReportedResource(msgspec.Struct, frozen=True, gc=False):
    """One resource, what is known of it, and where it is listed."""

    resource: Resource
    known: Known | None
    """None when no check has met it yet."""

    links: tuple[ListedLink, ...]

    @property
    def name(self) -> str:
        """How a person calls it: its kind, and its title, label or id."""
        title = self.known.facts.title if self.known is not None else None
        label = next((link.label for link in self.links if link.label), None)
        return (
            f"{self.resource.kind} “{title or label}”" if title or label else f"{self.resource.kind} {self.resource.id}"
        )

    @property
    def state(self) -> State:
        """Its state; what no check has met is unknown, or unmonitorable by its very address."""
        if self.known is not None:
            return self.known.state
        return State.UNMONITORABLE if self.resource.unmonitorable else State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at."""

    rule: Rule
    level: Level
    kind: Kind | None
    """None, with the id, for a malformed link: it names nothing."""

    id: str | None
    links: tuple[ListedLink, ...]
    """The entries that are meant, first the one to look at."""

    message: str
    """One sentence a person understands, without the place."""

    since: datetime | None
    """Since when it is so; None when no check has met the entry yet."""

    new: bool
    """It began with the last run, or no run has met it yet."""

    evidence: Mapping[str, object] = field(default_factory=dict)
    """What it rests on, for machines."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """Something that was missing and is back."""

    item: ReportedResource
    since: datetime
    new: bool
    """It came back in the last run."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Every number of the report."""

    links: int
    resources: int
    states: Mapping[State, int]
    levels: Mapping[Level, int]


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of the lists at one moment."""

    generated_at: datetime
    run: Run | None
    """None before the first check."""

    counts: Counts
    resources: Sequence[ReportedResource]
    """By file, line, id."""

    findings: Sequence[Finding]
    """By level, file, line, id."""

    quota: QuotaSummary | None = None
    recoveries: Sequence[Recovery] = ()
    """What came back lately, by file, line, id."""

    untold_channels: int = 0
    """Channels that could not be asked about for want of a key."""

    new_only: bool = False
    """What began before the last run is left out of the findings and recoveries: none left doesn't mean all is well."""
