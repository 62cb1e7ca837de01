"""A life as JSON, `linkwatch.life/1`: types of its own, so that nothing else changes it by accident.

A `value`, `before` or `after` that is null is no longer kept, as YouTube's terms ask; an `until` that is null is now.
Numbers of videos in a playlist begin with 1.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import msgspec

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.observation import Member, ResourceRecord
from linkwatch.models.records import StoredEvent, StoredMemberChange
from linkwatch.models.times import whole_seconds
from linkwatch.report.formats.json_encoding import text_of
from linkwatch.report.resource.model import Attribute, Period, PlaylistContents, ResourceHistory

SCHEMA = "linkwatch.life/1"


class JsonOwner(msgspec.Struct):
    """A channel."""

    id: str | None
    title: str | None


class JsonResource(msgspec.Struct):
    """What it is now, and what the witnesses said last."""

    kind: str
    id: str
    url: str
    names: list[str]
    state: str
    state_since: datetime
    reason: str | None
    title: str | None
    owner: JsonOwner | None
    item_count: int | None
    restrictions: list[str] | None
    first_seen: datetime
    last_checked: datetime | None
    last_available: datetime | None
    data_api: str | None
    oembed: str | None
    strikes: int
    last_strike: datetime | None


class JsonCheck(msgspec.Struct):
    """The state after a check; null: no answer."""

    at: datetime
    state: str | None


class JsonPeriod(msgspec.Struct):
    """How long something was so."""

    value: str | None
    since: datetime
    until: datetime | None


class JsonHistory(msgspec.Struct):
    """What was and is so, oldest first; a reason stands after its state."""

    state: list[JsonPeriod]
    title: list[JsonPeriod]
    owner: list[JsonPeriod]
    item_count: list[JsonPeriod]
    restrictions: list[JsonPeriod]
    unanswered: list[JsonPeriod]


class JsonEvent(msgspec.Struct):
    """Something that happened to it."""

    at: datetime
    kind: str
    before: str | None
    after: str | None


class JsonMember(msgspec.Struct):
    """A video that is or was in it."""

    number: int
    video_id: str
    title: str | None
    owner: JsonOwner | None
    state: str
    state_since: datetime
    restrictions: list[str] | None
    added_at: datetime | None
    first_seen: datetime
    left_at: datetime | None


class JsonVideo(msgspec.Struct):
    """A video by its id, and its title where one is known."""

    video_id: str
    title: str | None


class JsonMemberChange(msgspec.Struct):
    """Something that happened inside."""

    at: datetime
    change: str
    number: int
    video: JsonVideo
    replaced_by: JsonVideo | None


class JsonInside(msgspec.Struct):
    """Who is in it, and who came and went."""

    looked_at: datetime | None
    closed: bool
    members: list[JsonMember]
    left: list[JsonMember]
    changes: list[JsonMemberChange]


class JsonLink(msgspec.Struct):
    """An entry of a list."""

    file: str
    line: int
    column: int
    url: str
    label: str | None
    section: str | None
    owner: str | None


class JsonAcknowledgement(msgspec.Struct):
    """That something found about it is accepted; a rule that is null: whatever is found."""

    rule: str | None
    reason: str | None
    accepted_at: datetime
    until: date | None
    ended_at: datetime | None
    active: bool


class JsonLife(msgspec.Struct):
    """The whole life."""

    schema: str
    generated_at: datetime
    resource: JsonResource
    checks: list[JsonCheck]
    history: JsonHistory
    events: list[JsonEvent]
    inside: JsonInside | None
    links: list[JsonLink]
    acknowledgements: list[JsonAcknowledgement]


def render(life: ResourceHistory) -> str:
    """Render the life as JSON, with a line end."""
    return text_of(
        JsonLife(
            schema=SCHEMA,
            generated_at=whole_seconds(life.generated_at),
            resource=_resource(life, life.known),
            checks=[JsonCheck(whole_seconds(at), state) for at, state in life.checks],
            history=_history(life),
            events=[_event(stored) for stored in life.events],
            inside=None if life.inside is None else _inside(life.inside),
            links=[_link(link) for link in life.links],
            acknowledgements=[_acknowledgement(ack, life.generated_at) for ack in life.acks],
        )
    )


def _resource(life: ResourceHistory, known: ResourceRecord) -> JsonResource:
    facts = known.facts
    return JsonResource(
        kind=life.resource.kind,
        id=life.resource.id,
        url=life.resource.url,
        names=list(life.names),
        state=known.state,
        state_since=whole_seconds(known.state_since),
        reason=known.reason,
        title=facts.title,
        owner=_owner(facts.owner_id, facts.owner_title),
        item_count=facts.item_count,
        restrictions=_words(facts.restrictions),
        first_seen=whole_seconds(known.first_seen),
        last_checked=whole_seconds(known.last_checked),
        last_available=whole_seconds(known.last_available),
        data_api=known.api,
        oembed=known.oembed,
        strikes=known.missed_checks,
        last_strike=whole_seconds(known.last_missed_at),
    )


def _owner(id_: str | None, title: str | None) -> JsonOwner | None:
    return JsonOwner(id_, title) if id_ or title else None


def _words(restrictions: Sequence[str] | None) -> list[str] | None:
    return None if restrictions is None else list(restrictions)


def _history(life: ResourceHistory) -> JsonHistory:
    return JsonHistory(
        **{trait.value: _periods(life.periods[trait]) for trait in Attribute}, unanswered=_periods(life.silences)
    )


def _periods(periods: Iterable[Period]) -> list[JsonPeriod]:
    return [JsonPeriod(period.value, whole_seconds(period.since), whole_seconds(period.until)) for period in periods]


def _event(stored: StoredEvent) -> JsonEvent:
    return JsonEvent(whole_seconds(stored.at), stored.event.kind, stored.event.before, stored.event.after)


def _inside(inside: PlaylistContents) -> JsonInside:
    return JsonInside(
        looked_at=whole_seconds(inside.look.inspected_at),
        closed=inside.look.closed,
        members=[_member(member) for member in inside.members],
        left=[_member(member) for member in inside.left],
        changes=[_change(stored) for stored in inside.changes],
    )


def _member(member: Member) -> JsonMember:
    return JsonMember(
        number=member.position + 1,
        video_id=member.video_id,
        title=member.title,
        owner=_owner(member.owner_id, member.owner_title),
        state=member.state,
        state_since=whole_seconds(member.state_since),
        restrictions=_words(member.restrictions),
        added_at=whole_seconds(member.added_at),
        first_seen=whole_seconds(member.first_seen),
        left_at=whole_seconds(member.left_at),
    )


def _change(stored: StoredMemberChange) -> JsonMemberChange:
    return JsonMemberChange(
        at=whole_seconds(stored.at),
        change=stored.change,
        number=stored.position + 1,
        video=JsonVideo(stored.member.video_id, stored.member.title),
        replaced_by=None if stored.replaced_by is None else JsonVideo(stored.replaced_by, stored.replaced_by_title),
    )


def _link(link: Link) -> JsonLink:
    return JsonLink(link.file, link.line, link.column, link.url, link.label, link.section, link.owner)


def _acknowledgement(ack: Acknowledgement, now: datetime) -> JsonAcknowledgement:
    return JsonAcknowledgement(
        rule=None if ack.rule is None else ack.rule.name,
        reason=ack.reason,
        accepted_at=whole_seconds(ack.accepted_at),
        until=ack.until,
        ended_at=whole_seconds(ack.ended_at),
        active=ack.ended_at is None and not ack.has_expired(now),
    )
