"""The verdict on one resource: its stored record and an observation → its new record, and the events.

Data API   oEmbed              seen available   evidence             state
present    –                   –                PRESENT              available
–          200, 401 (video)    –                PRESENT              available (without a key)
absent     404, 403            –                CONFIRMED_ABSENT     unavailable
absent     200                 –                CONFLICTING          suspect, as long as the two disagree
absent     401, no answer      never            UNCONFIRMED_ABSENT   unavailable: a CI without history must fail
absent     401, no answer      yes              UNCONFIRMED_ABSENT   suspect; after the missed checks unavailable
–          404, 403            as above         UNCONFIRMED_ABSENT   as above (without a key)
refused    as without a key: oEmbed decides about what the Data API refuses to answer about alone; a 401 about a
           video decides nothing
–          400                 an id of YouTube's shape: as no answer; any other: as 404
no answer  –                   –                NONE                 unchanged

oEmbed knows no channels. One that an answer omits is suspect, and unavailable after the missed checks; at a first
check it is unavailable when a second answer omits it, too.
"""

import html
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import assert_never

import msgspec
from msgspec.structs import replace

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import (
    EMBEDDING_HINT,
    UPLOAD,
    Answer,
    Facts,
    Observation,
    Reason,
    ResourceRecord,
    State,
)
from linkwatch.models.resource import Kind
from linkwatch.urls.ids import has_known_shape
from linkwatch.verdict.policy import Policy


class Evidence(StrEnum):
    """What the endpoints that were asked say together, apart from what is stored."""

    PRESENT = "present"
    CONFIRMED_ABSENT = "confirmed-absent"
    """Both endpoints miss the resource; of a channel, two answers of the Data API do."""

    UNCONFIRMED_ABSENT = "unconfirmed-absent"
    """One endpoint misses it; the other gives no answer that decides, or was not asked."""

    CONFLICTING = "conflicting"
    """The Data API leaves it out, oEmbed shows it."""

    NONE = "none"
    """No answer."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What is to be stored of a resource."""

    record: ResourceRecord
    """The new one."""

    events: tuple[Event, ...] = ()
    """What changed since the record before."""

    quiet: bool = False
    """Available as before: nothing in the record changed but the time of the check."""


def weigh(observation: Observation) -> Evidence:
    """The evidence of one observation, by the table above."""
    match observation.api:
        case Answer.PRESENT:
            return Evidence.PRESENT
        case Answer.ABSENT:
            return Evidence.CONFIRMED_ABSENT if observation.confirmed else _evidence_with_key(_oembed(observation))
        case Answer.NONE | None:
            return _evidence_without_key(observation)
        case _:
            return Evidence.NONE


def _oembed(observation: Observation) -> Answer | None:
    """What oEmbed's answer proves: that it can't read an id is no proof about one that has YouTube's shape."""
    if observation.oembed is not Answer.MALFORMED:
        return observation.oembed
    return Answer.NONE if has_known_shape(observation.resource) else Answer.ABSENT


def _evidence_with_key(oembed: Answer | None) -> Evidence:
    match oembed:
        case Answer.ABSENT | Answer.FORBIDDEN:
            return Evidence.CONFIRMED_ABSENT
        case Answer.PRESENT:
            return Evidence.CONFLICTING
        case _:
            return Evidence.UNCONFIRMED_ABSENT


def _evidence_without_key(observation: Observation) -> Evidence:
    match _oembed(observation):
        case Answer.PRESENT:
            return Evidence.PRESENT
        case Answer.UNAUTHORIZED:
            # Embedding can be switched off for a video only: a playlist that asks for a login is a private one.
            if observation.resource.kind is not Kind.VIDEO:
                return Evidence.UNCONFIRMED_ABSENT
            # With a key the next answer tells which: until then a private video is not available again.
            return Evidence.PRESENT if observation.api is None else Evidence.NONE
        case Answer.ABSENT | Answer.FORBIDDEN:
            return Evidence.UNCONFIRMED_ABSENT
        case _:
            return Evidence.NONE


def needs_second_answer(before: ResourceRecord | None) -> bool:
    """Whether a channel that is missing needs a second answer: no check has found it, or knows it to be missing."""
    return before is None or (before.last_available is None and before.state is not State.UNAVAILABLE)


def is_confirmation_recent(before: ResourceRecord, observation: Observation, policy: Policy, now: datetime) -> bool:
    """Whether oEmbed's answer that made a resource unavailable holds for an observation of the Data API.

    Not when the observation says more than that the resource is missing, nor for what went with its channel, which is
    asked about again.
    """
    return (
        before.state is State.UNAVAILABLE
        and timedelta() <= now - before.state_since < policy.confirm_spacing
        and before.api is observation.api is Answer.ABSENT
        and before.oembed in {Answer.ABSENT, Answer.FORBIDDEN}
        and before.reason is not Reason.TERMINATED
        and observation.upload_status is None
    )


def judge(before: ResourceRecord | None, observation: Observation, policy: Policy, now: datetime) -> Verdict:
    """Judge one resource.

    Args:
        before: The stored record; None when there is none.
        observation: What the endpoints reported in this run.
        policy: How much evidence is needed.
        now: The time of this run, aware UTC.
    """
    evidence = weigh(observation)
    if before is None and evidence is Evidence.PRESENT:
        return _first_available(observation, now)
    record = before or ResourceRecord(state=State.UNKNOWN, state_since=now, first_seen=now)
    match evidence:
        case Evidence.NONE:
            return Verdict(record)
        case Evidence.PRESENT:
            return _available(record, observation, now)
        case Evidence.CONFIRMED_ABSENT:
            return _with_state(record, State.UNAVAILABLE, observation, now)
        case Evidence.CONFLICTING:
            return _conflicting(record, observation, now)
        case Evidence.UNCONFIRMED_ABSENT:
            return _missed(record, observation, policy, now)
        case _:
            assert_never(evidence)


def _first_available(observation: Observation, now: datetime) -> Verdict:
    """The common case of a first check: without a record before, nothing has changed."""
    record = ResourceRecord(
        state=State.AVAILABLE,
        state_since=now,
        first_seen=now,
        last_checked=now,
        last_available=now,
        api=observation.api,
        oembed=observation.oembed,
        facts=merge_facts(Facts(), observation.facts or Facts()),
    )
    return Verdict(record)


def _available(record: ResourceRecord, observation: Observation, now: datetime) -> Verdict:
    if record.state is State.AVAILABLE and observation.facts == record.facts and observation.api is record.api:
        return Verdict(replace(record, last_checked=now, last_available=now), quiet=True)
    verdict = _with_state(replace(record, missed_checks=0, last_missed_at=None), State.AVAILABLE, observation, now)
    facts = merge_facts(record.facts, observation.facts or Facts())
    changes = () if record.last_available is None else events_between(record.facts, facts)
    return Verdict(replace(verdict.record, last_available=now, facts=facts), verdict.events + changes)


def _conflicting(record: ResourceRecord, observation: Observation, now: datetime) -> Verdict:
    """The missed checks start over: oEmbed has just shown the resource."""
    return _with_state(replace(record, missed_checks=0, last_missed_at=None), State.SUSPECT, observation, now)


def _missed(record: ResourceRecord, observation: Observation, policy: Policy, now: datetime) -> Verdict:
    # A suspect that was never `available` needs its missed checks as well: oEmbed showed it, or it is a channel.
    never_found = record.last_available is None and record.state is not State.SUSPECT
    if record.state is State.UNAVAILABLE or (never_found and observation.resource.kind is not Kind.CHANNEL):
        return _with_state(record, State.UNAVAILABLE, observation, now)
    last = record.last_missed_at
    if last is not None and last > now:
        # Stored while the clock was wrong: the spacing begins now, and nothing is counted for a clock that went back.
        record = replace(record, last_missed_at=now)
    elif last is None or now - last >= policy.confirm_spacing:
        record = replace(record, missed_checks=record.missed_checks + 1, last_missed_at=now)
    confirmed = record.missed_checks >= policy.confirm_strikes
    return _with_state(record, State.UNAVAILABLE if confirmed else State.SUSPECT, observation, now)


def _with_state(record: ResourceRecord, state: State, observation: Observation, now: datetime) -> Verdict:
    """The record with this state and the answers; an event if the state is a new one."""
    after = replace(
        record,
        state=state,
        state_since=record.state_since if state is record.state else now,
        reason=_reason(record, observation) if state is State.UNAVAILABLE else None,
        last_checked=now,
        api=observation.api,
        oembed=observation.oembed,
        facts=_with_upload_status(record.facts, observation.upload_status),
    )
    kind = None if state is record.state else _state_event(record.state, state)
    return Verdict(after, () if kind is None else (Event(kind, record.state, state),))


def _with_upload_status(facts: Facts, status: str | None) -> Facts:
    """The last facts of a video that can't be watched, and why not, if its upload is the reason."""
    if status is None:
        return facts
    return replace(facts, restrictions=tuple(sorted({*_without_upload(facts.restrictions or ()), UPLOAD + status})))


def _without_upload(restrictions: Iterable[str]) -> tuple[str, ...]:
    return tuple(word for word in restrictions if not word.startswith(UPLOAD))


def _state_event(before: State, after: State) -> EventKind | None:
    match after:
        case State.UNAVAILABLE:
            return EventKind.DIED
        case State.SUSPECT:
            return EventKind.SUSPECTED
        case State.AVAILABLE if before in {State.UNAVAILABLE, State.SUSPECT}:
            return EventKind.RECOVERED
        case _:
            return None


def _reason(record: ResourceRecord, observation: Observation) -> Reason:
    was_terminated = record.reason is Reason.TERMINATED and observation.owner is None
    if observation.owner is Answer.ABSENT or was_terminated:
        return Reason.TERMINATED
    if observation.oembed in {Answer.FORBIDDEN, Answer.UNAUTHORIZED}:
        return Reason.PRIVATE
    # An answer that says less than the one before does not make a private playlist a deleted one.
    if record.reason is Reason.PRIVATE and observation.oembed in {Answer.NONE, Answer.MALFORMED, None}:
        return record.reason
    return Reason.NOT_FOUND


def merge_facts(old: Facts, new: Facts) -> Facts:
    """The new facts, completed by the old ones; a title that differs in its encoding alone stays."""
    title = new.title if new.title and not _same_text(old.title, new.title) else old.title
    # Id and name of a channel go together: oEmbed's name beside the API's id would be of two different times.
    owner = old if old.owner_id and not new.owner_id else new
    return Facts(
        title=title,
        owner_id=owner.owner_id or old.owner_id,
        owner_title=owner.owner_title or old.owner_title,
        item_count=old.item_count if new.item_count is None else new.item_count,
        restrictions=_restrictions(old.restrictions, new.restrictions),
        channel=new.channel or old.channel,
    )


def events_between(old: Facts, new: Facts) -> tuple[Event, ...]:
    """The changes from the last good facts to the present ones, which are merged already."""
    events: list[Event] = []
    if old.title and new.title and old.title != new.title:
        events.append(Event(EventKind.RETITLED, old.title, new.title))
    if old.owner_id and new.owner_id and old.owner_id != new.owner_id:
        events.append(Event(EventKind.OWNER_CHANGED, old.owner_title or old.owner_id, new.owner_title or new.owner_id))
    if old.item_count is not None and new.item_count is not None and old.item_count != new.item_count:
        events.append(_count_event(old.item_count, new.item_count))
    if old.restrictions is not None and new.restrictions is not None:
        # That its upload was rejected explained why it was missing: that it is available again is an event already.
        before = _without_upload(old.restrictions)
        if before != new.restrictions:
            kind = EventKind.RESTRICTED if new.restrictions else EventKind.UNRESTRICTED
            events.append(Event(kind, " ".join(before), " ".join(new.restrictions)))
    return tuple(events)


def _count_event(old: int, new: int) -> Event:
    if new > old:
        return Event(EventKind.GROWN, str(old), str(new))
    return Event(EventKind.EMPTIED if new == 0 else EventKind.SHRUNK, str(old), str(new))


def _restrictions(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if new is None:
        # Available without a word on restrictions is what oEmbed's 200 says: the hint of an earlier 401 is refuted.
        return None if old is None else tuple(word for word in _without_upload(old) if word != EMBEDDING_HINT)
    if new == (EMBEDDING_HINT,) and old is not None:
        # A hint does not replace what the Data API reported, and `embedding` says more than the hint.
        old = _without_upload(old)
        return old if "embedding" in old else tuple(sorted({*old, EMBEDDING_HINT}))
    return new


_SAME_CHARACTERS = str.maketrans(
    {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms
    | dict.fromkeys(map(ord, "‘’‚‛`´"), "'")
    | dict.fromkeys(map(ord, "“”„‟«»"), '"')
    | dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
)
"""What YouTube, and the tools that write titles, exchange for each other."""

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
"""Zero-width characters, marks of direction and variation selectors."""


def _same_text(old: str | None, new: str) -> bool:
    """Whether a reader sees the same title."""
    return old is not None and (old == new or _as_seen(old) == _as_seen(new))


def _as_seen(title: str) -> str:
    """A title without what nobody sees: entities, composed and full-width forms, kinds of quotes, white space."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", html.unescape(title)))
    return " ".join(text.translate(_SAME_CHARACTERS).split())
