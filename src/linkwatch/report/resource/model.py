"""One resource's life, from when it was first met until now: the value that `linkwatch show` renders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.observation import Member, ResourceRecord, State
from linkwatch.models.records import CheckHistory, LastInspection, Span, StoredEvent, StoredMemberChange
from linkwatch.models.resource import Resource


class Attribute(StrEnum):
    """What is kept of a resource over time."""

    STATE = "state"
    """A state, and the reason after it for what is unavailable."""

    TITLE = "title"
    OWNER = "owner"
    """The name of the channel, and its id."""

    COUNT = "item_count"
    RESTRICTIONS = "restrictions"


@dataclass(frozen=True, slots=True)
class Period:
    """How long something was so."""

    value: str | None
    """None: it is no longer kept, as YouTube's terms ask."""

    since: datetime
    until: datetime | None
    """When it was last seen to be so; None: it is so now."""


@dataclass(frozen=True, slots=True)
class PlaylistContents:
    """Who is in a playlist, and who came and went."""

    look: LastInspection
    members: Sequence[Member]
    """Those in it by the last look that saw inside, by position."""

    left: Sequence[Member]
    """Those that were in it, by when they left."""

    changes: Sequence[StoredMemberChange]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class ResourceHistory:
    """Everything that is known of one resource."""

    generated_at: datetime
    resource: Resource
    known: ResourceRecord
    names: Sequence[str]
    """Handles and user names that were resolved to it."""

    checks: Sequence[tuple[datetime, State | None]]
    """The last checks and its state after each, oldest first; None: no answer. Empty for what nobody can ask about."""

    periods: Mapping[Attribute, Sequence[Period]]
    """What was and is true of it, oldest first; empty for what was never told."""

    silences: Sequence[Period]
    """From the last answer to the next one, where checks between them got none."""

    events: Sequence[StoredEvent]
    """Oldest first."""

    inside: PlaylistContents | None
    """None: nobody has looked inside, or there is no inside."""

    links: Sequence[Link]
    """By the last check of each list."""

    acks: Sequence[Acknowledgement]
    """Those about it, ended and expired ones too."""

    @property
    def has_lost_its_title(self) -> bool:
        """It was seen alive, and its title is no longer kept."""
        return self.known.facts.title is None and self.known.last_available is not None


def build_history(
    *,
    now: datetime,
    resource: Resource,
    known: ResourceRecord,
    names: Iterable[str],
    checks: CheckHistory,
    spans: Sequence[Span],
    present_since: Mapping[str, datetime],
    events: Sequence[StoredEvent],
    look: LastInspection | None,
    members: Sequence[Member],
    changes: Sequence[StoredMemberChange],
    links: Sequence[Link],
    acks: Iterable[Acknowledgement],
) -> ResourceHistory:
    """Put together what is remembered of one resource.

    Args:
        now: The present time, aware UTC.
        resource: What it is about, with handles and user names resolved.
        known: What is true of it.
        names: What was resolved to it.
        checks: The last checks of its lists.
        spans: What was true before, oldest first.
        present_since: When a check found what is true now, by attribute; without one it was so from the beginning.
        events: What happened, oldest first.
        look: The last look inside.
        members: All that are or were in it, those in it first and by position.
        changes: What happened inside, oldest first.
        links: Where it is listed.
        acks: All acknowledgements.
    """
    left = [member for member in members if member.left_at is not None]
    return ResourceHistory(
        generated_at=now,
        resource=resource,
        known=known,
        names=sorted(names),
        checks=[] if resource.unmonitorable else list(zip(checks.times, checks.states.get(resource, ()), strict=False)),
        periods={trait: _periods(trait, known, spans, present_since.get(trait)) for trait in Attribute},
        silences=[Period(None, span.first_seen, span.last_seen) for span in spans if span.attribute == "unanswered"],
        events=events,
        inside=PlaylistContents(look, members[: len(members) - len(left)], left, changes)
        if look and look.inspected_at
        else None,
        links=links,
        acks=[ack for ack in acks if ack.id == resource.id],
    )


def _periods(trait: Attribute, known: ResourceRecord, spans: Iterable[Span], since: datetime | None) -> list[Period]:
    past = [Period(span.value, span.first_seen, span.last_seen) for span in spans if span.attribute == trait]
    present = _present(known)[trait]
    return past if present is None else [*past, Period(present, since or known.first_seen, None)]


def _present(known: ResourceRecord) -> Mapping[Attribute, str | None]:
    facts = known.facts
    return {
        Attribute.STATE: " ".join(filter(None, (known.state, known.reason))),
        Attribute.TITLE: facts.title,
        Attribute.OWNER: " ".join(filter(None, (facts.owner_title, facts.owner_id))) or None,
        Attribute.COUNT: None if facts.item_count is None else str(facts.item_count),
        Attribute.RESTRICTIONS: None if facts.restrictions is None else " ".join(facts.restrictions),
    }
