"""Looks inside playlists: read the listings, ask what became of the videos that left, compare, and remember.

listing by listing, whole or not at all → the videos in question, to videos.list and then to oEmbed
                                        → compared with what was known, and remembered, some playlists a transaction
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import Connection

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.errors import IncompleteError, QuotaSpentError
from linkwatch.observation import Answer, Look, MemberState, State
from linkwatch.plan.calls import IDS_PER_CALL, Call, Method
from linkwatch.plan.looks import Candidate, LooksPlan
from linkwatch.probe.data_api import DataApi
from linkwatch.probe.oembed import OEmbed
from linkwatch.store.database import Database
from linkwatch.store.memberships import KeptLook, RecalledMembers, keep_looks, last_looks, mark_due, recall_members
from linkwatch.store.memory import recall
from linkwatch.store.overlaps import renew_overlaps
from linkwatch.store.remembered import LastLook
from linkwatch.verdict.events import EventKind
from linkwatch.verdict.judge import Judgement
from linkwatch.verdict.membership import compare, in_question

LOOKS_AT_ONCE = 100
"""Playlists a transaction: the videos in question of all of them share calls of 50 ids."""

_FATES = {
    Answer.PRESENT: MemberState.AVAILABLE,
    Answer.UNAUTHORIZED: MemberState.PRIVATE,
    Answer.FORBIDDEN: MemberState.PRIVATE,
    Answer.ABSENT: MemberState.GONE,
}
"""What oEmbed's answer means for a video that `videos.list` leaves out."""


_MOVES = frozenset({EventKind.RETITLED, EventKind.RECOVERED, EventKind.OWNER_CHANGED})
"""What makes it worth a look, beside a count or an ETag that is another one than at the last look."""


@dataclass(frozen=True, slots=True)
class Looking:
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
class Looked:
    """How the looks of one check ended."""

    unanswered: list[Candidate] = field(default_factory=list)
    """Not looked into after all; they stay due."""

    doubtful: int = 0
    """How many of these have videos by YouTube's count, and none by its listing."""

    failures: list[IncompleteError] = field(default_factory=list)
    """Why there was no answer, but for a quota that is spent: then they wait for the next day."""


@dataclass(slots=True)
class _Fates:
    """What became of videos, as far as the witnesses said."""

    states: dict[str, MemberState] = field(default_factory=dict)
    restrictions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    """Left out by `videos.list`."""


def candidates(
    connection: Connection, judgements: Mapping[Resource, Judgement], etags: Mapping[Resource, str | None]
) -> list[Candidate]:
    """The living playlists among what was judged, with what is known of the last look inside each.

    Args:
        connection: A transaction that reads.
        judgements: Of some resources.
        etags: Of the playlists, as they are now.
    """
    living = {
        resource: judgement
        for resource, judgement in judgements.items()
        if resource.kind is Kind.PLAYLIST and judgement.known.state is State.AVAILABLE
    }
    last = last_looks(connection, living)
    return [_candidate(each, living[each], etags.get(each), last.get(each)) for each in living]


def remembered_candidates(connection: Connection, playlists: Sequence[Resource]) -> list[Candidate]:
    """The playlists of a list that live, as far as is known without asking."""
    known = recall(connection, playlists)
    last = last_looks(connection, playlists)
    found = []
    for playlist in playlists:
        recalled = known.get(playlist)
        if recalled is None or recalled.known.state in {State.AVAILABLE, State.UNKNOWN}:
            look = last.get(playlist)
            items = None if recalled is None else recalled.known.facts.item_count
            found.append(Candidate(playlist, items, look and look.looked_at, look is not None and look.due))
    return found


def _candidate(playlist: Resource, judgement: Judgement, etag: str | None, last: LastLook | None) -> Candidate:
    items = judgement.known.facts.item_count
    if last is None:
        return Candidate(playlist, items, etag=etag)
    moved = last.due or last.item_count != items or any(event.kind in _MOVES for event in judgement.events)
    by_etag = None not in {last.etag, etag} and last.etag != etag
    return Candidate(playlist, items, last.looked_at, moved or by_etag, by_etag and not moved, etag)


def look_inside(plan: LooksPlan, using: Looking) -> Looked:
    """Make the looks of the plan, and remember what they showed.

    A look counts when all of its pages arrived and the fate of everything that left is known; else the playlist stays
    as it was, and due.

    Raises:
        StoreError: The database failed; what was committed stays.
    """
    by_playlist = {candidate.playlist: candidate for candidate in plan.looks}
    looked = Looked()
    for looks in _batches(_looks(by_playlist, using, looked)):
        kept = _keep(looks, by_playlist, using, looked)
        looked.unanswered += [by_playlist[look.playlist] for look in looks if look.playlist not in kept]
    with using.database.write() as connection:
        mark_due(connection, [each.playlist for each in (*looked.unanswered, *plan.waiting) if each.moved])
    return looked


def _looks(by_playlist: Mapping[Resource, Candidate], using: Looking, looked: Looked) -> Iterator[Look]:
    for answer in using.api.look(by_playlist):
        using.told(1)
        if answer.look is None:
            looked.unanswered.append(by_playlist[answer.playlist])
            _note(looked, answer.failure)
        else:
            yield answer.look


def _note(looked: Looked, failure: IncompleteError | None) -> None:
    if failure is not None and not isinstance(failure, QuotaSpentError):
        looked.failures.append(failure)


def _batches(looks: Iterator[Look]) -> Iterator[list[Look]]:
    while batch := list(islice(looks, LOOKS_AT_ONCE)):
        yield batch


def _keep(
    looks: Sequence[Look], by_playlist: Mapping[Resource, Candidate], using: Looking, looked: Looked
) -> set[Resource]:
    """Remember the looks that count; returns their playlists."""
    with using.database.read() as connection:
        before = recall_members(connection, [look.playlist for look in looks])
    fates = _fates(looks, before, using, looked)
    with using.database.write() as connection:
        # Once more, now that nobody else can write: another check may have looked meanwhile.
        recalled = recall_members(connection, [look.playlist for look in looks])
        kept = []
        for look in looks:
            candidate = by_playlist[look.playlist]
            if _is_doubtful(look, recalled[look.playlist], candidate, fates):
                looked.doubtful += 1
            elif each := _kept(look, recalled[look.playlist], candidate, fates, using.now):
                kept.append(each)
        keep_looks(connection, using.run_id, kept, using.now)
        changed = [each.recalled.row_id for each in kept if each.recalled.first or _is_changed(each)]
        renew_overlaps(connection, changed)
    return {each.look.playlist for each in kept}


def _kept(look: Look, recalled: RecalledMembers, candidate: Candidate, fates: _Fates, now: datetime) -> KeptLook | None:
    if look.closed:
        return KeptLook(recalled, look, None, candidate.etag, candidate.items)
    before = None if recalled.first else recalled.members
    if any(video not in fates.states for video in in_question(before or (), look.items)):
        return None
    kept = KeptLook(
        recalled,
        look,
        compare(before, look.items, fates.states, fates.restrictions, now),
        candidate.etag,
        candidate.items,
    )
    if candidate.etag_alone and not recalled.first and not _is_changed(kept):
        return kept._replace(etag=None)  # it moved for nothing, and is not believed before the next look
    return kept


def _is_doubtful(look: Look, recalled: RecalledMembers, candidate: Candidate, fates: _Fates) -> bool:
    """Whether YouTube counts videos and lists none, though some of those that were in it live: that is no listing."""
    if look.closed or look.items or not candidate.items:
        return False
    alive = (fates.states.get(member.video_id) is MemberState.AVAILABLE for member in recalled.members)
    return recalled.first or any(alive)


def _is_changed(kept: KeptLook) -> bool:
    return kept.membership is not None and bool(kept.membership.changes or kept.membership.left)


def _fates(looks: Iterable[Look], before: Mapping[Resource, RecalledMembers], using: Looking, looked: Looked) -> _Fates:
    """Ask what became of the videos in question; of all of them, for a full look."""
    question: dict[str, MemberState | None] = {}
    for look in looks:
        entries = {item.video_id: item.state for item in look.items}
        if not look.closed:
            # A placeholder is a witness of its own; of what left the list only the API's silence is known.
            question |= {video: entries.get(video) for video in in_question(before[look.playlist].members, look.items)}
    asked = dict.fromkeys(item.video_id for look in looks for item in look.items) | question if using.full else question
    fates = _from_api(asked, using, looked)
    for video, entry in question.items():
        if video in fates.absent and entry is not None:
            fates.states[video] = entry
    left = [video for video in question if video in fates.absent and video not in fates.states]
    for answer in using.oembed.ask([Resource(Kind.VIDEO, video) for video in left]):
        if answer.answer in _FATES:
            fates.states[answer.resource.id] = _FATES[answer.answer]
        _note(looked, answer.failure)
    return fates


def _from_api(videos: Iterable[str], using: Looking, looked: Looked) -> _Fates:
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
