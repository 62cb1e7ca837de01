"""Which differences between a listing and the stored members count: YouTube's listings omit what is still there.

A departure counts when the video can't be watched any more, when YouTube's counts confirm it, or when the same member
is missing at two inspections. A listing that ends early, though the counts include the rest, proves no departure, and
neither does the end of an uploads list, of which YouTube lists only the newest.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

from linkwatch.models.observation import Member, MemberState, PlaylistItem
from linkwatch.models.playlist import MemberKey
from linkwatch.planner.calls import IDS_PER_CALL
from linkwatch.verdict.playlist_diff import ListingDoubts, by_occurrence, match_copies

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class CountChange:
    """A count of a playlist's items by YouTube, the hidden ones too, at the last inspection and now."""

    before: int | None
    """None: not known any more."""

    now: int


def may_be_cut(listed: int, counts: Collection[int | None]) -> bool:
    """Whether a listing of so many items may lack its last pages, by how many YouTube counts."""
    return listed % IDS_PER_CALL == 0 and any(count is not None and count > listed for count in counts)


def doubts_about(
    before: Sequence[Member],
    items: Sequence[PlaylistItem],
    states: Mapping[str, MemberState],
    counts: Sequence[CountChange],
    *,
    maybe_available: Collection[str] = (),
    unproven: Collection[str] = (),
    former: Collection[str] = (),
    is_uploads: bool = False,
) -> ListingDoubts:
    """Decide which differences do not count.

    Args:
        before: The members by the last inspection.
        items: The listing.
        states: Of the videos that left.
        counts: All that are known, that of the listing last: the playlist's is older, and may not include the dead.
        maybe_available: Videos whose state is private by an answer that a video without embedding gets, too.
        unproven: Videos that oEmbed alone reports missing, and not yet for as long as a confirmation takes.
        former: Videos that were members once and left.
        is_uploads: The playlist is an uploads list.
    """
    return _Comparison(before, items, states, counts, maybe_available, unproven, former, is_uploads).doubts()


class _Comparison:
    def __init__(
        self,
        before: Sequence[Member],
        items: Sequence[PlaylistItem],
        states: Mapping[str, MemberState],
        counts: Sequence[CountChange],
        maybe_available: Collection[str],
        unproven: Collection[str],
        former: Collection[str],
        is_uploads: bool,
    ) -> None:
        self._stored = match_copies(before, items)
        self._listed = by_occurrence(items)
        self._states = states
        self._counts = counts
        self._maybe_available = maybe_available
        self._unproven = unproven
        self._former = former
        self._is_uploads = is_uploads
        last = max((member.position for key, member in self._stored.items() if key in self._listed), default=-1)
        missing = [member for key, member in self._stored.items() if key not in self._listed]
        self._missing = len(missing)
        self._doubtful = {(each.video_id, each.occurrence): each for each in missing if self._is_doubtful(each)}
        # At the position of a listed member, one that was kept follows it. What the Data API omits or refuses to answer
        # about may lack for another reason than the end of the listing.
        self._tail = frozenset(
            key
            for key, member in self._doubtful.items()
            if member.position >= last and not (self._is_maybe(member) or member.video_id in self._unproven)
        )
        self._added = [key for key in self._listed if key not in self._stored]
        new_at_end = takewhile(lambda key: key not in self._stored, reversed(self._listed))
        self._added_at_end = frozenset(new_at_end)

    def _is_maybe(self, member: Member) -> bool:
        return member.video_id in self._maybe_available

    def _is_doubtful(self, member: Member) -> bool:
        """Whether it is missing without having died since."""
        if self._is_maybe(member) or member.video_id in self._unproven or member.state is not MemberState.AVAILABLE:
            return True
        return self._states.get(member.video_id) is MemberState.AVAILABLE

    def doubts(self) -> ListingDoubts:
        if self._is_uploads:
            after_end = self._tail if self._is_short else frozenset()
        else:
            after_end = self._tail if self._may_be_cut else frozenset()
        left = {key: member for key, member in self._doubtful.items() if key not in after_end}
        return ListingDoubts(self._held(left, len(after_end)), after_end, self._unannounced())

    @property
    def _is_short(self) -> bool:
        return any(count.now > len(self._listed) for count in self._counts)

    @property
    def _may_be_cut(self) -> bool:
        """Whether the listing ends early: before a page or several members, though more is counted.

        Hidden items may leave gaps in their pages: one that ends early may have fewer than 50 items.
        """
        on_its_pages = math.ceil(len(self._listed) / IDS_PER_CALL) * IDS_PER_CALL
        return any(
            more > 0 and (len(self._tail) > 1 or (len(self._tail) == 1 and count.now > on_its_pages))
            for count, more in zip(self._counts, self._more_counted(), strict=True)
        )

    def _held(self, left: Mapping[MemberKey, Member], after_end: int) -> frozenset[MemberKey]:
        # That the counts fell does not tell whether a video was made private or removed.
        held = {key for key, member in left.items() if member.missing_since is None and self._is_maybe(member)}
        held |= {key for key, member in left.items() if member.video_id in self._unproven}
        if self._counts and all(self._confirms(count, len(left), after_end) for count in self._counts):
            return frozenset(held)
        new = {key for key, member in left.items() if member.missing_since is None}
        more_counted = self._more_counted(after_end)
        if new and more_counted and more_counted[-1] >= len(left):
            # All that is missing is still counted, and is not what was missing before: a listing that omits at random.
            return frozenset(left)
        return frozenset(new | held)

    def _more_counted(self, after_end: int = 0) -> list[int]:
        """How many more items that are not listed each count includes than at the last inspection.

        Of a count that is not known any more, how many it includes.
        """
        return [count.now - len(self._listed) - after_end - self._hidden(count) for count in self._counts]

    def _confirms(self, count: CountChange, left: int, after_end: int) -> bool:
        """Whether a count has fallen with what left, and includes nothing more that is not listed than it did."""
        if count.before is None:
            return False
        hidden = self._hidden(count)
        may_have_been_hidden = len(self._added_at_end) if self._is_uploads else len(self._added)
        shown = min(may_have_been_hidden, hidden)
        returned = sum(
            self._stored[key].state is not MemberState.AVAILABLE and item.state is MemberState.AVAILABLE
            for key, item in self._listed.items()
            if key in self._stored
        )
        fell = count.before - count.now + len(self._added) - shown + returned
        return fell >= left and count.now - len(self._listed) - after_end <= hidden - shown

    def _unannounced(self) -> frozenset[MemberKey]:
        """What is new at the end of a listing that was cut before, or of the part of an uploads list that is listed."""
        was_short = any(map(self._hidden, self._counts))
        if self._is_uploads:
            return self._added_at_end if was_short or self._is_short else frozenset()
        listed_before = sum(member.missing_since is None for member in self._stored.values())
        if not was_short or listed_before % IDS_PER_CALL:
            return frozenset()
        newest_last = sorted(
            (key for key in self._added_at_end if key[0] not in self._former),
            key=lambda key: (self._listed[key].added_at or _LONG_AGO, self._listed[key].position),
        )
        new = max(count.now - count.before for count in self._counts if count.before is not None) + self._missing
        new -= len(self._added) - len(newest_last)
        return frozenset(newest_last[: len(newest_last) - max(0, new)])

    def _hidden(self, count: CountChange) -> int:
        """How many items it included at the last inspection that are no members, as far as it is known."""
        return max(0, (count.before or 0) - len(self._stored))
