"""The one value that every format renders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType

import msgspec

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import Run, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level, Rule, Subject


class Extra(StrEnum):
    """What only some formats show, and so is only looked up for them."""

    CHECKS = "checks"
    """The state of each resource after each of the last checks."""

    EVENTS = "events"
    """What happened lately, one by one."""


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
    record: ResourceRecord | None
    """None when no check has met it yet."""

    links: tuple[Link, ...]
    checks: tuple[State | None, ...] = ()
    """Its state after each check of `Report.check_times`, oldest first; None: no answer, or not met yet."""

    @property
    def name(self) -> str:
        """How a person calls it: its kind, and its title, label or id."""
        title = self.record.facts.title if self.record is not None else None
        label = next((link.label for link in self.links if link.label), None)
        return (
            f"{self.resource.kind} “{title or label}”" if title or label else f"{self.resource.kind} {self.resource.id}"
        )

    @property
    def state(self) -> State:
        """Its state; what no check has met is unknown, or unmonitorable by its very address."""
        if self.record is not None:
            return self.record.state
        return State.UNMONITORABLE if self.resource.unmonitorable else State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may help to mend a broken entry."""

    text: str
    """What is behind the address, such as `an archived copy`."""

    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at."""

    rule: Rule
    level: Level
    kind: Kind | None
    """None, with the id, for a malformed link: it names nothing."""

    id: str | None
    links: tuple[Link, ...]
    """The entries that are meant, first the one to look at."""

    message: str
    """One sentence a person understands, without the place."""

    since: datetime | None
    """Since when it is so; None when no check has met the entry yet."""

    new: bool
    """It began with the last run, or no run has met it yet."""

    evidence: Mapping[str, object] = field(default_factory=dict)
    """What it rests on, for machines."""

    suggestions: tuple[Suggestion, ...] = ()
    acknowledged: Acknowledgement | None = None
    """By whom it is known and accepted: it is shown, and neither counted nor failing."""

    @property
    def fingerprint(self) -> str:
        """32 hexadecimal digits: see `finding_fingerprint`."""
        first = self.links[0] if self.links else None
        link = (first.file, first.url, first.label) if first else ()
        return finding_fingerprint(self.rule, self.kind, self.id, link=link, evidence=self.evidence, digits=32)


def finding_fingerprint(
    rule: Rule,
    kind: str | None,
    id_: str | None,
    *,
    link: Sequence[str | None] = (),
    evidence: Mapping[str, object] = MappingProxyType({}),
    digits: int,
) -> str:
    """Hexadecimal digits that stay the same for as long as it is the same finding, wherever its lines move.

    Args:
        rule: Its rule.
        kind: The kind of the resource.
        id_: Its id.
        link: File, URL and label of the link to look at first; they count for rules that look at each link by itself.
        evidence: What tells two findings about one resource apart, by the rule's `identity`, is taken from it.
        digits: An even number, up to 128.
    """
    identity = [rule.name, kind or "", id_ or ""]
    if rule.subject is Subject.LINK:
        identity += [part or "" for part in link]
    identity += [str(evidence[key]) for key in rule.identity if key in evidence]
    return blake2b("\n".join(identity).encode("utf-8", "backslashreplace"), digest_size=digits // 2).hexdigest()


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
    """Of the findings that nobody has acknowledged."""

    acknowledged: int = 0
    """Findings that are known and accepted."""

    ignored: int = 0
    """Entries that the settings or an inline comment take out; they are none of the links."""


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """Something that happened to what is reported."""

    item: ReportedResource
    stored: StoredEvent


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

    first_check: bool = False
    """These lists were never checked before: what changed can't be told, and what was missing is dead at once."""

    lists_only: bool = False
    """It tells what the lists alone tell: nothing is known of their resources, and nothing is said of that."""

    check_times: Sequence[datetime] = ()
    """When the last checks of these lists began, oldest first; empty unless it was asked for."""

    events: Sequence[ReportedEvent] = ()
    """What happened lately, newest first; empty unless it was asked for."""
