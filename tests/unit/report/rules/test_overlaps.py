"""Playlists that share most of their videos, and who could stand in for one that is lost."""

from datetime import datetime
from typing import Any

import msgspec
import pytest
from unit.report.builders import LONG_AGO, OTHER, PLAYLIST, RUN_AT, YESTERDAY, entry, found, living, missing, report_of

from linkwatch.models import rules
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import InspectionResults, PlaylistMatch, PlaylistSize
from linkwatch.models.resource import Resource
from linkwatch.models.rules import Level
from linkwatch.report.model import Finding, Report, Suggestion

MINE, THEIRS = entry(PLAYLIST, "Algebra", file="README.md", line=3), entry(OTHER, "Algebra", file="README.md", line=12)
LIVING: dict[Resource, ResourceRecord] = {PLAYLIST: living("Linear Algebra"), OTHER: living("Algebra again")}
DEAD: dict[Resource, ResourceRecord] = {**LIVING, PLAYLIST: missing(State.UNAVAILABLE, title="Linear Algebra")}


def holding(
    videos: int, watchable: int | None = None, *, added: datetime | None = None, first_look: datetime = LONG_AGO
) -> PlaylistSize:
    return PlaylistSize(videos, videos if watchable is None else watchable, first_look, added)


def lectures(number: int, *, besides: int = 0) -> tuple[str, ...]:
    """The ids of that many, after the first ones."""
    return tuple(f"{place:011d}" for place in range(besides, besides + number))


def overlap(
    mine: PlaylistSize, theirs: PlaylistSize, known: dict[Resource, ResourceRecord] = LIVING, shared: int = 30
) -> Finding:
    (finding,) = found(overlapping(mine, theirs, known, shared), rules.OVERLAP)
    return finding


def overlapping(
    mine: PlaylistSize, theirs: PlaylistSize, known: dict[Resource, ResourceRecord] = LIVING, shared: int = 30
) -> Report:
    videos = {
        PLAYLIST: lectures(mine.video_count),
        OTHER: lectures(theirs.video_count, besides=mine.video_count - shared),
    }
    inside = InspectionResults(overlapping=[videos], sizes={PLAYLIST: mine, OTHER: theirs})
    return report_of([MINE, THEIRS], known, inside=inside)


def test_the_fuller_of_two_that_are_alike_is_the_one_to_keep() -> None:
    finding = overlap(holding(35), holding(40))
    assert (finding.rule, finding.level, finding.id) == (rules.OVERLAP, Level.NOTICE, PLAYLIST.id)
    assert finding.links == (MINE, THEIRS)
    assert finding.message == (
        "playlist “Linear Algebra” shares 30 of its 35 videos with “Algebra again” (README.md:12), "
        "which has more available videos: 40, here 35"
    )
    assert finding.evidence == {
        "other": OTHER.id,
        "shared": 30,
        "videos": 35,
        "videos_of_other": 40,
        "group": [OTHER.id, PLAYLIST.id],
    }
    turned_around = overlap(holding(40), holding(35))
    assert (turned_around.id, turned_around.links) == (OTHER.id, (THEIRS, MINE))
    assert "“Algebra again” shares 30 of its 35 videos with “Linear Algebra” (README.md:3)" in turned_around.message


def test_what_is_gone_from_youtube_does_not_fill_a_playlist() -> None:
    finding = overlap(holding(40, watchable=30), holding(35))
    assert finding.id == PLAYLIST.id
    assert finding.message.endswith("which has more available videos: 35, here 30")


def test_the_living_one_is_kept_however_full_the_dead_one_is() -> None:
    finding = overlap(holding(50), holding(35), DEAD)
    assert finding.id == PLAYLIST.id
    assert finding.message.endswith("with “Algebra again” (README.md:12), which is available")


def test_one_that_is_not_called_dead_yet_is_not_reported_as_dead() -> None:
    finding = overlap(holding(50), holding(35), {**LIVING, PLAYLIST: missing(State.SUSPECT)})
    assert finding.id == PLAYLIST.id
    assert finding.message.endswith("(README.md:12), which is available")


def test_of_two_that_are_as_full_the_fresher_one_is_kept() -> None:
    finding = overlap(holding(35, added=YESTERDAY), holding(35, added=LONG_AGO))
    assert finding.id == OTHER.id
    assert finding.message.endswith("which is newer: its last video was added 2026-11-21")


@pytest.mark.parametrize("added", [None, LONG_AGO])
def test_of_two_that_are_the_same_the_first_in_the_list_is_kept_without_a_reason(added: datetime | None) -> None:
    finding = overlap(holding(30, added=added), holding(30, added=added))
    assert finding.id == OTHER.id
    assert finding.message == "playlist “Algebra again” shares all of its 30 videos with “Linear Algebra” (README.md:3)"


def test_two_that_are_dead_are_reported_as_dead() -> None:
    dead = {PLAYLIST: missing(State.UNAVAILABLE), OTHER: missing(State.UNAVAILABLE)}
    assert found(overlapping(holding(35), holding(35), dead), rules.OVERLAP) == []


def test_they_overlap_since_both_were_listed_and_looked_into() -> None:
    assert overlap(holding(35), holding(40)).since == LONG_AGO
    finding = overlap(holding(35), holding(40, first_look=RUN_AT))
    assert (finding.since, finding.new) == (RUN_AT, True)
    inside = InspectionResults(
        overlapping=[{PLAYLIST: lectures(3), OTHER: lectures(4)}], sizes={PLAYLIST: holding(3), OTHER: holding(4)}
    )
    report = report_of(
        [MINE, THEIRS], LIVING, inside=inside, first_seen=lambda link: YESTERDAY if link is THEIRS else LONG_AGO
    )
    assert [finding.since for finding in found(report, rules.OVERLAP)] == [YESTERDAY]


@pytest.mark.parametrize("which", [0, 1])
def test_an_entry_that_ignores_it_is_enough(which: int) -> None:
    links = [MINE, THEIRS]
    links[which] = msgspec.structs.replace(links[which], ignored=("overlap",))
    inside = InspectionResults(
        overlapping=[{PLAYLIST: lectures(3), OTHER: lectures(4)}], sizes={PLAYLIST: holding(3), OTHER: holding(4)}
    )
    assert report_of(links, LIVING, inside=inside).findings == []


def test_entries_that_list_a_video_of_it_do_not_list_the_playlist() -> None:
    inside = InspectionResults(
        overlapping=[{PLAYLIST: lectures(3), OTHER: lectures(4)}], sizes={PLAYLIST: holding(3), OTHER: holding(4)}
    )
    beside = entry(f"https://www.youtube.com/watch?v=haHLRD0QZ08&list={OTHER.id}", file="README.md", line=2)
    (finding,) = report_of([beside, MINE, THEIRS], LIVING, inside=inside).findings
    assert finding.links == (MINE, THEIRS)
    assert "(README.md:12)" in finding.message
    assert report_of([beside, MINE], LIVING, inside=inside).findings == []


THIRD = Resource(PLAYLIST.kind, "PLF797E961509B4EB6")
ITS = entry(THIRD, "Algebra", file="README.md", line=20)
THREE = {**LIVING, THIRD: living("Third Algebra")}


def three(*videos: tuple[str, ...], known: dict[Resource, ResourceRecord] = THREE, **options: Any) -> list[Finding]:
    names = (PLAYLIST, OTHER, THIRD)
    sizes = {each: holding(len(some)) for each, some in zip(names, videos, strict=True)}
    inside = InspectionResults(overlapping=[dict(zip(names, videos, strict=True))], sizes=sizes)
    return found(report_of([MINE, THEIRS, ITS], known, inside=inside, **options), rules.OVERLAP)


def test_playlists_that_share_most_videos_with_the_same_one_are_one_finding() -> None:
    (finding,) = three(lectures(30), lectures(30), lectures(31))
    assert (finding.id, finding.links) == (PLAYLIST.id, (MINE, THEIRS, ITS))
    assert finding.message == (
        "playlist “Linear Algebra” and 1 other playlist share most of their videos with “Third Algebra” "
        "(README.md:20), which has the most available videos: 31"
    )
    assert finding.evidence == {
        "other": THIRD.id,
        "shared": 30,
        "videos": 30,
        "videos_of_other": 31,
        "group": [THIRD.id, PLAYLIST.id, OTHER.id],
    }


def test_there_are_as_many_findings_as_playlists_that_are_kept() -> None:
    """The first two are alike, and so are the last two; the first and the last are not."""
    findings = three(lectures(10), lectures(11, besides=3), lectures(12, besides=5))
    kept = {finding.id: finding.evidence["other"] for finding in findings}
    assert kept == {PLAYLIST.id: OTHER.id, OTHER.id: THIRD.id}
    assert len({finding.fingerprint for finding in findings}) == 2


def test_two_of_a_group_that_are_not_alike_are_no_finding() -> None:
    assert three(lectures(10), lectures(10, besides=8), lectures(10, besides=16)) == []


def test_a_group_is_new_when_one_joins_it_and_names_that_one() -> None:
    (finding,) = three(
        lectures(31), lectures(30), lectures(30), first_seen=lambda link: YESTERDAY if link is ITS else LONG_AGO
    )
    assert (finding.id, finding.since) == (THIRD.id, YESTERDAY)
    assert finding.message.startswith("playlist “Third Algebra” and 1 other playlist share most of their videos with ")


def test_of_a_group_the_available_one_is_kept() -> None:
    lost = missing(State.UNAVAILABLE)
    (finding,) = three(lectures(30), lectures(31), lectures(30), known={**THREE, PLAYLIST: lost, OTHER: lost})
    assert finding.evidence["other"] == THIRD.id
    assert finding.message.endswith("with “Third Algebra” (README.md:20), which is available")


def test_six_hundred_with_the_same_videos_are_one_finding() -> None:
    many = [Resource(PLAYLIST.kind, f"PL{number:016d}") for number in range(600)]
    links = [entry(each, "Algebra", file="README.md", line=line) for line, each in enumerate(many, start=1)]
    inside = InspectionResults(overlapping=[dict.fromkeys(many, lectures(50))], sizes=dict.fromkeys(many, holding(50)))
    report = report_of(links, {each: living("Algebra") for each in many}, inside=inside)
    (finding,) = found(report, rules.OVERLAP)
    assert len(finding.links) == 600
    assert finding.message == (
        "playlist “Algebra” and 598 other playlists share most of their videos with “Algebra” (README.md:1)"
    )


def test_a_playlist_without_a_title_is_called_by_its_id() -> None:
    finding = overlap(holding(35), holding(40), {**LIVING, OTHER: living()})
    assert f"with {OTHER.id} (README.md:12)" in finding.message


def suggested(
    holders: list[PlaylistMatch], extent: PlaylistSize, known: dict[Resource, ResourceRecord] = DEAD
) -> list[Suggestion]:
    inside = InspectionResults(matches={PLAYLIST: holders}, sizes={OTHER: extent})
    (finding,) = [each for each in report_of([MINE, THEIRS], known, inside=inside).findings if each.id == PLAYLIST.id]
    assert finding.rule in {rules.DEAD, rules.EMPTIED}
    return list(finding.suggestions)


def test_a_dead_playlist_is_replaced_first_of_all_by_one_that_holds_its_videos() -> None:
    first, *others = suggested([PlaylistMatch(OTHER, 30, 35)], holding(40))
    assert first == Suggestion("holds 30 of its 35 videos: “Algebra again” (README.md:12)", OTHER.url)
    assert [each.text for each in others] == ["an archived copy, if there is one", "a search for it"]


def test_an_emptied_playlist_too() -> None:
    emptied = {**LIVING, PLAYLIST: living("Linear Algebra", item_count=0)}
    first = suggested([PlaylistMatch(OTHER, 35, 35)], holding(40), emptied)[0]
    assert first.text == "holds all of its 35 videos: “Algebra again” (README.md:12)"


def test_one_whose_own_videos_are_gone_is_not_suggested() -> None:
    assert len(suggested([PlaylistMatch(OTHER, 30, 35)], holding(40, watchable=29))) == 2


def test_one_that_is_missing_itself_is_not_suggested() -> None:
    known = {**DEAD, OTHER: missing(State.SUSPECT)}
    assert len(suggested([PlaylistMatch(OTHER, 30, 35)], holding(40), known)) == 2
