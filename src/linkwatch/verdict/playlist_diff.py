"""The stored members of a playlist and its listing now → its members now, and the changes.

Why a video left follows from its state: one that is still available was removed by the playlist owner. The first
inspection has nothing to compare with, and so no changes.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace
from rapidfuzz import fuzz

from linkwatch.models.observation import Member, MemberState, PlaylistItem
from linkwatch.models.playlist import MemberChange, MemberChangeKind, MemberKey, Membership

SIMILAR_TITLE = 60
"""RapidFuzz token-set ratio, 0–100, from which a video at another's position replaces it ("Lecture 4", filmed anew)."""


def by_occurrence(items: Iterable[PlaylistItem]) -> dict[MemberKey, PlaylistItem]:
    """The items of a listing by video and occurrence."""
    seen: dict[str, int] = {}
    found = {}
    for item in items:
        occurrence = seen.get(item.video_id, 0)
        found[item.video_id, occurrence] = item
        seen[item.video_id] = occurrence + 1
    return found


def videos_to_ask_about(before: Sequence[Member], items: Sequence[PlaylistItem]) -> list[str]:
    """The distinct videos whose state must be asked for: those that left, and those that became placeholders."""
    now = by_occurrence(items) if before else {}
    asked = []
    for member in before:
        item = now.get((member.video_id, member.occurrence))
        if item is None or (item.state is not MemberState.AVAILABLE and member.state is MemberState.AVAILABLE):
            asked.append(member.video_id)
    return list(dict.fromkeys(asked))


def compare_members(
    before: Sequence[Member] | None,
    items: Sequence[PlaylistItem],
    states: Mapping[str, MemberState],
    restrictions: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> Membership:
    """Compare a whole listing with the stored members.

    Args:
        before: Those in the playlist by the last inspection; None when this is the first.
        items: The listing.
        states: Of the videos `videos_to_ask_about`; of all of them in a full inspection.
        restrictions: Of the videos that `videos.list` returned.
        now: The time of this run.
    """
    stored = {(member.video_id, member.occurrence): member for member in before or ()}
    listed = by_occurrence(items)
    members = {
        key: _listed(stored.get(key), key[1], item, states.get(item.video_id), restrictions.get(item.video_id), now)
        for key, item in listed.items()
    }
    left = {key: _left(member, states, now) for key, member in stored.items() if key not in listed}
    changes = () if before is None else tuple(_changes(stored, members, left))
    return Membership(tuple(members.values()), tuple(left.values()), changes)


def _listed(
    stored: Member | None,
    occurrence: int,
    item: PlaylistItem,
    asked: MemberState | None,
    restrictions: tuple[str, ...] | None,
    now: datetime,
) -> Member:
    # An item that shows its video proves it available; that a placeholder is, only the answer about the video can say.
    state = MemberState.AVAILABLE if asked is MemberState.AVAILABLE else item.state
    if stored is None:
        stored = Member(item.video_id, occurrence, item.position, state, now, now)
    return replace(
        stored,
        position=item.position,
        state=state,
        state_since=stored.state_since if state is stored.state else now,
        title=item.title or stored.title,
        owner_id=item.owner_id or stored.owner_id,
        owner_title=item.owner_title or stored.owner_title,
        added_at=item.added_at or stored.added_at,
        restrictions=stored.restrictions if restrictions is None else restrictions,
    )


def _left(member: Member, states: Mapping[str, MemberState], now: datetime) -> Member:
    state = states.get(member.video_id, member.state)
    since = member.state_since if state is member.state else now
    return replace(member, state=state, state_since=since, left_at=now)


def _changes(
    before: Mapping[MemberKey, Member], members: Mapping[MemberKey, Member], left: Mapping[MemberKey, Member]
) -> Iterator[MemberChange]:
    added = [member for key, member in members.items() if key not in before]
    replaced = _replacements(left.values(), added)
    for member in left.values():
        if by := replaced.get((member.video_id, member.occurrence)):
            yield MemberChange(MemberChangeKind.REPLACED, member, by.video_id)
        elif before[member.video_id, member.occurrence].state is MemberState.AVAILABLE:
            yield MemberChange(_why_left(member), member)
        # A placeholder that goes is no change: the change was reported when the video became one.
    replacing = {(member.video_id, member.occurrence) for member in replaced.values()}
    yield from (
        MemberChange(MemberChangeKind.ADDED, each)
        for each in added
        if (each.video_id, each.occurrence) not in replacing
    )
    for key, member in members.items():
        if key in before and (change := _state_change(before[key].state, member.state)):
            yield MemberChange(change, member)
    yield from (MemberChange(MemberChangeKind.MOVED, member) for member in _moved(before, members))


def _why_left(member: Member) -> MemberChangeKind:
    return {
        MemberState.AVAILABLE: MemberChangeKind.REMOVED,
        MemberState.PRIVATE: MemberChangeKind.MADE_PRIVATE,
        MemberState.DELETED: MemberChangeKind.DELETED,
    }[member.state]


def _state_change(before: MemberState, after: MemberState) -> MemberChangeKind | None:
    if before is after:
        return None
    return {
        MemberState.AVAILABLE: MemberChangeKind.RETURNED,
        MemberState.PRIVATE: MemberChangeKind.MADE_PRIVATE,
        MemberState.DELETED: MemberChangeKind.DELETED,
    }[after]


def _replacements(left: Iterable[Member], added: Iterable[Member]) -> dict[MemberKey, Member]:
    """By the member that left, the one that was added at the same position with a similar title."""
    positions = {member.position: member for member in added}
    found = {}
    for member in left:
        new = positions.get(member.position)
        if new is not None and _similar(member.title, new.title):
            found[member.video_id, member.occurrence] = new
    return found


def _similar(old: str | None, new: str | None) -> bool:
    return bool(old and new) and fuzz.token_set_ratio(str(old).lower(), str(new).lower()) >= SIMILAR_TITLE


def _moved(before: Mapping[MemberKey, Member], members: Mapping[MemberKey, Member]) -> Iterator[Member]:
    """The fewest members whose moves explain the new order: one that slid when others came or went has not moved."""
    stayed = sorted((key for key in members if key in before), key=lambda key: members[key].position)
    still = _longest_rising([before[key].position for key in stayed])
    yield from (members[key] for at, key in enumerate(stayed) if at not in still)


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The indices of a longest subsequence that never falls, in O(n log n) (patience sorting)."""
    tops: list[int] = []
    piles: list[int] = []
    previous: list[int | None] = []
    for at, number in enumerate(numbers):
        pile = bisect_right(tops, number)
        tops[pile : pile + 1] = [number]
        piles[pile : pile + 1] = [at]
        previous.append(piles[pile - 1] if pile else None)
    found: set[int] = set()
    at_end = piles[-1] if piles else None
    while at_end is not None:
        found.add(at_end)
        at_end = previous[at_end]
    return found
