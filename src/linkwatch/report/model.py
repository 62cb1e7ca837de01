"""The report: the value that every format renders."""

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
from linkwatch.models.records import CustomName, Flapping, Run, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.rules import Level, Rule, Subject


class Extra(StrEnum):
    """What only some formats show; it is loaded for these alone."""

    CHECKS = "checks"
    """The state of each resource after each of the last checks."""

    EVENTS = "events"
    """The last events."""


@dataclass(frozen=True, slots=True)
class QuotaSummary:
    """The day's quota account; only after a check with a key."""

    left: int
    """Units that may still be spent today."""

    limit: int
    turns_at: datetime


class ReportedResource(msgspec.Struct, frozen=True, gc=False):
    """One resource, its record, and where it is listed."""

    resource: Resource
    record: ResourceRecord | None
    """None when no check has met it yet."""

    links: tuple[Link, ...]
    custom_names: tuple[CustomName, ...] = ()
    """The custom channel URLs among the links."""

    checks: tuple[State | None, ...] = ()
    """Its state after each check of `Report.check_times`, oldest first; None: no answer, or not met yet."""

    @property
    def title(self) -> str | None:
        """Its title, or a label; None when it has neither."""
        title = self.record.facts.title if self.record is not None else None
        return title or next((link.label for link in self.links if link.label), None)

    @property
    def name(self) -> str:
        """Its kind, and its title, label or id."""
        title = self.title
        return f"{self.resource.kind} “{title}”" if title else f"{self.resource.kind} {self.resource.id}"

    @property
    def state(self) -> State:
        """Its state; unknown, or unmonitorable by its id, when no check has met it."""
        if self.record is not None:
            return self.record.state
        return State.UNMONITORABLE if self.resource.unmonitorable else State.UNKNOWN


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may help to replace a broken link."""

    text: str
    """What is behind the address, such as `an archived copy`."""

    url: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that fires for a resource or a link."""

    rule: Rule
    level: Level
    kind: Kind | None
    """None, with the id, for a malformed link: it has none."""

    id: str | None
    links: tuple[Link, ...]
    """The links it is about, the most relevant one first."""

    message: str
    """One sentence for people, without the place."""

    since: datetime | None
    """When it began; None when no check has met the link yet."""

    appeared_at: datetime | None
    """When it began to concern these lists: `since`, or when the resource was put into one of them, if that was later.
    None when no check has met the link yet."""

    new: bool
    """It appeared with the last run, or no run has met it yet."""

    evidence: Mapping[str, object] = field(default_factory=dict)
    """Details, for machines."""

    suggestions: tuple[Suggestion, ...] = ()
    acknowledged: Acknowledgement | None = None
    """It is shown, but neither counted nor a failure."""

    title: str | None = None
    """Of the resource, or its label; None when it has neither."""

    resources: tuple[Resource, ...] = ()
    """Of a terminated channel, which may not be listed itself: the listed resources that went with it."""

    @property
    def subjects(self) -> tuple[tuple[Kind | None, str | None], ...]:
        """Kind and id of each resource that it is about."""
        return ((self.kind, self.id), *((each.kind, each.id) for each in self.resources))

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
        link: File, URL and label of the first link; they count for rules that examine each link by itself.
        evidence: What distinguishes two findings about one resource, by the rule's `identity`, is taken from it.
        digits: An even number, up to 128.
    """
    identity = [rule.name, kind or "", id_ or ""]
    if rule.subject is Subject.LINK:
        identity += [part or "" for part in link]
    identity += [str(evidence[key]) for key in rule.identity if key in evidence]
    return blake2b("\n".join(identity).encode("utf-8", "backslashreplace"), digest_size=digits // 2).hexdigest()


@dataclass(frozen=True, slots=True)
class Recovery:
    """A resource that was missing and is available again."""

    item: ReportedResource
    since: datetime
    appeared_at: datetime
    """When it became news: `since`; of a resource that flaps, when that began; of one that did, when it was quiet."""

    new: bool
    """It became news with the last run."""

    flapping: Flapping | None = None
    """It flaps, and may be missing again at the next check."""


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of the report."""

    links: int
    resources: int
    states: Mapping[State, int]
    levels: Mapping[Level, int]
    """Of the findings that are not acknowledged."""

    acknowledged: int = 0
    """Acknowledged findings."""

    flapping: int = 0
    """Resources that change between available and missing over and over."""

    ignored: int = 0
    """Links that the settings or a comment ignore for all rules; not counted as links."""


@dataclass(frozen=True, slots=True)
class ReportedEvent:
    """An event of a reported resource."""

    item: ReportedResource
    stored: StoredEvent


@dataclass(frozen=True, slots=True)
class Report:
    """The state of some lists at one moment."""

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
    """Recent recoveries, by file, line, id."""

    custom_names: Sequence[tuple[CustomName, str | None]] = ()
    """The custom channel URLs in the lists that are watched as channels, and the titles of these."""

    unchecked_channels: int = 0
    """Channels that a check without a key can't ask about."""

    new_only: bool = False
    """Findings and recoveries from before the last run are left out: their absence doesn't mean that all is well."""

    last_answer: datetime | None = None
    """When one of the resources last got an answer; None: never."""

    first_check: bool = False
    """These lists were never checked before: changes are unknown, and what is missing is dead at once."""

    changed_since: str | None = None
    """Only what is on lines that are new since this git revision is reported, and the counts are of that; None: all."""

    lists_only: bool = False
    """Made from the lists alone, without the states of their resources."""

    check_times: Sequence[datetime] = ()
    """When the last checks of these lists began, oldest first; empty unless requested by `Extra.CHECKS`."""

    events: Sequence[ReportedEvent] = ()
    """The last events, newest first; empty unless requested by `Extra.EVENTS`."""
