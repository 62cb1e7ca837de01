"""The stored members of a playlist and its listing now → its members now, and the changes.

Why a video left follows from its state: one that is still available was removed by the playlist owner. The first
inspection has nothing to compare with, and so no changes.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from msgspec.structs import replace
from rapidfuzz import fuzz

from linkwatch.models.observation import Member, MemberState, PlaylistItem
from linkwatch.models.playlist import MemberChange, MemberChangeKind, MemberKey, Membership

SIMILAR_TITLE = 60
"""RapidFuzz token-set ratio, 0–100, from which a video at another's position replaces it ("Lecture 4", re-recorded)."""


@dataclass(frozen=True, slots=True)
class ListingDoubts:
    """Which differences of a listing from the stored members do not count; the keys are those of `match_copies`."""

    held: frozenset[MemberKey] = frozenset()
    """Members that are missing and stay, until the next inspection."""

    after_end: frozenset[MemberKey] = frozenset()
    """Members that stay, too, as the listing ends before them: it was cut, or YouTube lists only the newest uploads."""

    unannounced: frozenset[MemberKey] = frozenset()
    """Listed for the first time, though they were in the playlist before."""


NO_DOUBTS = ListingDoubts()


def by_occurrence(items: Iterable[PlaylistItem]) -> dict[MemberKey, PlaylistItem]:
    """The items of a listing by video and occurrence."""
    seen: dict[str, int] = {}
    found = {}
    for item in items:
        occurrence = seen.get(item.video_id, 0)
        found[item.video_id, occurrence] = item
        seen[item.video_id] = occurrence + 1
    return found


def match_copies(before: Iterable[Member], items: Iterable[PlaylistItem]) -> dict[MemberKey, Member]:
    """The stored members by video and occurrence in the listing.

    Of a video that a playlist contains several times, the copies that are still listed are found by the ids of their
    items, as far as these are known; those that left come last.
    """
    before = list(before)
    several = {video for video, copies in Counter(member.video_id for member in before).items() if copies > 1}
    listed: dict[str, list[int | None]] = {}
    for item in items:
        listed.setdefault(item.video_id, []).append(item.item_key)
    several |= {member.video_id for member in before if len(listed.get(member.video_id, ())) > 1}
    if not several:
        return {(member.video_id, member.occurrence): member for member in before}
    copies: dict[str, list[Member]] = {}
    for member in sorted(before, key=lambda member: member.occurrence):
        copies.setdefault(member.video_id, []).append(member)
    matched = {}
    for video, members in copies.items():
        in_order = _in_order(members, listed.get(video, [])) if video in several else enumerate(members)
        for occurrence, member in in_order:
            matched[video, occurrence] = replace(member, occurrence=occurrence)
    return {key: matched[key] for key in sorted(matched, key=lambda key: (matched[key].position, key))}


def _in_order(members: Sequence[Member], listed: Sequence[int | None]) -> Iterator[tuple[int, Member]]:
    """Copies of one video, each with the occurrence at which it is listed, or one after these."""
    left = list(members)
    free = []
    for occurrence, item_key in enumerate(listed):
        same = next((each for each in left if item_key is not None and each.item_key == item_key), None)
        if same is None:
            free.append(occurrence)
        else:
            left.remove(same)
            yield occurrence, same
    # What no id matches is matched by its order: fewer copies are a departure, as many are none.
    yield from zip(free, left, strict=False)
    yield from enumerate(left[len(free) :], start=len(listed))


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
    doubts: ListingDoubts = NO_DOUBTS,
) -> Membership:
    """Compare a whole listing with the stored members.

    Args:
        before: Those in the playlist by the last inspection; None when this is the first.
        items: The listing.
        states: Of the videos `videos_to_ask_about`; of all of them in a full inspection.
        restrictions: Of the videos that `videos.list` returned, also of those that nobody can watch.
        now: The time of this run.
        doubts: The differences that do not count.
    """
    stored = match_copies(before or (), items)
    listed = by_occurrence(items)
    members = {
        key: _listed(stored.get(key), key[1], item, states.get(item.video_id), restrictions.get(item.video_id), now)
        for key, item in listed.items()
    }
    missing = {key: member for key, member in stored.items() if key not in listed}
    left = {
        key: _left(member, states, restrictions, now)
        for key, member in missing.items()
        if key not in doubts.held | doubts.after_end
    }
    changes = () if before is None else tuple(_changes(stored, members, left, doubts.unannounced))
    for key, position in _kept_positions(stored, members, left).items():
        since = missing[key].missing_since or (now if key in doubts.held else None)
        members[key] = replace(missing[key], position=position, missing_since=since)
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
        missing_since=None,
        item_key=stored.item_key if item.item_key is None else item.item_key,
    )


def _kept_positions(
    stored: Mapping[MemberKey, Member], listed: Mapping[MemberKey, Member], left: Collection[MemberKey]
) -> dict[MemberKey, int]:
    """The positions of members that are not listed and stay: beside the one before them, or after all that is listed.

    They slide with the others: one that is listed again has not moved.
    """
    positions: dict[MemberKey, int] = {}
    following = count(1 + max((member.position for member in listed.values()), default=-1))
    last = max((member.position for key, member in stored.items() if key in listed), default=-1)
    before = 0
    for key, member in sorted(stored.items(), key=lambda item: item[1].position):
        if key in listed:
            before = listed[key].position
        elif key not in left:
            positions[key] = next(following) if member.position >= last else before
    return positions


def _left(
    member: Member, states: Mapping[str, MemberState], restrictions: Mapping[str, tuple[str, ...]], now: datetime
) -> Member:
    state = states.get(member.video_id, member.state)
    return replace(
        member,
        state=state,
        state_since=member.state_since if state is member.state else now,
        restrictions=restrictions.get(member.video_id, member.restrictions),
        left_at=now,
        missing_since=None,
    )


def _changes(
    before: Mapping[MemberKey, Member],
    members: Mapping[MemberKey, Member],
    left: Mapping[MemberKey, Member],
    unannounced: Collection[MemberKey],
) -> Iterator[MemberChange]:
    added = [member for key, member in members.items() if key not in before and key not in unannounced]
    inspected_first = min((member.first_seen for member in before.values()), default=None)
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
        if key not in before or not (change := _state_change(before[key].state, member.state)):
            continue
        if change is not MemberChangeKind.RETURNED or not _is_scheduled(before[key], inspected_first):
            yield MemberChange(change, member)
    yield from (MemberChange(MemberChangeKind.MOVED, member) for member in _moved(before, members))


def _is_scheduled(member: Member, inspected_first: datetime | None) -> bool:
    """Whether it was private when it was added, and since: a video is, until the time for which it is scheduled."""
    is_new = inspected_first is not None and member.first_seen > inspected_first
    return is_new and member.state is MemberState.PRIVATE and member.state_since == member.first_seen


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
    """The fewest members whose moves explain the new order: one that slid when others came or went has not moved.

    Where one was that the listing before lacked is not known, as others may have come beside it.
    """
    known = (key for key in members if key in before and before[key].missing_since is None)
    stayed = sorted(known, key=lambda key: members[key].position)
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
