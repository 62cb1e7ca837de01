"""Who is in playlists, and who is not: emptied by losses, hollow, misplaced."""

from datetime import datetime

import pytest
from unit.report.builders import (
    LONG_AGO,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    found,
    lecture,
    living,
    looked,
    missing,
    report_of,
    unanswered,
)

from linkwatch.models import rules
from linkwatch.models.observation import Member, MemberState, ResourceRecord, State
from linkwatch.models.records import InspectionResults, PlaylistSize
from linkwatch.models.resource import Resource
from linkwatch.models.rules import Level
from linkwatch.report.model import Finding, Report
from linkwatch.settings import Settings

AVAILABLE, PRIVATE, GONE = MemberState
COURSE = living("Linear Algebra", item_count=35)


def course(
    losses: list[Member], of: int = 35, known: ResourceRecord = COURSE, settings: Settings | None = None
) -> Report:
    inside = InspectionResults(
        last_inspections={PLAYLIST: looked(of, len(losses))}, lost_members={PLAYLIST: losses} if losses else {}
    )
    return report_of([entry(PLAYLIST)], {PLAYLIST: known}, inside=inside, settings=settings)


def test_a_course_of_which_a_tenth_is_gone_is_hollow_and_names_what_is_gone() -> None:
    losses = [lecture(4, GONE), lecture(7, PRIVATE), lecture(9, GONE, title=None), lecture(20, GONE)]
    (hollow,) = course(losses).findings
    assert (hollow.rule, hollow.level) == (rules.HOLLOW, Level.WARNING)
    assert hollow.message == (
        "4 of 35 videos of playlist “Linear Algebra” are private or deleted: "
        "4. “Lecture 4”, 7. “Lecture 7”, 9. 0000000009A, 20. “Lecture 20”"
    )
    assert hollow.evidence["videos"] == 35
    assert [(each["position"], each["state"]) for each in lost(hollow)] == [
        (3, "gone"),
        (6, "private"),
        (8, "gone"),
        (19, "gone"),
    ]


def lost(finding: Finding) -> list[dict[str, object]]:
    members = finding.evidence["lost"]
    assert isinstance(members, list)
    return members


def test_many_losses_are_counted_and_all_of_them_are_evidence() -> None:
    (hollow,) = course([lecture(number, GONE) for number in range(1, 13)]).findings
    assert hollow.message.startswith("12 of 35 videos of playlist “Linear Algebra” are deleted: 1. “Lecture 1”, ")
    assert hollow.message.endswith("5. “Lecture 5” and 7 more")
    assert len(lost(hollow)) == 12


@pytest.mark.parametrize(
    ("losses", "message"),
    [
        ([lecture(4, GONE)], "1 of 5 videos of playlist “Linear Algebra” is deleted: 4. “Lecture 4”"),
        ([lecture(4, PRIVATE)], "1 of 5 videos of playlist “Linear Algebra” is private: 4. “Lecture 4”"),
        (
            [lecture(1, PRIVATE), lecture(2, PRIVATE)],
            "2 of 5 videos of playlist “Linear Algebra” are private: 1. “Lecture 1”, 2. “Lecture 2”",
        ),
    ],
)
def test_what_became_of_the_losses_is_said(losses: list[Member], message: str) -> None:
    assert [finding.message for finding in course(losses, of=5).findings] == [message]


@pytest.mark.parametrize(
    ("losses", "of", "percent", "hollow"),
    [
        (3, 35, 10, False),
        (4, 35, 10, True),
        (1, 10, 10, True),
        (1, 11, 10, False),
        (1, 35, 1, True),
        (17, 35, 50, False),
        (18, 35, 50, True),
    ],
)
def test_the_share_is_a_setting(losses: int, of: int, percent: int, hollow: bool) -> None:
    report = course([lecture(n, GONE) for n in range(1, losses + 1)], of, settings=Settings(hollow_percent=percent))
    assert bool(report.findings) is hollow


@pytest.mark.parametrize(
    ("times", "since"),
    [([YESTERDAY, RUN_AT], RUN_AT), ([YESTERDAY, LONG_AGO], YESTERDAY), ([RUN_AT, LONG_AGO, YESTERDAY], YESTERDAY)],
)
def test_it_is_hollow_since_the_loss_that_made_the_share(times: list[datetime], since: datetime) -> None:
    (hollow,) = course([lecture(n, GONE, since=time) for n, time in enumerate(times, start=1)], of=20).findings
    assert (hollow.since, hollow.new) == (since, since == RUN_AT)


@pytest.mark.parametrize("known", [missing(State.UNAVAILABLE), missing(State.SUSPECT), unanswered(YESTERDAY)])
def test_only_what_lives_is_hollow_or_emptied_by_its_losses(known: ResourceRecord) -> None:
    for losses in (5, 10):
        report = course([lecture(n, GONE) for n in range(1, losses + 1)], of=10, known=known)
        assert found(report, rules.HOLLOW) == found(report, rules.EMPTIED) == []


def test_a_course_of_which_all_is_gone_has_no_videos_left() -> None:
    losses = [lecture(1, GONE, since=LONG_AGO), lecture(2, PRIVATE, since=YESTERDAY)]
    (emptied,) = course(losses, of=2, known=living("Linear Algebra", item_count=2)).findings
    assert (emptied.rule, emptied.level, emptied.since) == (rules.EMPTIED, Level.ERROR, YESTERDAY)
    assert emptied.message == "playlist “Linear Algebra” has no videos left: all 2 are private or deleted"
    assert [each["video_id"] for each in lost(emptied)] == ["0000000001A", "0000000002A"]
    (emptied,) = course(losses[:1], of=1, known=living("Linear Algebra", item_count=1)).findings
    assert emptied.message == "playlist “Linear Algebra” has no videos left: the only one is deleted"


def test_videos_that_no_look_has_seen_yet_keep_a_course_from_being_called_empty() -> None:
    (hollow,) = course([lecture(1, GONE)], of=1, known=living("Linear Algebra", item_count=9)).findings
    assert hollow.rule is rules.HOLLOW


def test_what_has_no_videos_by_youtubes_count_is_reported_once() -> None:
    (emptied,) = course([lecture(1, GONE)], of=1, known=living("Linear Algebra", item_count=0)).findings
    assert emptied.message == "playlist “Linear Algebra” has no videos left"


BESIDE = entry(f"{VIDEO.url}&list={PLAYLIST.id}", line=3)
LIVING: dict[Resource, ResourceRecord] = {VIDEO: living("Optimization"), PLAYLIST: COURSE}
NOT_IN_IT = {(VIDEO.id, PLAYLIST): None}


def beside(
    stay: Member | None = None,
    *,
    known: dict[Resource, ResourceRecord] = LIVING,
    due: bool = False,
    listed: datetime | None = LONG_AGO,
    first_look: datetime = LONG_AGO,
) -> list[Finding]:
    inside = InspectionResults(
        last_inspections={PLAYLIST: looked(35, due=due)},
        absent_videos={(VIDEO.id, PLAYLIST): stay},
        sizes={PLAYLIST: PlaylistSize(35, 35, first_look, None)},
    )
    return report_of([BESIDE], known, inside=inside, first_seen=lambda link: listed).findings  # type: ignore[return-value]  # a list, as it is made


def test_a_video_that_is_not_in_the_playlist_beside_it_is_misplaced() -> None:
    (finding,) = beside()
    assert (finding.rule, finding.level, finding.id, finding.links) == (
        rules.MISPLACED,
        Level.WARNING,
        VIDEO.id,
        (BESIDE,),
    )
    assert finding.message == "video “Optimization” is not in playlist “Linear Algebra”"
    assert finding.evidence == {"playlist": PLAYLIST.id, "position": None, "until": None}


def test_a_video_that_was_in_the_playlist_says_where_and_until_when() -> None:
    (finding,) = beside(lecture(4, left_at=YESTERDAY))
    assert finding.message == (
        "video “Optimization” is no longer in playlist “Linear Algebra” (it was number 4 until 2026-11-21)"
    )
    assert finding.evidence == {"playlist": PLAYLIST.id, "position": 3, "until": YESTERDAY}


@pytest.mark.parametrize(
    ("listed", "first_look", "left_at", "since"),
    [
        (LONG_AGO, YESTERDAY, None, YESTERDAY),
        (YESTERDAY, LONG_AGO, None, YESTERDAY),
        (LONG_AGO, LONG_AGO, RUN_AT, RUN_AT),
        (RUN_AT, LONG_AGO, YESTERDAY, RUN_AT),
        (None, LONG_AGO, None, None),
    ],
)
def test_it_is_misplaced_since_it_was_listed_so_or_left_or_could_first_be_seen(
    listed: datetime | None, first_look: datetime, left_at: datetime | None, since: datetime | None
) -> None:
    stay = None if left_at is None else lecture(4, left_at=left_at)
    (finding,) = beside(stay, listed=listed, first_look=first_look)
    assert finding.since == since


def test_what_moved_since_the_last_look_is_not_judged_by_it() -> None:
    assert beside(due=True) == []


@pytest.mark.parametrize("dead", [VIDEO, PLAYLIST])
def test_what_is_dead_is_reported_as_dead(dead: Resource) -> None:
    findings = beside(known={**LIVING, dead: missing(State.UNAVAILABLE)})
    assert [finding.rule for finding in findings] == [rules.DEAD]


def test_a_playlist_in_which_nobody_ever_was_can_lack_a_video_too() -> None:
    inside = InspectionResults(last_inspections={PLAYLIST: looked(0)}, absent_videos=NOT_IN_IT)
    (finding,) = report_of([BESIDE], LIVING, inside=inside).findings
    assert (finding.rule, finding.since) == (rules.MISPLACED, LONG_AGO)


def test_a_video_beside_two_playlists_is_two_findings_that_are_distinguished() -> None:
    other = Resource(PLAYLIST.kind, "PLF797E961509B4EB5")
    links = [BESIDE, entry(f"{VIDEO.url}&list={other.id}", line=4), entry(VIDEO, line=9)]
    inside = InspectionResults(
        last_inspections={PLAYLIST: looked(1), other: looked(1)},
        absent_videos={(VIDEO.id, PLAYLIST): None, (VIDEO.id, other): None},
    )
    findings = found(report_of(links, {**LIVING, other: COURSE}, inside=inside), rules.MISPLACED)
    assert len({finding.fingerprint for finding in findings}) == 2
    assert [finding.links for finding in findings] == [(links[0],), (links[1],)]


def test_a_video_that_is_in_its_playlist_is_in_its_place() -> None:
    inside = InspectionResults(last_inspections={PLAYLIST: looked(35)})
    assert report_of([BESIDE], LIVING, inside=inside).findings == []
