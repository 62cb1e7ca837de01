"""Bars, strips and charts: each state in its own colour and pattern, and the same in words and numbers."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from markupsafe import Markup
from msgspec.structs import replace as altered
from unit.report.builders import DAY, NOW, RUN_AT, unanswered
from unit.report.resource.histories import KNOWN, history_of

from linkwatch.models.observation import MemberState, Reason, State
from linkwatch.models.records import Span
from linkwatch.report.charts import (
    MOST_SQUARES,
    PLOT,
    SPAN,
    TICK,
    CheckBar,
    availability_chart,
    broken_chart,
    checks_bar,
    members_map,
    quota_chart,
    shared_bars,
    states_strip,
    videos_chart,
)
from linkwatch.report.trends import DayStates

UP, DOUBT, GONE, UNKNOWN = State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE, State.UNKNOWN


def drawn(picture: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))  # noqa: S314 - it is ours


def extent(path: ElementTree.Element) -> tuple[float, float]:
    """Left edge and width of what a path draws."""
    found = re.match(r"M([0-9.]+) 0h([0-9.]+)v", path.attrib["d"])
    assert found is not None
    return float(found[1]), float(found[2])


@pytest.mark.parametrize(
    ("checks", "words"),
    [
        ((UP,) * 30, "30 of 30 checks available"),
        ((UP,), "1 of 1 check available"),
        ((UP,) * 29 + (None,), "29 of 30 checks available, 1 without answer"),
        ((UNKNOWN, DOUBT, GONE, GONE), "0 of 4 checks available, 1 suspect, 2 unavailable, 1 without answer"),
        ((State.UNMONITORABLE,) * 2, "0 of 2 checks available, 2 without answer"),
    ],
)
def test_a_bar_says_in_words_what_it_shows(checks: tuple[State | None, ...], words: str) -> None:
    assert drawn(checks_bar(checks)).attrib["aria-label"] == words


def test_a_bar_has_a_tick_for_each_check_of_one_height_and_a_pattern_for_each_state() -> None:
    picture = drawn(checks_bar((UP, UP, None, DOUBT, GONE)))
    assert {path.attrib["class"]: path.attrib["d"] for path in picture.iter("path")} == {
        "available": "M0 0h4v18h-4zM5 0h4v18h-4z",
        "unanswered": "M10 0h4v18h-4zM11 1v16h2v-16z",
        "suspect": "M15 0h4v8h-4zM15 10h4v8h-4z",
        "unavailable": "M20 0h4v3h-4zM20 5h4v3h-4zM20 10h4v3h-4zM20 15h4v3h-4z",
    }
    assert (picture.attrib["width"], picture.attrib["height"]) == (str(5 * TICK), "18")


def test_a_tick_says_when_and_why() -> None:
    times = tuple(NOW - ago * DAY for ago in (4, 3, 2, 1, 0))
    picture = drawn(checks_bar((GONE, UP, None, GONE, GONE), times, Reason.NOT_FOUND))
    assert [path.findtext("title") for path in picture.iter("path")] == [
        f"{times[0]:%Y-%m-%d %H:%M} UTC: unavailable",
        f"{times[1]:%Y-%m-%d %H:%M} UTC: available",
        f"{times[2]:%Y-%m-%d %H:%M} UTC: no answer",
        f"{times[3]:%Y-%m-%d %H:%M} UTC: unavailable (not found)",
        f"{times[4]:%Y-%m-%d %H:%M} UTC: unavailable (not found)",
    ]


def test_equal_histories_share_a_drawing_to_which_their_bars_refer() -> None:
    drawings, bars = shared_bars(map(CheckBar, [(UP, UP), (UP, None), (UP, UP), ()]))
    symbols = {symbol.attrib["id"]: list(symbol) for symbol in drawn(drawings)}
    assert {name: [path.attrib["class"] for path in paths] for name, paths in symbols.items()} == {
        "h0": ["available"],
        "h1": ["available", "unanswered"],
    }
    assert set(bars) == {CheckBar((UP, UP)), CheckBar((UP, None))}
    pictures = {checks: drawn(bar) for checks, bar in bars.items()}
    assert [picture.find("use").attrib["href"] for picture in pictures.values()] == ["#h0", "#h1"]  # type: ignore[union-attr]
    words = drawn(checks_bar((UP, None))).attrib["aria-label"]
    assert pictures[CheckBar((UP, None))].attrib["aria-label"] == words


def test_a_page_without_checks_has_no_drawings() -> None:
    assert shared_bars([CheckBar(()), CheckBar(())]) == ("", {})


def test_no_checks_no_bar() -> None:
    assert checks_bar(()) == ""


def test_a_strip_is_as_wide_as_each_state_was_long() -> None:
    """Up for 50 days, gone for 25, up again for 25: a state lasts until the next one was found."""
    began = NOW - 100 * DAY
    spans = [
        Span("state", "available", began, NOW - 51 * DAY),
        Span("state", "unavailable not_found", NOW - 50 * DAY, NOW),
    ]
    known = altered(KNOWN, first_seen=began, state_since=NOW - 25 * DAY)
    picture = drawn(states_strip(history_of(known, spans=spans, present_since={"state": NOW - 25 * DAY})))
    segments = [(each.attrib["class"], *extent(each)) for each in picture]
    assert segments == [("available", 0, 500), ("unavailable", 500, 250), ("available", 750, 250)]
    assert picture.attrib["aria-label"].endswith("available, then unavailable, then available")
    assert all(x + width == next_x for (_, x, width), (_, next_x, _) in pairwise(segments))
    assert sum(width for _, _, width in segments) == SPAN


def test_a_time_without_answers_is_drawn_over_what_was_so() -> None:
    known = altered(KNOWN, first_seen=NOW - 10 * DAY)
    silence = Span("unanswered", None, NOW - 5 * DAY, NOW - 3 * DAY)
    picture = drawn(states_strip(history_of(known, spans=[silence])))
    unseen = [each for each in picture if each.attrib["class"] == "unanswered"]
    assert [extent(each) for each in unseen] == [(500, 200)]
    assert [(each.findtext("title") or "").partition(",")[0] for each in picture] == ["available", "", "no answer"]


def test_the_shortest_time_is_seen() -> None:
    known = altered(
        KNOWN, state=GONE, reason=Reason.NOT_FOUND, first_seen=NOW - 1_000 * DAY, state_since=NOW - timedelta(minutes=1)
    )
    spans = [Span("state", "available", NOW - 1_000 * DAY, RUN_AT)]
    picture = drawn(states_strip(history_of(known, spans=spans, present_since={"state": NOW - timedelta(minutes=1)})))
    assert extent(picture[1])[1] == 2
    assert str(picture[1].findtext("title")).startswith("unavailable (not found), ")


def test_what_was_never_answered_about_or_was_just_met_has_no_strip() -> None:
    assert states_strip(history_of(unanswered(), members=(), look=None)) == ""
    assert states_strip(replace(history_of(altered(KNOWN, first_seen=NOW)), generated_at=NOW)) == ""


TODAY = NOW.date()


def days(*states: tuple[int, int, int]) -> list[DayStates]:
    return [DayStates(TODAY - (len(states) - 1 - at) * DAY, *each) for at, each in enumerate(states)]


def test_the_chart_of_broken_links_has_the_heights_of_its_table() -> None:
    chart = broken_chart(days((0, 0, 0), (10, 0, 0), (8, 1, 1), (8, 1, 1), (6, 0, 4)))
    assert chart is not None
    assert [row[1:] for row in chart.rows] == [("4", "0", "10"), ("1", "1", "10"), ("0", "0", "10")]
    assert (chart.top, chart.bottom) == ("4", "0")
    both, confirmed = (path.attrib["d"] for path in drawn(chart.picture).iter("path"))
    assert both == f"M0 {PLOT}V100.0H250.0V50.0H750.0V0.0H{SPAN}V{PLOT}z"
    assert confirmed == f"M0 {PLOT}V100.0H250.0V75.0H750.0V0.0H{SPAN}V{PLOT}z"


def test_before_two_days_there_is_nothing_to_compare() -> None:
    assert broken_chart(days((0, 0, 0), (3, 0, 0))) is None
    assert availability_chart(days((0, 0, 0))) is None


def test_a_day_shows_what_is_broken_however_little_it_is() -> None:
    chart = availability_chart(days((0, 0, 0), (1000, 0, 0), (999, 0, 1), (0, 0, 1000)))
    assert chart is not None
    first, *others = list(drawn(chart.picture))
    assert first.findtext("title") == f"{TODAY - 3 * DAY}: not checked yet"
    assert [[path.attrib["class"] for path in day.iter("path")] for day in others] == [
        ["available"],
        ["unavailable", "available"],
        ["unavailable"],
    ]
    assert [str(day.findtext("title")).partition(": ")[2] for day in others] == [
        "all 1,000 available",
        "1 unavailable of 1,000",
        "1,000 unavailable of 1,000",
    ]
    assert [row[1:] for row in chart.rows] == [("0", "0", "1,000"), ("999", "0", "1"), ("1,000", "0", "0")]


def test_the_chart_of_the_quota_has_a_bar_for_each_day_of_its_table() -> None:
    chart = quota_chart([(TODAY - 3 * DAY, 20), (TODAY - DAY, 5), (TODAY, 0)], 10_000)
    assert chart is not None
    assert [row[1] for row in chart.rows] == ["0", "5", "20"]
    bars = [path.attrib["d"] for path in drawn(chart.picture).iter("path")]
    assert bars == ["M0.0 0.0h200.0v100.0h-200.0z", "M500.0 75.0h200.0v25.0h-200.0z"]
    assert quota_chart([], 10_000) is None


def test_the_map_of_a_playlist_has_a_square_for_each_video_and_a_row_for_each_that_is_lost() -> None:
    history = history_of()
    assert history.contents is not None
    lost, *others = history.contents.members
    members = [altered(lost, state=MemberState.DELETED), *others]
    history = replace(history, contents=replace(history.contents, members=members))
    chart = members_map(history)
    assert chart is not None
    assert history.contents is not None
    number = len(history.contents.members) + len(history.contents.former_members)
    classes = [path.attrib["class"] for path in drawn(chart.picture).iter("path")]
    assert len(classes) == number
    assert len(chart.rows) == sum(name != "available" for name in classes) > 0


def test_the_map_of_a_long_playlist_is_bounded() -> None:
    history = history_of()
    assert history.contents is not None
    many = [altered(history.contents.members[0], position=at) for at in range(5_000)]
    chart = members_map(replace(history, contents=replace(history.contents, members=many)))
    assert chart is not None
    assert len(list(drawn(chart.picture).iter("path"))) <= MOST_SQUARES
    assert "A square stands for 9 videos" in chart.note


def test_the_videos_over_time_fall_where_the_table_says() -> None:
    known = altered(KNOWN, first_seen=NOW - 10 * DAY, facts=altered(KNOWN.facts, item_count=136))
    count = Span("item_count", "142", NOW - 10 * DAY, NOW - 5 * DAY)
    chart = videos_chart(history_of(known, spans=[count], present_since={"item_count": NOW - 5 * DAY}))
    assert chart is not None
    assert [row[1] for row in chart.rows if row[1]] == ["136", "142"]
    (line,) = [path.attrib["d"] for path in drawn(chart.picture).iter("path") if path.attrib["class"] == "line"]
    assert line == "M0.0 0.0H500.0V66.7H1000"
    assert (chart.top, chart.bottom) == ("142", "133")
