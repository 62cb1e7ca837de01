"""A history as JSON, `linkwatch.life/1`: types of its own, so that nothing else changes it by accident.

A `value`, `before` or `after` that is null is no longer kept, as YouTube's terms ask; an `until` that is null is now.
Numbers of videos in a playlist begin with 1.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated

import msgspec

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import Answer, Member, MemberState, Reason, ResourceRecord, State
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import StoredEvent, StoredMemberChange
from linkwatch.models.times import whole_seconds
from linkwatch.report.formats.json import JsonCustomName, JsonOwner, JsonPlace, json_custom_names
from linkwatch.report.formats.json_encoding import (
    JsonFlapping,
    KindName,
    Number,
    Position,
    RuleName,
    Time,
    json_flapping,
    one_of,
    text_of,
)
from linkwatch.report.resource.model import Attribute, Period, PlaylistContents, ResourceHistory

SCHEMA = "linkwatch.life/1"


class JsonHistoryResource(msgspec.Struct):
    """What it is now, and what the witnesses said last."""

    kind: KindName
    id: str
    url: str
    names: list[str]
    state: Annotated[str, one_of(State)]
    state_since: Time
    reason: Annotated[str, one_of(Reason)] | None
    title: str | None
    owner: JsonOwner | None
    item_count: Number | None
    restrictions: list[str] | None
    first_seen: Time
    last_checked: Time | None
    last_available: Time | None
    data_api: Annotated[str, one_of(Answer)] | None
    oembed: Annotated[str, one_of(Answer)] | None
    strikes: Number
    last_strike: Time | None
    flapping: JsonFlapping | None
    unreadable_since: Annotated[
        Time | None, msgspec.Meta(description="Since then its listing contradicts itself; null: it could be read.")
    ]
    custom_names: Annotated[
        list[JsonCustomName] | msgspec.UnsetType,
        msgspec.Meta(description="Those of the names that are custom channel URLs; left out without any."),
    ] = msgspec.UNSET


class JsonCheck(msgspec.Struct):
    """The state after a check; null: no answer."""

    at: Time
    state: Annotated[str, one_of(State)] | None


class JsonPeriod(msgspec.Struct):
    """How long something was so."""

    value: Annotated[str | None, msgspec.Meta(description="Null: it is no longer kept.")]
    since: Time
    until: Annotated[Time | None, msgspec.Meta(description="Null: until now.")]


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

    at: Time
    kind: Annotated[str, one_of(EventKind)]
    before: str | None
    after: str | None


class JsonMember(msgspec.Struct):
    """A video that is or was in it."""

    number: Position
    video_id: str
    title: str | None
    owner: JsonOwner | None
    state: Annotated[str, one_of(MemberState)]
    state_since: Time
    restrictions: list[str] | None
    added_at: Time | None
    first_seen: Time
    left_at: Time | None


class JsonVideo(msgspec.Struct):
    """A video by its id, and its title where one is known."""

    video_id: str
    title: str | None


class JsonMemberChange(msgspec.Struct):
    """Something that happened inside."""

    at: Time
    change: Annotated[str, one_of(MemberChangeKind)]
    number: Position
    video: JsonVideo
    replaced_by: JsonVideo | None


class JsonInside(msgspec.Struct):
    """Who is in it, and who came and went."""

    looked_at: Time | None
    closed: bool
    members: list[JsonMember]
    left: list[JsonMember]
    changes: list[JsonMemberChange]


class JsonListedLink(JsonPlace):
    """A link of a list, with its URL as it is listed."""

    url: str


class JsonHistoryAcknowledgement(msgspec.Struct):
    """An acknowledgement of findings about it; a rule that is null: of all findings."""

    rule: RuleName | None
    reason: str | None
    accepted_at: Time
    until: date | None
    ended_at: Time | None
    active: bool


class JsonResourceHistory(msgspec.Struct):
    """The whole history."""

    schema: Annotated[str, one_of((SCHEMA,))]
    generated_at: Time
    resource: JsonHistoryResource
    checks: list[JsonCheck]
    history: JsonHistory
    events: list[JsonEvent]
    inside: JsonInside | None
    links: list[JsonListedLink]
    acknowledgements: list[JsonHistoryAcknowledgement]


def render(history: ResourceHistory) -> str:
    """Render the history as JSON, with a line end."""
    return text_of(
        JsonResourceHistory(
            schema=SCHEMA,
            generated_at=whole_seconds(history.generated_at),
            resource=_resource(history, history.record),
            checks=[JsonCheck(whole_seconds(at), state) for at, state in history.checks],
            history=_history(history),
            events=[_event(stored) for stored in history.events],
            inside=None if history.contents is None else _inside(history.contents),
            links=[_link(link) for link in history.links],
            acknowledgements=[_acknowledgement(ack, history.generated_at) for ack in history.acknowledgements],
        )
    )


def _resource(history: ResourceHistory, known: ResourceRecord) -> JsonHistoryResource:
    facts = known.facts
    return JsonHistoryResource(
        kind=history.resource.kind,
        id=history.resource.id,
        url=history.resource.url,
        names=list(history.names),
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
        flapping=json_flapping(history.flapping),
        unreadable_since=whole_seconds(history.unreadable_since),
        custom_names=json_custom_names(history.custom_names) or msgspec.UNSET,
    )


def _owner(id_: str | None, title: str | None) -> JsonOwner | None:
    return JsonOwner(id_, title) if id_ or title else None


def _words(restrictions: Sequence[str] | None) -> list[str] | None:
    return None if restrictions is None else list(restrictions)


def _history(history: ResourceHistory) -> JsonHistory:
    return JsonHistory(
        **{attribute.value: _periods(history.periods[attribute]) for attribute in Attribute},
        unanswered=_periods(history.unanswered),
    )


def _periods(periods: Iterable[Period]) -> list[JsonPeriod]:
    return [JsonPeriod(period.value, whole_seconds(period.since), whole_seconds(period.until)) for period in periods]


def _event(stored: StoredEvent) -> JsonEvent:
    return JsonEvent(whole_seconds(stored.at), stored.event.kind, stored.event.before, stored.event.after)


def _inside(inside: PlaylistContents) -> JsonInside:
    return JsonInside(
        looked_at=whole_seconds(inside.inspection.inspected_at),
        closed=inside.inspection.closed,
        members=[_member(member) for member in inside.members],
        left=[_member(member) for member in inside.former_members],
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


def _link(link: Link) -> JsonListedLink:
    return JsonListedLink(link.file, link.line, link.column, link.label, link.section, link.owner, link.url)


def _acknowledgement(ack: Acknowledgement, now: datetime) -> JsonHistoryAcknowledgement:
    return JsonHistoryAcknowledgement(
        rule=None if ack.rule is None else ack.rule.name,
        reason=ack.reason,
        accepted_at=whole_seconds(ack.accepted_at),
        until=ack.until,
        ended_at=whole_seconds(ack.ended_at),
        active=ack.ended_at is None and not ack.has_expired(now),
    )
