"""How the videos of a playlist are named in a sentence, and in evidence. People count from 1."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from linkwatch.observation import Member, MemberState
from linkwatch.report.groups import listing
from linkwatch.report.rules.material import quoted

NAMED = 5
"""How many of a kind are named in a sentence."""


def titled(title: str | None, id_: str | None) -> str:
    """A video by its title, or by its id when that was never told or was purged."""
    return quoted(title) if title else str(id_)


def numbered(position: int, title: str | None, id_: str) -> str:
    """A video by its number and title: `4. “Matrix inverses”`; the position is 0-based."""
    return f"{position + 1}. {titled(title, id_)}"


def named(videos: Iterable[str]) -> str:
    """Some of the videos, and how many there are besides."""
    return listing(list(videos), NAMED)


def named_members(members: Iterable[Member]) -> str:
    """Some of the members by number and title, and how many there are besides."""
    return named(numbered(each.position, each.title, each.video_id) for each in members)


def fate_of(losses: Sequence[Member]) -> str:
    """What became of members that can't be watched: `are gone`."""
    states = {member.state for member in losses}
    what = {frozenset({MemberState.GONE}): "gone", frozenset({MemberState.PRIVATE}): "private"}
    return f"{'is' if len(losses) == 1 else 'are'} {what.get(frozenset(states), 'private or gone')}"


def lost_evidence(losses: Iterable[Member]) -> list[dict[str, object]]:
    """The members that can't be watched, for machines; positions are 0-based, as YouTube's API tells them."""
    return [
        {
            "video_id": each.video_id,
            "title": each.title,
            "position": each.position,
            "state": each.state,
            "since": whole_second(each.state_since),
        }
        for each in losses
    ]


def whole_second(time: datetime) -> datetime:
    """A time as reports show it."""
    return time.replace(microsecond=0)
