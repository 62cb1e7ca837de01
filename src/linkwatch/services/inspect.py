"""Looks inside playlists: read the listings, ask what became of the videos that left, compare, and remember.

listing by listing, whole or not at all → the videos in question, to videos.list and then to oEmbed
                                        → compared with what was known, and remembered, some playlists a transaction
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from linkwatch.errors import IncompleteError, QuotaSpentError
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Answer, MemberState, PlaylistListing, State
from linkwatch.models.playlist import Membership
from linkwatch.models.records import LastInspection
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import IDS_PER_CALL, Call, Method
from linkwatch.planner.inspections import InspectionCandidate, InspectionPlan, cost_of
from linkwatch.store.database import Database
from linkwatch.store.overlaps import update_overlaps
from linkwatch.store.playlists import (
    StoredInspection,
    StoredMembers,
    last_inspections,
    load_members,
    mark_due,
    save_inspections,
)
from linkwatch.store.quota import load_quota_day
from linkwatch.store.resources import load_resources
from linkwatch.verdict.judge import Verdict
from linkwatch.verdict.playlist_diff import compare_members, videos_to_ask_about
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.oembed import OEmbed, OEmbedAnswer

PLAYLISTS_PER_TRANSACTION = 100
"""Playlists a transaction: the videos in question of all of them share calls of 50 ids."""

_FATES = {
    Answer.UNAUTHORIZED: MemberState.PRIVATE,
    Answer.FORBIDDEN: MemberState.PRIVATE,
    Answer.ABSENT: MemberState.DELETED,
}
"""What oEmbed's answer means for a video that left the listing, and that `videos.list` leaves out."""


_MOVES = frozenset({EventKind.RETITLED, EventKind.RECOVERED, EventKind.OWNER_CHANGED})
"""What makes it worth a look, beside a count or an ETag that is another one than at the last look."""


@dataclass(frozen=True, slots=True)
class InspectionContext:
    """What the looks of one check work with."""

    database: Database
    api: DataApi
    oembed: OEmbed
    run_id: int
    now: datetime
    full: bool
    """The state and restrictions of each video are asked for as well."""

    told: Callable[[int], None] = lambda looks: None
    """Told how many looks came back."""


@dataclass(slots=True)
class InspectionOutcome:
    """How the looks of one check ended."""

    unanswered: list[InspectionCandidate] = field(default_factory=list)
    """Not looked into after all; they stay due."""

    doubtful: int = 0
    """How many of these have videos by YouTube's count, and none by its listing."""

    unconfirmed: list[Resource] = field(default_factory=list)
    """What was seen in these does not fit together: it is believed when the next check sees it too."""

    failures: list[IncompleteError] = field(default_factory=list)
    """Why there was no answer, but for a quota that is spent: then they wait for the next day."""


@dataclass(slots=True)
class _Fates:
    """What became of videos, as far as the witnesses said."""

    states: dict[str, MemberState] = field(default_factory=dict)
    restrictions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    """Left out by `videos.list`."""

    hinted: set[str] = field(default_factory=set)
    """Private by oEmbed's 401 alone, which it also says of a living video that may not be embedded."""


def candidates(
    connection: Connection, judgements: Mapping[Resource, Verdict], etags: Mapping[Resource, str | None]
) -> list[InspectionCandidate]:
    """The living playlists among what was judged, with what is known of the last look inside each.

    What makes one worth a look and will not be seen again, an event, is noted: no interruption loses the look.

    Args:
        connection: The transaction that remembers the judgements.
        judgements: Of some resources.
        etags: Of the playlists, as they are now.
    """
    living = {
        resource: judgement
        for resource, judgement in judgements.items()
        if resource.kind is Kind.PLAYLIST and judgement.record.state is State.AVAILABLE
    }
    last = last_inspections(connection, living)
    mark_due(connection, [each for each in last if _is_eventful(living[each])])
    return [_candidate(each, living[each], etags.get(each), last.get(each)) for each in living]


def stored_candidates(connection: Connection, playlists: Sequence[Resource]) -> list[InspectionCandidate]:
    """The playlists of a list that live, as far as is known without asking."""
    known = load_resources(connection, playlists)
    last = last_inspections(connection, playlists)
    found = []
    for playlist in playlists:
        recalled = known.get(playlist)
        if recalled is None or recalled.record.state in {State.AVAILABLE, State.UNKNOWN}:
            look = last.get(playlist)
            items = None if recalled is None else recalled.record.facts.item_count
            found.append(
                InspectionCandidate(playlist, items, look and look.inspected_at, look is not None and look.due)
            )
    return found


def _candidate(
    playlist: Resource, judgement: Verdict, etag: str | None, last: LastInspection | None
) -> InspectionCandidate:
    items = judgement.record.facts.item_count
    if last is None:
        return InspectionCandidate(playlist, items, etag=etag)
    moved = last.due or last.item_count != items or _is_eventful(judgement)
    by_etag = None not in {last.etag, etag} and last.etag != etag
    alone = by_etag and not moved
    return InspectionCandidate(
        playlist, items, last.inspected_at, moved or by_etag, alone, etag, last.due, last.item_count
    )


def _is_eventful(judgement: Verdict) -> bool:
    return any(event.kind in _MOVES for event in judgement.events)


def inspect_playlists(plan: InspectionPlan, using: InspectionContext) -> InspectionOutcome:
    """Make the looks of the plan, and remember what they showed.

    A look counts when all of its pages arrived and the fate of everything that left is known; else the playlist stays
    as it was, and due.

    Raises:
        StoreError: The database failed; what was committed stays.
    """
    by_playlist = {candidate.playlist: candidate for candidate in plan.inspections}
    looked = InspectionOutcome()
    batch: list[PlaylistListing] = []
    try:
        for look in _looks(_affordable(plan, using, looked), by_playlist, using, looked):
            batch.append(look)
            if len(batch) == PLAYLISTS_PER_TRANSACTION:
                _keep(batch, _fates(batch, using, looked), by_playlist, using, looked)
                batch.clear()
        if batch:
            _keep(batch, _fates(batch, using, looked), by_playlist, using, looked)
    except KeyboardInterrupt:
        # What has come is kept, but for the playlists of which something must be asked first.
        _keep(batch, _Fates(), by_playlist, using, looked)
        raise
    return looked


def _affordable(plan: InspectionPlan, using: InspectionContext, looked: InspectionOutcome) -> Iterator[Resource]:
    """The playlists of the plan, for as long as its units last: on a bad day retries take their share of them."""
    began = spent = _units(using)
    often = max(1, len(plan.inspections) // 50)  # to ask at every look would be a third of what looks cost us
    for number, candidate in enumerate(plan.inspections):
        if number % often == 0:
            spent = _units(using)
        if spent - began + cost_of(candidate, full=using.full) > plan.budget:
            looked.unanswered.append(candidate)
        else:
            yield candidate.playlist


def _units(using: InspectionContext) -> int:
    with using.database.read() as connection:
        return load_quota_day(connection, using.now, 0).units


def _looks(
    playlists: Iterable[Resource],
    by_playlist: Mapping[Resource, InspectionCandidate],
    using: InspectionContext,
    looked: InspectionOutcome,
) -> Iterator[PlaylistListing]:
    for answer in using.api.list_items(playlists):
        using.told(1)
        if answer.listing is None:
            looked.unanswered.append(by_playlist[answer.playlist])
            _note(looked, answer.failure)
        else:
            yield answer.listing


def _note(looked: InspectionOutcome, failure: IncompleteError | None) -> None:
    if failure is not None and not isinstance(failure, QuotaSpentError):
        looked.failures.append(failure)


def _keep(
    looks: Sequence[PlaylistListing],
    fates: _Fates,
    by_playlist: Mapping[Resource, InspectionCandidate],
    using: InspectionContext,
    looked: InspectionOutcome,
) -> None:
    """Remember the looks that count."""
    playlists = [look.playlist for look in looks]
    with using.database.write() as connection:
        # Once more, now that nobody else can write: what another check has kept meanwhile is not overwritten.
        last = last_inspections(connection, playlists)
        recalled = load_members(connection, playlists)
        kept = []
        for look in looks:
            candidate = by_playlist[look.playlist]
            if look.playlist in last and last[look.playlist].inspected_at != candidate.inspected_at:
                continue
            if each := _believed(look, recalled[look.playlist], candidate, fates, using.now, looked):
                kept.append(each)
        save_inspections(connection, using.run_id, kept, using.now)
        mark_due(connection, looked.unconfirmed)
        changed = [each.stored.row_id for each in kept if each.stored.is_first or _is_changed(each)]
        update_overlaps(connection, changed)


def _believed(
    look: PlaylistListing,
    recalled: StoredMembers,
    candidate: InspectionCandidate,
    fates: _Fates,
    now: datetime,
    looked: InspectionOutcome,
) -> StoredInspection | None:
    if _is_doubtful(look, recalled, candidate, fates):
        looked.doubtful += 1
        looked.unanswered.append(candidate)
        return None
    kept = _kept(look, recalled, candidate, fates, now)
    if kept is None:
        looked.unanswered.append(candidate)
    elif kept.membership and not candidate.recheck and _is_odd(kept.membership, recalled, candidate, fates):
        looked.unconfirmed.append(look.playlist)
        return None
    return kept


def _kept(
    look: PlaylistListing, recalled: StoredMembers, candidate: InspectionCandidate, fates: _Fates, now: datetime
) -> StoredInspection | None:
    if look.closed:
        return StoredInspection(recalled, look, None, candidate.etag, candidate.item_count)
    before = None if recalled.is_first else recalled.members
    if any(video not in fates.states for video in videos_to_ask_about(before or (), look.items)):
        return None
    kept = StoredInspection(
        recalled,
        look,
        compare_members(before, look.items, fates.states, fates.restrictions, now),
        candidate.etag,
        candidate.item_count,
    )
    if candidate.etag_only and not recalled.is_first and not _is_changed(kept):
        return kept._replace(etag=None)  # it moved for nothing, and is not believed before the next look
    return kept


def _is_doubtful(look: PlaylistListing, recalled: StoredMembers, candidate: InspectionCandidate, fates: _Fates) -> bool:
    """Whether YouTube counts videos and lists none, though some of those that were in it live: that is no listing."""
    if look.closed or look.items or not candidate.item_count:
        return False
    dead = sum(fates.states.get(member.video_id) is not MemberState.AVAILABLE for member in recalled.members)
    return recalled.is_first or (dead < len(recalled.members) and _is_short(0, dead, recalled, candidate))


def _is_odd(now: Membership, recalled: StoredMembers, candidate: InspectionCandidate, fates: _Fates) -> bool:
    """Whether something is missing that may well live: of what left, oEmbed says 401; or YouTube counts it still."""
    if any(member.video_id in fates.hinted for member in now.left):
        return True
    dead = sum(member.state is not MemberState.AVAILABLE for member in now.left)
    return not recalled.is_first and _is_short(len(now.members), dead, recalled, candidate)


def _is_short(listed: int, dead: int, recalled: StoredMembers, candidate: InspectionCandidate) -> bool:
    """Whether YouTube counts more than it lists, by more than it did before and by more than have died."""
    hidden = max(0, (candidate.last_item_count or 0) - len(recalled.members))
    return (candidate.item_count or 0) - listed > hidden + dead


def _is_changed(kept: StoredInspection) -> bool:
    return kept.membership is not None and bool(kept.membership.changes or kept.membership.left)


def _fates(looks: Iterable[PlaylistListing], using: InspectionContext, looked: InspectionOutcome) -> _Fates:
    """Ask what became of the videos in question; of all of them, for a full look."""
    with using.database.read() as connection:
        before = load_members(connection, [look.playlist for look in looks])
    question: dict[str, MemberState | None] = {}
    for look in looks:
        asked = () if look.closed else videos_to_ask_about(before[look.playlist].members, look.items)
        if asked:
            entries = {item.video_id: item.state for item in look.items}
            question |= {video: entries.get(video) for video in asked}
    listed = (item.video_id for look in looks for item in look.items) if using.full else ()
    fates = _from_api(dict.fromkeys([*listed, *question]), using, looked)
    absent = [Resource(Kind.VIDEO, video) for video in question if video in fates.absent]
    for answer in using.oembed.ask(absent):
        _second(answer, question[answer.resource.id], fates, looked)
    return fates


def _second(answer: OEmbedAnswer, entry: MemberState | None, fates: _Fates, looked: InspectionOutcome) -> None:
    """What oEmbed says of a video that `videos.list` leaves out, and whose entry in the listing may say more."""
    video = answer.resource.id
    if answer.answer is Answer.PRESENT:
        fates.states[video] = MemberState.AVAILABLE
    elif entry is not None:
        fates.states[video] = entry
    elif answer.answer in _FATES:
        fates.states[video] = _FATES[answer.answer]
        if answer.answer is Answer.UNAUTHORIZED:
            fates.hinted.add(video)
    else:
        _note(looked, answer.failure)


def _from_api(videos: Iterable[str], using: InspectionContext, looked: InspectionOutcome) -> _Fates:
    fates = _Fates()
    resources = [Resource(Kind.VIDEO, video) for video in videos]
    calls = [
        Call(Method.VIDEOS, tuple(resources[start : start + IDS_PER_CALL]))
        for start in range(0, len(resources), IDS_PER_CALL)
    ]
    for answer in using.api.ask(calls):
        _note(looked, answer.failure)
        if answer.failure is not None:
            continue
        for resource in answer.call.resources:
            facts = answer.found.get(resource)
            if facts is None:
                fates.absent.add(resource.id)
            else:
                fates.states[resource.id] = MemberState.AVAILABLE
                fates.restrictions[resource.id] = facts.restrictions or ()
    return fates
