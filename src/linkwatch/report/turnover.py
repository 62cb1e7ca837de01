"""Which videos came into a playlist and which went, from a moment on: the changes one by one → the net difference."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

from linkwatch.observation import MemberState
from linkwatch.store.remembered import StoredMemberChange
from linkwatch.verdict.membership import Change, Key


@dataclass(frozen=True, slots=True)
class Turnover:
    """The videos of a playlist that came and went, each once, by position."""

    came: tuple[StoredMemberChange, ...] = ()
    returned: tuple[StoredMemberChange, ...] = ()
    """They were private or gone, and can be watched again."""

    taken_out: tuple[StoredMemberChange, ...] = ()
    """By the owner of the playlist."""

    made_private: tuple[StoredMemberChange, ...] = ()
    gone: tuple[StoredMemberChange, ...] = ()
    replaced: tuple[StoredMemberChange, ...] = ()
    """By another with a like title, at the same place."""

    @property
    def balance(self) -> int:
        """How many more can be watched."""
        return len(self.came) + len(self.returned) - len(self.taken_out) - len(self.made_private) - len(self.gone)


NO_TURNOVER = Turnover()


def turnover_of(changes: Sequence[StoredMemberChange]) -> Turnover:
    """The net difference; a video that came and went, or went and came back, is none.

    Args:
        changes: All of one playlist from a moment on, oldest first.
    """
    histories: dict[Key, list[StoredMemberChange]] = defaultdict(list)
    for stored in changes:
        if stored.change is not Change.MOVED:
            histories[stored.member.video_id, stored.member.occurrence].append(stored)
    found: dict[str, list[StoredMemberChange]] = {field.name: [] for field in fields(Turnover)}
    for history in histories.values():
        if name := _net(history):
            found[name].append(history[-1])
    return Turnover(**{name: _by_position(told) for name, told in found.items()})


def _by_position(changes: Iterable[StoredMemberChange]) -> tuple[StoredMemberChange, ...]:
    return tuple(sorted(changes, key=lambda stored: (stored.position, stored.member.video_id)))


def _net(history: Sequence[StoredMemberChange]) -> str | None:
    """The field of `Turnover` that one video belongs to; None: it is as it was."""
    first, last = history[0], history[-1]
    was_in = first.change is not Change.ADDED
    could_be_watched = was_in and first.change is not Change.RETURNED
    if last.member.left_at is None and last.member.state is MemberState.AVAILABLE:
        return None if could_be_watched else "returned" if was_in else "came"
    if not could_be_watched:
        return None
    return {
        Change.TAKEN_OUT: "taken_out",
        Change.MADE_PRIVATE: "made_private",
        Change.GONE: "gone",
        Change.REPLACED: "replaced",
    }.get(last.change)
