"""Bars and strips: each state in its own colour and height, and the same in words."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from xml.etree import ElementTree

from markupsafe import Markup
from msgspec.structs import replace as altered
from unit.report.making import DAY, NOW, RUN_AT, unanswered
from unit.report.resource.telling import KNOWN, life_of

from linkwatch.models.observation import Reason, State
from linkwatch.models.records import Span
from linkwatch.web.charts import SPAN, checks_bar, states_strip

UP, DOUBT, GONE = State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE


def drawn(picture: Markup) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture))  # noqa: S314 - it is ours


def test_a_bar_has_a_tick_for_each_check_and_says_so() -> None:
    picture = drawn(checks_bar((UP, UP, None, DOUBT, GONE)))
    assert picture.attrib["aria-label"] == "2 of 5 checks available, 1 suspect, 1 unavailable, 1 without answer"
    assert picture.findtext("title") == picture.attrib["aria-label"]
    ticks = {path.attrib["class"]: path.attrib["d"].count("M") for path in picture.iter("path")}
    assert ticks == {"available": 2, "suspect": 1, "unavailable": 1, "unanswered": 1}
    assert [path.attrib["d"] for path in picture.iter("path") if path.attrib["class"] == "suspect"] == [
        "M15 6h4v12h-4z"
    ]


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
    picture = drawn(states_strip(life_of(known, spans=spans, present_since={"state": NOW - 25 * DAY})))
    told = [(each.attrib["class"], float(each.attrib["x"]), float(each.attrib["width"])) for each in picture]
    assert told == [("available", 0, 500), ("unavailable", 500, 250), ("available", 750, 250)]
    assert picture.attrib["aria-label"].endswith("available, then unavailable, then available")
    assert all(x + width == next_x for (_, x, width), (_, next_x, _) in pairwise(told))
    assert sum(width for _, _, width in told) == SPAN


def test_a_time_without_answers_is_drawn_over_what_was_so() -> None:
    known = altered(KNOWN, first_seen=NOW - 10 * DAY)
    silence = Span("unanswered", None, NOW - 5 * DAY, NOW - 3 * DAY)
    picture = drawn(states_strip(life_of(known, spans=[silence])))
    unseen = [each for each in picture if each.attrib["class"] == "unanswered"]
    assert [(each.attrib["x"], each.attrib["width"]) for each in unseen] == [("500.0", "200.0")]
    assert float(unseen[0].attrib["height"]) < 18


def test_the_shortest_time_is_seen() -> None:
    known = altered(
        KNOWN, state=GONE, reason=Reason.NOT_FOUND, first_seen=NOW - 1_000 * DAY, state_since=NOW - timedelta(minutes=1)
    )
    spans = [Span("state", "available", NOW - 1_000 * DAY, RUN_AT)]
    picture = drawn(states_strip(life_of(known, spans=spans, present_since={"state": NOW - timedelta(minutes=1)})))
    assert float(picture[1].attrib["width"]) == 2


def test_what_was_never_answered_about_or_was_just_met_has_no_strip() -> None:
    assert states_strip(life_of(unanswered(), members=(), look=None)) == ""
    assert states_strip(replace(life_of(altered(KNOWN, first_seen=NOW)), generated_at=NOW)) == ""
