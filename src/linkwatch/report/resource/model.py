"""The history of one resource: the value that `linkwatch show` renders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.observation import Member, ResourceRecord, State
from linkwatch.models.records import (
    CheckHistory,
    CustomName,
    Flapping,
    LastInspection,
    Span,
    StoredEvent,
    StoredMemberChange,
)
from linkwatch.models.resource import Resource


class Attribute(StrEnum):
    """An attribute whose past values are kept."""

    STATE = "state"
    """The state, followed by the reason when unavailable."""

    TITLE = "title"
    OWNER = "owner"
    """The name of the channel, and its id."""

    COUNT = "item_count"
    RESTRICTIONS = "restrictions"


@dataclass(frozen=True, slots=True)
class Period:
    """A value of an attribute, and for how long it held."""

    value: str | None
    """None: it is no longer kept, as YouTube's terms ask."""

    since: datetime
    until: datetime | None
    """When it was last seen; None: it holds now."""


@dataclass(frozen=True, slots=True)
class PlaylistContents:
    """The members of a playlist, present and former."""

    inspection: LastInspection
    members: Sequence[Member]
    """By the last inspection that could list them, by position."""

    former_members: Sequence[Member]
    """By when they left."""

    changes: Sequence[StoredMemberChange]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class ResourceHistory:
    """Everything that is stored about one resource."""

    generated_at: datetime
    resource: Resource
    record: ResourceRecord
    names: Sequence[str]
    """Handles and user names that were resolved to it."""

    custom_names: Sequence[CustomName]
    """Those of `names` that are custom channel URLs."""

    tried_at: datetime | None
    """When the handle and the user name of a custom channel URL were tried and led to no channel; None: never."""

    checks: Sequence[tuple[datetime, State | None]]
    """The last checks and its state after each, oldest first; None: no answer. Empty when unmonitorable."""

    periods: Mapping[Attribute, Sequence[Period]]
    """Past values and the present one, oldest first; empty for what was never reported."""

    unanswered: Sequence[Period]
    """From an answer to the next one, where the checks between them got none."""

    events: Sequence[StoredEvent]
    """Oldest first."""

    contents: PlaylistContents | None
    """None: not inspected, or no playlist."""

    unreadable_since: datetime | None
    """Of a playlist, since when its listing has contradicted itself; None: the last inspection could read it."""

    flapping: Flapping | None
    """It became missing and available again, over and over; None: it does not, or no longer."""

    links: Sequence[Link]
    """By the last check of each list."""

    acknowledgements: Sequence[Acknowledgement]
    """About it; ended and expired ones too."""

    @property
    def title_was_purged(self) -> bool:
        """It was available once, and its title was purged."""
        return self.record.facts.title is None and self.record.last_available is not None


def build_history(
    *,
    now: datetime,
    resource: Resource,
    record: ResourceRecord,
    names: Iterable[str],
    custom_names: Sequence[CustomName] = (),
    tried_at: datetime | None = None,
    checks: CheckHistory,
    spans: Sequence[Span],
    present_since: Mapping[str, datetime],
    events: Sequence[StoredEvent],
    inspection: LastInspection | None,
    members: Sequence[Member],
    changes: Sequence[StoredMemberChange],
    flapping: Flapping | None = None,
    links: Sequence[Link],
    acks: Iterable[Acknowledgement],
) -> ResourceHistory:
    """Put together what is stored about one resource.

    Args:
        now: The present time, aware UTC.
        resource: What it is about, with handles and user names resolved.
        record: Its present values.
        names: What was resolved to it.
        custom_names: Those of them that are custom channel URLs.
        tried_at: When the handle and the user name of a custom channel URL were tried and led to no channel.
        checks: The last checks of its lists.
        spans: What was true before, oldest first.
        present_since: When a check found the present value, by attribute; without one it held from the beginning.
        events: Its events, oldest first.
        inspection: The last one.
        members: All that are or were in it, those in it first and by position.
        changes: Changes of its videos, oldest first.
        flapping: Of its state, at the last check.
        links: Where it is listed.
        acks: All acknowledgements.
    """
    left = [member for member in members if member.left_at is not None]
    return ResourceHistory(
        generated_at=now,
        resource=resource,
        record=record,
        names=sorted(names),
        custom_names=custom_names,
        tried_at=tried_at,
        checks=[] if resource.unmonitorable else list(zip(checks.times, checks.states.get(resource, ()), strict=False)),
        periods={
            attribute: _periods(attribute, record, spans, present_since.get(attribute)) for attribute in Attribute
        },
        unanswered=[Period(None, span.first_seen, span.last_seen) for span in spans if span.attribute == "unanswered"],
        events=events,
        contents=PlaylistContents(inspection, members[: len(members) - len(left)], left, changes)
        if inspection and inspection.inspected_at
        else None,
        unreadable_since=inspection.unreadable_since if inspection else None,
        flapping=flapping,
        links=links,
        acknowledgements=[ack for ack in acks if ack.id == resource.id],
    )


def _periods(
    attribute: Attribute, record: ResourceRecord, spans: Iterable[Span], since: datetime | None
) -> list[Period]:
    past = [Period(span.value, span.first_seen, span.last_seen) for span in spans if span.attribute == attribute]
    present = _present(record)[attribute]
    return past if present is None else [*past, Period(present, since or record.first_seen, None)]


def _present(record: ResourceRecord) -> Mapping[Attribute, str | None]:
    facts = record.facts
    return {
        Attribute.STATE: " ".join(filter(None, (record.state, record.reason))),
        Attribute.TITLE: facts.title,
        Attribute.OWNER: " ".join(filter(None, (facts.owner_title, facts.owner_id))) or None,
        Attribute.COUNT: None if facts.item_count is None else str(facts.item_count),
        Attribute.RESTRICTIONS: None if facts.restrictions is None else " ".join(facts.restrictions),
    }
