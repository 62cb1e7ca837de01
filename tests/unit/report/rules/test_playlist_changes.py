"""The videos that came to playlists and went from them lately: shrunk, grown."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from unit.report.builders import (
    LONG_AGO,
    NOW,
    PLAYLIST,
    RUN_AT,
    YESTERDAY,
    entry,
    found,
    happened,
    living,
    report_of,
    turned,
    unanswered,
)

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.playlist import MemberChangeKind
from linkwatch.models.records import InspectionResults, StoredMemberChange
from linkwatch.models.rules import Level
from linkwatch.report.model import Finding
from linkwatch.settings import Settings

KNOWN = {PLAYLIST: living("Linear Algebra")}
FELL = happened(PLAYLIST, EventKind.SHRUNK, "35", "32")
ROSE = happened(PLAYLIST, EventKind.GROWN, "35", "37")


def findings_for(changes: Sequence[StoredMemberChange], events: Sequence[object] = ()) -> list[Finding]:
    inside = InspectionResults(member_changes={PLAYLIST: changes} if changes else {})
    return list(report_of([entry(PLAYLIST)], KNOWN, events, inside=inside).findings)  # type: ignore[arg-type]  # as `happened` makes them


def message(*changes: StoredMemberChange, events: Sequence[object] = ()) -> str:
    (finding,) = findings_for(changes, events)
    return finding.message


def test_who_took_which_videos_is_said_beside_the_counts() -> None:
    changes = [
        turned(MemberChangeKind.REMOVED, 4),
        turned(MemberChangeKind.REMOVED, 7),
        turned(MemberChangeKind.DELETED, 9),
    ]
    (finding,) = findings_for(changes, [FELL])
    assert (finding.rule, finding.level) == (rules.SHRUNK, Level.WARNING)
    assert finding.message == (
        "playlist “Linear Algebra” lost 3 videos: 35 → 32; "
        "removed by the playlist owner: 4. “Lecture 4”, 7. “Lecture 7”; deleted: 9. “Lecture 9”"
    )
    assert finding.evidence == {
        "before": "35",
        "after": "32",
        "videos": [
            {"video_id": f"{number:010d}A", "title": f"Lecture {number}", "position": number - 1, "change": change,
             "at": RUN_AT}
            for number, change in ((4, "taken-out"), (7, "taken-out"), (9, "gone"))
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (MemberChangeKind.REMOVED, "removed by the playlist owner"),
        (MemberChangeKind.MADE_PRIVATE, "made private"),
        (MemberChangeKind.DELETED, "deleted"),
    ],
)
def test_a_loss_that_no_count_tells_of_is_a_loss(change: MemberChangeKind, words: str) -> None:
    assert message(turned(change, 3)) == f"playlist “Linear Algebra” lost 1 video; {words}: 3. “Lecture 3”"


def test_where_only_the_count_is_known_it_is_reported_alone() -> None:
    assert message(events=[FELL]) == "playlist “Linear Algebra” lost 3 videos: 35 → 32"


def test_losses_of_several_looks_are_not_measured_by_the_last_count() -> None:
    changes = [
        turned(MemberChangeKind.DELETED, 1, at=YESTERDAY),
        turned(MemberChangeKind.DELETED, 2),
        turned(MemberChangeKind.DELETED, 3),
    ]
    last = happened(PLAYLIST, EventKind.SHRUNK, "33", "32")
    assert message(*changes, events=[last]).startswith("playlist “Linear Algebra” lost 3 videos; deleted: 1. ")


def test_a_count_that_fell_further_than_the_looks_saw_is_believed() -> None:
    assert message(turned(MemberChangeKind.DELETED, 2), events=[FELL]) == (
        "playlist “Linear Algebra” lost 3 videos: 35 → 32; deleted: 2. “Lecture 2”"
    )


def test_five_of_a_kind_are_named_in_their_order_and_the_others_counted() -> None:
    changes = [turned(MemberChangeKind.REMOVED, number) for number in reversed(range(1, 18))]
    (finding,) = findings_for(changes)
    assert finding.message == (
        "playlist “Linear Algebra” lost 17 videos; removed by the playlist owner: 1. “Lecture 1”, 2. “Lecture 2”, "
        "3. “Lecture 3”, 4. “Lecture 4”, 5. “Lecture 5” and 12 more"
    )
    videos = finding.evidence["videos"]
    assert isinstance(videos, list)
    assert len(videos) == 17


def test_a_video_whose_title_was_purged_is_named_by_its_id() -> None:
    assert message(turned(MemberChangeKind.DELETED, 9, title=None)).endswith("deleted: 9. 0000000009A")


def test_a_video_that_another_replaced_is_reported_with_it_and_is_no_loss() -> None:
    replaced = turned(MemberChangeKind.REPLACED, 4, by="Lecture 4 (new)")
    assert message(replaced) == "in playlist “Linear Algebra” 4. “Lecture 4” was replaced by “Lecture 4 (new)”"
    assert message(turned(MemberChangeKind.DELETED, 9), replaced) == (
        "playlist “Linear Algebra” lost 1 video; deleted: 9. “Lecture 9”; "
        "4. “Lecture 4” was replaced by “Lecture 4 (new)”"
    )
    (finding,) = findings_for([replaced])
    assert finding.evidence["videos"] == [
        {"video_id": "0000000004A", "title": "Lecture 4", "position": 3, "change": "replaced", "at": RUN_AT,
         "by": "byAnother0A", "by_title": "Lecture 4 (new)"}
    ]  # fmt: skip


def test_a_replacement_whose_title_is_not_known_is_named_by_its_id() -> None:
    assert message(turned(MemberChangeKind.REPLACED, 4, by="")).endswith("was replaced by byAnother0A")


def test_many_replacements_are_counted() -> None:
    many = [turned(MemberChangeKind.REPLACED, number, by=f"New {number}") for number in range(1, 8)]
    assert message(*many).endswith("5. “Lecture 5” was replaced by “New 5”; 2 more videos replaced")
    assert message(*many[:6]).endswith("; 1 more video replaced")


def test_what_was_added_is_reported_with_number_and_title() -> None:
    changes = [turned(MemberChangeKind.ADDED, 36), turned(MemberChangeKind.ADDED, 37)]
    (finding,) = findings_for(changes, [ROSE])
    assert (finding.rule, finding.level) == (rules.GROWN, Level.NOTICE)
    assert finding.message == (
        "playlist “Linear Algebra” gained 2 videos: 35 → 37; new: 36. “Lecture 36”, 37. “Lecture 37”"
    )
    assert message(changes[0]) == "playlist “Linear Algebra” has 1 new video: 36. “Lecture 36”"
    assert message(events=[ROSE]) == "playlist “Linear Algebra” gained 2 videos: 35 → 37"


def test_one_video_in_and_another_out_is_both() -> None:
    assert {
        finding.rule
        for finding in findings_for([turned(MemberChangeKind.REMOVED, 3), turned(MemberChangeKind.ADDED, 35)])
    } == {
        rules.SHRUNK,
        rules.GROWN,
    }


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            [turned(MemberChangeKind.MADE_PRIVATE, 3, at=YESTERDAY), turned(MemberChangeKind.RETURNED, 3)],
            id="public again",
        ),
        pytest.param(
            [turned(MemberChangeKind.REMOVED, 3, at=YESTERDAY), turned(MemberChangeKind.ADDED, 3)], id="put back"
        ),
        pytest.param([turned(MemberChangeKind.RETURNED, 3)], id="lost before"),
        pytest.param([turned(MemberChangeKind.MOVED, 3)], id="moved"),
    ],
)
def test_what_came_back_or_only_moved_is_no_news(changes: Sequence[StoredMemberChange]) -> None:
    assert findings_for(changes) == []


def test_what_is_lost_again_and_what_came_and_went_is_lost() -> None:
    again = [
        turned(MemberChangeKind.DELETED, 3, at=YESTERDAY),
        turned(MemberChangeKind.RETURNED, 3),
        turned(MemberChangeKind.MADE_PRIVATE, 3),
    ]
    assert message(*again).endswith("lost 1 video; made private: 3. “Lecture 3”")
    assert message(turned(MemberChangeKind.ADDED, 3, at=YESTERDAY), turned(MemberChangeKind.REMOVED, 3)).endswith(
        "lost 1 video; removed by the playlist owner: 3. “Lecture 3”"
    )


def test_what_moved_is_evidence_of_what_else_happened() -> None:
    (finding,) = findings_for([turned(MemberChangeKind.ADDED, 1), turned(MemberChangeKind.MOVED, 9)])
    videos = finding.evidence["videos"]
    assert isinstance(videos, list)
    assert [(each["change"], each["position"]) for each in videos] == [("added", 0), ("moved", 8)]


def test_it_is_so_since_the_last_of_it_happened() -> None:
    changes = [turned(MemberChangeKind.DELETED, 1, at=LONG_AGO), turned(MemberChangeKind.DELETED, 2, at=YESTERDAY)]
    assert [(finding.since, finding.new) for finding in findings_for(changes)] == [(YESTERDAY, False)]
    assert [(finding.since, finding.new) for finding in findings_for(changes, [FELL])] == [(RUN_AT, True)]


def test_a_playlist_that_is_no_news_is_not_reported() -> None:
    assert findings_for([]) == []
    old = happened(PLAYLIST, EventKind.SHRUNK, "35", "32", at=NOW - Settings().changes_for - timedelta(seconds=1))
    assert findings_for([], [old]) == []
    assert findings_for([turned(MemberChangeKind.DELETED, 1, at=NOW - Settings().changes_for)]) == []


@pytest.mark.parametrize("kind", [EventKind.SHRUNK, EventKind.GROWN])
def test_counts_that_were_purged_are_no_longer_reported(kind: EventKind) -> None:
    assert findings_for([], [happened(PLAYLIST, kind, None, None)]) == []


def test_what_happened_inside_is_reported_in_whatever_state_the_playlist_is() -> None:
    inside = InspectionResults(member_changes={PLAYLIST: [turned(MemberChangeKind.DELETED, 1)]})
    report = report_of([entry(PLAYLIST)], {PLAYLIST: unanswered(YESTERDAY)}, inside=inside)
    assert len(found(report, rules.SHRUNK)) == 1
