"""Which videos came and went: the net difference of all that happened since a moment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import DAY, RUN_AT
from unit.report.resource.histories import change, video

from linkwatch.models.observation import Member, MemberState
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.report.diff.model import NO_VIDEO_CHANGES, VideoChanges, net_video_changes

IN = video(1)
GONE = video(1, state=MemberState.DELETED)
PRIVATE = video(1, state=MemberState.PRIVATE)
OUT = video(1, left_at=RUN_AT)
GONE_AND_OUT = video(1, state=MemberState.DELETED, left_at=RUN_AT)


def net(member: Member, *changes: MemberChangeKind) -> str | None:
    """The one way that a video went in which these things happened to it, and that is so now."""
    turnover = net_video_changes([change(each, member, RUN_AT + at * DAY) for at, each in enumerate(changes)])
    ways = {name: getattr(turnover, name) for name in VideoChanges.__dataclass_fields__}
    found = [name for name, videos in ways.items() if videos]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("member", "changes", "way"),
    [
        (IN, [MemberChangeKind.ADDED], "came"),
        (IN, [MemberChangeKind.RETURNED], "returned"),
        (OUT, [MemberChangeKind.REMOVED], "taken_out"),
        (PRIVATE, [MemberChangeKind.MADE_PRIVATE], "made_private"),
        (GONE, [MemberChangeKind.DELETED], "gone"),
        (GONE_AND_OUT, [MemberChangeKind.DELETED], "gone"),
        (OUT, [MemberChangeKind.REPLACED], "replaced"),
        (GONE, [MemberChangeKind.MADE_PRIVATE, MemberChangeKind.DELETED], "gone"),
        (GONE, [MemberChangeKind.DELETED, MemberChangeKind.RETURNED, MemberChangeKind.DELETED], "gone"),
        (IN, [MemberChangeKind.ADDED, MemberChangeKind.MADE_PRIVATE, MemberChangeKind.RETURNED], "came"),
        (IN, [MemberChangeKind.RETURNED, MemberChangeKind.DELETED, MemberChangeKind.RETURNED], "returned"),
    ],
)
def test_the_way_a_video_went(member: Member, changes: list[MemberChangeKind], way: str) -> None:
    assert net(member, *changes) == way


@pytest.mark.parametrize(
    ("member", "changes"),
    [
        (IN, [MemberChangeKind.MOVED]),
        (OUT, [MemberChangeKind.ADDED, MemberChangeKind.REMOVED]),
        (GONE, [MemberChangeKind.ADDED, MemberChangeKind.DELETED]),
        (IN, [MemberChangeKind.REMOVED, MemberChangeKind.ADDED]),
        (IN, [MemberChangeKind.DELETED, MemberChangeKind.RETURNED]),
        (GONE, [MemberChangeKind.RETURNED, MemberChangeKind.DELETED]),
        (OUT, [MemberChangeKind.RETURNED, MemberChangeKind.REMOVED]),
    ],
)
def test_what_came_and_went_is_as_it_was(member: Member, changes: list[MemberChangeKind]) -> None:
    assert net(member, *changes) is None


def test_each_video_is_reported_once_by_its_place() -> None:
    changes = [change(MemberChangeKind.ADDED, video(number)) for number in (3, 1, 2)]
    assert [each.position for each in net_video_changes(changes).came] == [0, 1, 2]


def test_the_balance_is_what_can_be_watched_more() -> None:
    came, out, gone = (
        change(MemberChangeKind.ADDED, video(1)), change(MemberChangeKind.REMOVED, video(2, left_at=RUN_AT)),
        change(MemberChangeKind.DELETED, video(3, state=MemberState.DELETED)),
    )  # fmt: skip
    assert (
        net_video_changes([came]).balance,
        net_video_changes([came, out]).balance,
        net_video_changes([came, out, gone]).balance,
    ) == (
        1,
        0,
        -1,
    )
    assert NO_VIDEO_CHANGES.balance == 0


@given(st.lists(st.sampled_from(MemberChangeKind), min_size=1), st.sampled_from([IN, GONE, PRIVATE, OUT, GONE_AND_OUT]))
def test_whatever_happened_a_video_goes_one_way_at_most(changes: list[MemberChangeKind], member: Member) -> None:
    net(member, *changes)
