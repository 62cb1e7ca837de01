"""The verdict: what was known, and what the witnesses say now → what is known from now on, and what happened.

Data API   oEmbed              seen alive   claim       verdict
present    –                   –            ALIVE       available
–          200, 401 (video)    –            ALIVE       available (without a key)
absent     404, 403            –            GONE        unavailable, by two witnesses
absent     200                 –            DISPUTED    suspect, for as long as they disagree
absent     401, no answer      never        MISSED      unavailable: a CI without history must fail
absent     401, no answer      yes          MISSED      suspect; after the strikes unavailable
–          404, 403            as above     MISSED      without a key there is one witness
refused    as without a key                             what the API gives no answer about alone is left to oEmbed
no answer  –                   –            SILENT      nothing changes
"""

import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import assert_never

import msgspec
from msgspec.structs import replace

from linkwatch.models.events import Event, EventKind
from linkwatch.models.observation import EMBEDDING_HINT, Answer, Facts, Observation, Reason, ResourceRecord, State
from linkwatch.models.resource import Kind
from linkwatch.verdict.policy import Policy


class Evidence(StrEnum):
    """What the witnesses together claim, before anything is remembered."""

    PRESENT = "present"
    CONFIRMED_ABSENT = "confirmed-absent"
    """Two witnesses agree."""

    UNCONFIRMED_ABSENT = "unconfirmed-absent"
    """One witness misses it, the other says nothing of weight or was not asked."""

    CONFLICTING = "conflicting"
    """One witness misses it, the other sees it."""

    NONE = "none"


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What is known from now on, and what happened; `events` is empty when nothing did."""

    record: ResourceRecord
    events: tuple[Event, ...] = ()
    quiet: bool = False
    """Seen alive as it was before: nothing changed but the time of the check."""


def weigh(sighting: Observation) -> Evidence:
    """Weigh the witnesses of one check against each other (the table above)."""
    match sighting.api:
        case Answer.PRESENT:
            return Evidence.PRESENT
        case Answer.ABSENT:
            return _claim_with_key(sighting.oembed)
        case Answer.NONE | None:
            return _claim_without_key(sighting)
        case _:
            return Evidence.NONE


def _claim_with_key(oembed: Answer | None) -> Evidence:
    match oembed:
        case Answer.ABSENT | Answer.FORBIDDEN:
            return Evidence.CONFIRMED_ABSENT
        case Answer.PRESENT:
            return Evidence.CONFLICTING
        case Answer.UNAUTHORIZED | Answer.NONE | None:
            return Evidence.UNCONFIRMED_ABSENT
        case _:
            assert_never(oembed)


def _claim_without_key(sighting: Observation) -> Evidence:
    match sighting.oembed:
        case Answer.PRESENT:
            return Evidence.PRESENT
        case Answer.UNAUTHORIZED:
            # Embedding can be switched off for a video only: a playlist that asks for a login is a private one.
            return Evidence.PRESENT if sighting.resource.kind is Kind.VIDEO else Evidence.UNCONFIRMED_ABSENT
        case Answer.ABSENT | Answer.FORBIDDEN:
            return Evidence.UNCONFIRMED_ABSENT
        case Answer.NONE | None:
            return Evidence.NONE
        case _:
            assert_never(sighting.oembed)


def judge(before: ResourceRecord | None, sighting: Observation, policy: Policy, now: datetime) -> Verdict:
    """Judge one resource.

    Args:
        before: What was known; None when it was never met.
        sighting: What the witnesses say now.
        policy: How much evidence is enough.
        now: The time of this run, aware UTC.
    """
    claim = weigh(sighting)
    if before is None and claim is Evidence.PRESENT:
        return _met_alive(sighting, now)
    known = before or ResourceRecord(state=State.UNKNOWN, state_since=now, first_seen=now)
    match claim:
        case Evidence.NONE:
            return Verdict(known)
        case Evidence.PRESENT:
            return _alive(known, sighting, now)
        case Evidence.CONFIRMED_ABSENT:
            return _moved(known, State.UNAVAILABLE, sighting, now)
        case Evidence.CONFLICTING:
            return _disputed(known, sighting, now)
        case Evidence.UNCONFIRMED_ABSENT:
            return _missed(known, sighting, policy, now)
        case _:
            assert_never(claim)


def _met_alive(sighting: Observation, now: datetime) -> Verdict:
    """The first sight of most resources: nothing was known, so nothing changed."""
    known = ResourceRecord(
        state=State.AVAILABLE,
        state_since=now,
        first_seen=now,
        last_checked=now,
        last_available=now,
        api=sighting.api,
        oembed=sighting.oembed,
        facts=merge_facts(Facts(), sighting.facts or Facts()),
    )
    return Verdict(known)


def _alive(known: ResourceRecord, sighting: Observation, now: datetime) -> Verdict:
    if known.state is State.AVAILABLE and sighting.facts == known.facts and sighting.api is known.api:
        return Verdict(replace(known, last_checked=now, last_available=now), quiet=True)
    moved = _moved(replace(known, missed_checks=0, last_missed_at=None), State.AVAILABLE, sighting, now)
    facts = merge_facts(known.facts, sighting.facts or Facts())
    changes = () if known.last_available is None else events_between(known.facts, facts)
    return Verdict(replace(moved.record, last_available=now, facts=facts), moved.events + changes)


def _disputed(known: ResourceRecord, sighting: Observation, now: datetime) -> Verdict:
    """The strikes start over: another witness has just seen it."""
    return _moved(replace(known, missed_checks=0, last_missed_at=None), State.SUSPECT, sighting, now)


def _missed(known: ResourceRecord, sighting: Observation, policy: Policy, now: datetime) -> Verdict:
    # A suspect that was never `available` was seen by the other witness: it needs its strikes as well.
    if known.state is State.UNAVAILABLE or (known.last_available is None and known.state is not State.SUSPECT):
        return _moved(known, State.UNAVAILABLE, sighting, now)
    if known.last_missed_at is None or now - known.last_missed_at >= policy.confirm_spacing:
        known = replace(known, missed_checks=known.missed_checks + 1, last_missed_at=now)
    confirmed = known.missed_checks >= policy.confirm_strikes
    return _moved(known, State.UNAVAILABLE if confirmed else State.SUSPECT, sighting, now)


def _moved(known: ResourceRecord, state: State, sighting: Observation, now: datetime) -> Verdict:
    """Move to `state`, noting the evidence; an event only when the state is another one."""
    after = replace(
        known,
        state=state,
        state_since=known.state_since if state is known.state else now,
        reason=_reason(known, sighting) if state is State.UNAVAILABLE else None,
        last_checked=now,
        api=sighting.api,
        oembed=sighting.oembed,
    )
    kind = None if state is known.state else _event_of(known.state, state)
    return Verdict(after, () if kind is None else (Event(kind, known.state, state),))


def _event_of(before: State, after: State) -> EventKind | None:
    match after:
        case State.UNAVAILABLE:
            return EventKind.DIED
        case State.SUSPECT:
            return EventKind.SUSPECTED
        case State.AVAILABLE if before in {State.UNAVAILABLE, State.SUSPECT}:
            return EventKind.RECOVERED
        case _:
            return None


def _reason(known: ResourceRecord, sighting: Observation) -> Reason:
    if sighting.oembed in {Answer.FORBIDDEN, Answer.UNAUTHORIZED}:
        return Reason.PRIVATE
    # A second look that tells less does not make a private playlist a deleted one.
    if known.reason is not None and sighting.oembed in {Answer.NONE, None}:
        return known.reason
    return Reason.NOT_FOUND


def merge_facts(old: Facts, new: Facts) -> Facts:
    """The new facts, with the old ones where the new are untold; a title that is only spelt otherwise stays."""
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
    """What changed for a reader of the list, from the last good facts to the present ones (already merged)."""
    events: list[Event] = []
    if old.title and new.title and old.title != new.title:
        events.append(Event(EventKind.RETITLED, old.title, new.title))
    if old.owner_id and new.owner_id and old.owner_id != new.owner_id:
        events.append(Event(EventKind.OWNER_CHANGED, old.owner_title or old.owner_id, new.owner_title or new.owner_id))
    if old.item_count is not None and new.item_count is not None and old.item_count != new.item_count:
        events.append(_count_event(old.item_count, new.item_count))
    if old.restrictions is not None and new.restrictions is not None and old.restrictions != new.restrictions:
        kind = EventKind.RESTRICTED if new.restrictions else EventKind.UNRESTRICTED
        events.append(Event(kind, " ".join(old.restrictions), " ".join(new.restrictions)))
    return tuple(events)


def _count_event(old: int, new: int) -> Event:
    if new > old:
        return Event(EventKind.GROWN, str(old), str(new))
    return Event(EventKind.EMPTIED if new == 0 else EventKind.SHRUNK, str(old), str(new))


def _restrictions(old: tuple[str, ...] | None, new: tuple[str, ...] | None) -> tuple[str, ...] | None:
    if new is None:
        # Who is seen again without a word on restrictions was seen by oEmbed's 200: the hint of its 401 is over.
        return None if old is None else tuple(word for word in old if word != EMBEDDING_HINT)
    if new == (EMBEDDING_HINT,) and old is not None:
        # A hint is no whole answer: what the API told is still so, and `embedding` says more than the hint.
        return old if "embedding" in old else tuple(sorted({*old, EMBEDDING_HINT}))
    return new


def _same_text(old: str | None, new: str) -> bool:
    """Titles are compared NFC-normalised with white space collapsed: a re-encoding is no retitling."""
    return old is not None and (old == new or _plain(old) == _plain(new))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
