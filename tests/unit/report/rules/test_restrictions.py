"""What keeps readers from watching, as far as the settings say that it matters."""

from dataclasses import replace

import pytest
from unit.report.builders import (
    LONG_AGO,
    PLAYLIST,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    happened,
    lecture,
    living,
    looked,
    missing,
    report_of,
)

from linkwatch.models import rules
from linkwatch.models.events import EventKind
from linkwatch.models.observation import EMBEDDING_HINT, Member, State
from linkwatch.models.records import InspectionResults
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.settings import Settings

GERMAN = Settings(regions=("DE", "AT"))


def restricted(words: tuple[str, ...] | None, settings: Settings | None = None) -> list[str]:
    report = report_of([entry(VIDEO)], {VIDEO: living("Optimization", restrictions=words)}, settings=settings)
    return [finding.message.removeprefix("video “Optimization” ") for finding in report.findings]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("age",), "is age-restricted (sign-in required)"),
        (("embedding",), "can't be embedded"),
        ((EMBEDDING_HINT,), "can't be embedded or is private (only a check with a key can tell)"),
        (("blocked:DE,FR",), "is blocked in DE, FR"),
        (("allowed:US",), "is available in US only"),
        (("allowed:",), "is available in no country"),
        (("blocked:AT,BE,CH,DE,FR,IT,US",), "is blocked in AT, BE, CH, DE, FR and 2 more countries"),
        (("live",), "is live now"),
        (("upcoming",), "has not started yet"),
        (("age", "embedding"), "is age-restricted (sign-in required) and can't be embedded"),
    ],
)
def test_a_restricted_video_says_what_keeps_whom_out(words: tuple[str, ...], message: str) -> None:
    event = happened(VIDEO, EventKind.RESTRICTED, "", " ".join(words), at=YESTERDAY)
    (finding,) = report_of([entry(VIDEO)], {VIDEO: living("Optimization", restrictions=words)}, [event]).findings
    assert (finding.rule, finding.level) == (rules.RESTRICTED, Level.WARNING)
    assert finding.message == f"video “Optimization” {message}"
    assert (finding.since, finding.new) == (YESTERDAY, False)
    assert finding.evidence == {"restrictions": list(words)}


@pytest.mark.parametrize("words", [None, ()])
def test_without_restrictions_or_without_word_of_them_nothing_is_restricted(words: tuple[str, ...] | None) -> None:
    assert restricted(words) == []


@pytest.mark.parametrize(
    ("word", "reported"),
    [
        ("blocked:CH,DE,FR", ["is blocked in DE"]),
        ("blocked:AT,DE", ["is blocked in DE, AT"]),
        ("blocked:FR,US", []),
        ("allowed:CH,DE", ["is blocked in AT"]),
        ("allowed:US", ["is blocked in DE, AT"]),
        ("allowed:", ["is blocked in DE, AT"]),
        ("allowed:AT,DE,US", []),
        ("age", ["is age-restricted (sign-in required)"]),
    ],
)
def test_a_block_counts_where_the_readers_are(word: str, reported: list[str]) -> None:
    assert restricted((word,), GERMAN) == reported


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("age", "age"),
        ("embedding", "embedding"),
        (EMBEDDING_HINT, "embedding"),
        ("blocked:DE", "regions"),
        ("allowed:US", "regions"),
        ("live", "live"),
        ("upcoming", "upcoming"),
    ],
)
def test_only_restrictions_in_the_settings_are_reported(word: str, name: str) -> None:
    everything = Settings()
    others = tuple(each for each in everything.restrictions if each != name)
    assert len(restricted((word,), replace(everything, restrictions=(name,)))) == 1
    assert restricted((word,), replace(everything, restrictions=others)) == []
    assert restricted((word,), replace(everything, restrictions=())) == []


def course(*members: Member, settings: Settings | None = None, state: State = State.AVAILABLE) -> Report:
    known = living("Linear Algebra") if state is State.AVAILABLE else missing(state)
    inside = InspectionResults(last_inspections={PLAYLIST: looked(35)}, restricted_members={PLAYLIST: members})
    return report_of([entry(PLAYLIST)], {PLAYLIST: known}, inside=inside, settings=settings)


def lectures(count: int, *words: str, first: int = 1) -> list[Member]:
    return [lecture(number, restrictions=words) for number in range(first, first + count)]


def test_a_course_counts_its_lectures_that_not_everybody_can_watch() -> None:
    several = lectures(1, "age", "allowed:US", first=10)
    members = [*lectures(9, "blocked:DE,FR"), *several, *lectures(1, "age", first=11)]
    (finding,) = course(*members, settings=GERMAN).findings
    assert (finding.rule, finding.level) == (rules.RESTRICTED, Level.WARNING)
    assert finding.message == (
        "11 of 35 videos of playlist “Linear Algebra” are restricted: "
        "10 are blocked in DE or AT, 2 are age-restricted (sign-in required)"
    )
    assert finding.evidence["videos"] == 35
    evidence = finding.evidence["restricted"]
    assert isinstance(evidence, list)
    assert evidence[9] == {
        "video_id": "0000000010A",
        "title": "Lecture 10",
        "position": 9,
        "restrictions": ["age", "blocked:DE,AT"],
    }


@pytest.mark.parametrize(
    ("words", "one", "two"),
    [
        (("age",), "1 is age-restricted (sign-in required)", "2 are age-restricted (sign-in required)"),
        (("embedding",), "1 can't be embedded", "2 can't be embedded"),
        (("blocked:DE",), "1 is blocked in some countries", "2 are blocked in some countries"),
        (("live",), "1 is live now", "2 are live now"),
        (("upcoming",), "1 has not started yet", "2 have not started yet"),
    ],
)
def test_one_lecture_and_several_are_reported(words: tuple[str, ...], one: str, two: str) -> None:
    for count, expected in ((1, one), (2, two)):
        (finding,) = course(*lectures(count, *words)).findings
        assert finding.message.endswith(f" restricted: {expected}")


def test_a_courses_lectures_are_counted_by_the_same_settings() -> None:
    assert course(*lectures(3, "blocked:FR"), settings=GERMAN).findings == []
    assert course(*lectures(3, "embedding"), settings=Settings(restrictions=("age",))).findings == []
    assert course().findings == []


def test_what_a_dead_course_held_is_not_reported() -> None:
    report = course(*lectures(3, "age"), state=State.UNAVAILABLE)
    assert [finding.rule for finding in report.findings] == [rules.DEAD]


def test_it_is_so_since_the_last_of_the_lectures_was_seen_there() -> None:
    (finding,) = course(*lectures(3, "age")).findings
    assert (finding.since, finding.new) == (LONG_AGO, False)
    new = Member("0000000009A", 0, 8, lecture(9).state, RUN_AT, RUN_AT, restrictions=("age",))
    (finding,) = course(*lectures(3, "age"), new).findings
    assert (finding.since, finding.new) == (RUN_AT, True)
