"""Bars and strips: each state in its own colour and height, and the same in words."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from markupsafe import Markup
from msgspec.structs import replace as altered
from unit.report.builders import DAY, NOW, RUN_AT, unanswered
from unit.report.resource.histories import KNOWN, history_of

from linkwatch.models.observation import Reason, State
from linkwatch.models.records import Span
from linkwatch.report.charts import SPAN, TICK, checks_bar, shared_bars, states_strip

UP, DOUBT, GONE, UNKNOWN = State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE, State.UNKNOWN


def drawn(picture: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))  # noqa: S314 - it is ours


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
    picture = drawn(checks_bar(checks))
    assert (picture.attrib["aria-label"], picture.findtext("title")) == (words, words)


def test_a_bar_has_a_tick_for_each_check_as_tall_as_its_state_is_good() -> None:
    picture = drawn(checks_bar((UP, UP, None, DOUBT, GONE)))
    assert {path.attrib["class"]: path.attrib["d"] for path in picture.iter("path")} == {
        "available": "M0 0h4v18h-4zM5 0h4v18h-4z",
        "unanswered": "M10 16h4v2h-4z",
        "suspect": "M15 6h4v12h-4z",
        "unavailable": "M20 11h4v7h-4z",
    }
    assert (picture.attrib["width"], picture.attrib["height"]) == (str(5 * TICK), "18")


def test_equal_histories_share_a_drawing_to_which_their_bars_refer() -> None:
    drawings, bars = shared_bars([(UP, UP), (UP, None), (UP, UP), ()])
    symbols = {symbol.attrib["id"]: list(symbol) for symbol in drawn(drawings)}
    assert {name: [path.attrib["class"] for path in paths] for name, paths in symbols.items()} == {
        "h0": ["available"],
        "h1": ["available", "unanswered"],
    }
    assert set(bars) == {(UP, UP), (UP, None)}
    pictures = {checks: drawn(bar) for checks, bar in bars.items()}
    assert [picture.find("use").attrib["href"] for picture in pictures.values()] == ["#h0", "#h1"]  # type: ignore[union-attr]
    assert pictures[UP, None].findtext("title") == drawn(checks_bar((UP, None))).findtext("title")


def test_a_page_without_checks_has_no_drawings() -> None:
    assert shared_bars([(), ()]) == ("", {})


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
    segments = [(each.attrib["class"], float(each.attrib["x"]), float(each.attrib["width"])) for each in picture]
    assert segments == [("available", 0, 500), ("unavailable", 500, 250), ("available", 750, 250)]
    assert picture.attrib["aria-label"].endswith("available, then unavailable, then available")
    assert all(x + width == next_x for (_, x, width), (_, next_x, _) in pairwise(segments))
    assert sum(width for _, _, width in segments) == SPAN


def test_a_time_without_answers_is_drawn_over_what_was_so() -> None:
    known = altered(KNOWN, first_seen=NOW - 10 * DAY)
    silence = Span("unanswered", None, NOW - 5 * DAY, NOW - 3 * DAY)
    picture = drawn(states_strip(history_of(known, spans=[silence])))
    unseen = [each for each in picture if each.attrib["class"] == "unanswered"]
    assert [(each.attrib["x"], each.attrib["width"]) for each in unseen] == [("500.0", "200.0")]
    assert float(unseen[0].attrib["height"]) < 18


def test_the_shortest_time_is_seen() -> None:
    known = altered(
        KNOWN, state=GONE, reason=Reason.NOT_FOUND, first_seen=NOW - 1_000 * DAY, state_since=NOW - timedelta(minutes=1)
    )
    spans = [Span("state", "available", NOW - 1_000 * DAY, RUN_AT)]
    picture = drawn(states_strip(history_of(known, spans=spans, present_since={"state": NOW - timedelta(minutes=1)})))
    assert float(picture[1].attrib["width"]) == 2


def test_what_was_never_answered_about_or_was_just_met_has_no_strip() -> None:
    assert states_strip(history_of(unanswered(), members=(), look=None)) == ""
    assert states_strip(replace(history_of(altered(KNOWN, first_seen=NOW)), generated_at=NOW)) == ""
