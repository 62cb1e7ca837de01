"""The page in a browser: quiet, readable at every width and in the dark, usable by keyboard, light when it is long."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser.conftest import SCHEMES, Opened, assert_everybody_can_use
from browser.conftest import sideways_scroll as overflow
from msgspec.structs import replace as altered
from unit.report.builders import MALFORMED, RUN_AT, WATCH_LATER, YESTERDAY, entry, living, missing, report_of
from unit.report.formats.hostile_text import HUGE, NASTY, report_by_strangers

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import Reason, State
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.formats.html import render
from linkwatch.report.model import Report

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

Open = Callable[..., Opened]

SIZES = [3, 34, 5_000]
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)',
    "</title></style><script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "{{ 7 * 7 }}",
    "".join(NASTY),
    HUGE,
    "W" * 10_000,
]

TOO_PALE = """() => {
  const numbers = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = numbers(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const pale = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, other] = [light(numbers(getComputedStyle(element).color)), light(behind(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) pale.push([texts.currentNode.data.trim(), ratio]);
  }
  return pale;
}"""
"""Texts with less contrast than 4.5 to 1, which WCAG asks for at level AA."""


def watched_list(size: int) -> Report:
    """A list with a bit of everything, two findings that are accepted, and the last 30 checks."""
    named = [Resource(Kind.PLAYLIST, f"PL{number:032}") for number in range(size)]
    known = {what: living(f"Lecture course {at}", owner="Professor Leonard") for at, what in enumerate(named)}
    known |= {what: missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND) for what in named[2::10]}
    known |= {what: missing(State.SUSPECT) for what in named[5::100]}
    links = [entry(what, f"Course {at}", line=at, section=f"Part {at // 9}") for at, what in enumerate(named, 2)]
    report = report_of([*links, entry(MALFORMED, line=size + 2), entry(WATCH_LATER, line=size + 3)], known)
    ack = Acknowledgement(MALFORMED, None, "it was like this when we came", RUN_AT)
    last_two = [replace(finding, acknowledged=ack) for finding in report.findings[-2:]]
    return replace(
        report,
        findings=[*report.findings[:-2], *last_two],
        check_times=[YESTERDAY] * 29 + [RUN_AT],
        resources=[
            altered(item, checks=(State.AVAILABLE,) * (28 - at % 7) + (None,) * (at % 7) + (State.SUSPECT, item.state))
            for at, item in enumerate(report.resources)
        ],
    )


def evaluated(opened: Opened, script: str) -> Any:
    return opened.page.evaluate(script)


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("size", SIZES)
def test_the_page_opens_quietly_asks_nobody_and_fits_its_width(open_report: Open, size: int, width: int) -> None:
    opened = open_report(watched_list(size), width=width)
    assert (opened.requests, opened.remarks, opened.dialogs) == ([], [], [])
    assert overflow(opened) == 0
    rows = "() => document.querySelectorAll('#listed .resources li').length"
    assert evaluated(opened, rows) == size + 1


def test_everybody_can_use_it_at_every_width_light_and_dark(open_report: Open) -> None:
    opened = open_report(watched_list(34))
    opened.page.locator("summary").click()
    assert_everybody_can_use(opened)
    opened.page.get_by_role("searchbox", name="Search").fill("course 17")
    matches(opened, "0 findings and 2 resources")
    assert_everybody_can_use(opened, "what was found")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_stands_out_from_what_is_behind_it(open_report: Open, scheme: str) -> None:
    opened = open_report(watched_list(34), color_scheme=scheme)
    opened.page.locator("summary").click()
    assert evaluated(opened, TOO_PALE) == []


def test_the_dark_is_dark_and_paper_is_white(open_report: Open) -> None:
    opened = open_report(watched_list(3), color_scheme="dark")
    background = "() => getComputedStyle(document.body).backgroundColor"
    assert evaluated(opened, background) == "rgb(19, 21, 24)"
    opened.page.emulate_media(media="print", color_scheme="dark")
    assert evaluated(opened, background) == "rgb(255, 255, 255)"
    assert evaluated(opened, TOO_PALE) == []


def test_what_is_folded_opens_from_the_keyboard(open_report: Open) -> None:
    """And what is in it is reached next, as every link is."""
    opened = open_report(watched_list(34))
    page = opened.page
    focused = "() => document.activeElement.localName"
    visited = 0
    while evaluated(opened, focused) != "summary":
        page.keyboard.press("Tab")
        visited += 1
        assert visited < 200
    inside = page.locator("details .message").first
    assert not inside.is_visible()
    page.keyboard.press("Enter")
    assert inside.is_visible()
    page.keyboard.press("Tab")
    assert evaluated(opened, "() => document.activeElement.closest('details') !== null")


def test_a_jump_lands_at_its_section(open_report: Open) -> None:
    opened = open_report(watched_list(5_000))
    opened.page.get_by_role("link", name="All resources").click()
    title = opened.page.get_by_role("heading", name="All resources")
    box = title.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 800


def test_only_what_is_near_is_laid_out(open_report: Open) -> None:
    opened = open_report(watched_list(5_000))
    laid_out = """() => [...document.querySelectorAll('#listed .far > ul')]
        .filter(each => each.checkVisibility({contentVisibilityAuto: true})).length"""
    assert evaluated(opened, laid_out) == 0
    opened.page.emulate_media(media="print")
    waiting = "() => [...document.querySelectorAll('.far')].map(each => getComputedStyle(each).contentVisibility)"
    assert set(evaluated(opened, waiting)) == {"visible"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_bar_is_drawn_with_each_state_in_a_colour_of_its_own(open_report: Open, scheme: str) -> None:
    """The policy would refuse a style whose hash is wrong, and there would be no bar."""
    opened = open_report(watched_list(34), color_scheme=scheme)
    bar = opened.page.get_by_role("img", name="27 of 30 checks available, 1 suspect, 2 without answer").first
    fills = """bar => [...document.querySelectorAll(bar.querySelector('use').getAttribute('href') + ' path')]
        .map(path => getComputedStyle(path).fill)"""
    colours = set(bar.evaluate(fills))
    assert len(colours) == 3
    assert "rgb(0, 0, 0)" not in colours
    box = bar.bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (150, 18)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_a_text(open_report: Open, text: str) -> None:
    opened = open_report(report_by_strangers(text), width=360)
    for link in opened.page.locator("nav a").all():
        link.click()
    assert (opened.requests, opened.remarks, opened.dialogs) == ([], [], [])
    assert overflow(opened) == 0
    assert "Calculus" in opened.page.locator(".name").first.inner_text()


def test_the_page_has_landmarks_and_headings_in_order(open_report: Open) -> None:
    opened = open_report(watched_list(34))
    for landmark in ("banner", "navigation", "main", "contentinfo"):
        assert opened.page.get_by_role(landmark).count() == 1
    levels = evaluated(opened, "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(each => +each.localName[1])")
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def shown_names(opened: Opened) -> list[str]:
    """Of the resources that can be seen, or can be scrolled to."""
    return opened.page.locator("#results .name:visible, #listed .name:visible").all_text_contents()


def matches(opened: Opened, text: str) -> None:
    """Wait until the page says what was found."""
    opened.page.wait_for_function("text => document.getElementById('matches').textContent === text", arg=text)


def test_a_search_shows_what_has_all_its_words_whatever_their_case_and_accents(open_report: Open) -> None:
    opened = open_report(watched_list(34))
    search = opened.page.get_by_role("searchbox", name="Search")
    search.fill("COURSE léctùre 17")
    matches(opened, "0 findings and 2 resources")
    assert shown_names(opened) == ["Lecture course 15", "Lecture course 17"], "the former is listed in line 17"
    assert opened.page.locator(".findings > li:visible").count() == 0
    assert opened.page.locator("main > section:visible").count() == 1
    search.fill("nothing of the kind")
    matches(opened, "0 findings and 0 resources")
    assert shown_names(opened) == []
    opened.page.get_by_role("button", name="Reset").click()
    matches(opened, "")
    assert len(shown_names(opened)) == 35
    assert (opened.requests, opened.remarks) == ([], [])


def test_states_and_rules_are_filtered_and_what_is_folded_is_found(open_report: Open) -> None:
    opened = open_report(watched_list(5_000))
    page = opened.page
    page.get_by_label("State").select_option("suspect")
    matches(opened, "50 findings and 50 resources")
    assert page.locator("#results .state").all_text_contents() == ["suspect"] * 50
    assert set(page.locator(".findings > li:visible .rule").all_inner_texts()) == {"suspect"}
    page.get_by_label("Rule").select_option("dead")
    matches(opened, "0 findings and 0 resources")
    page.get_by_label("State").select_option("")
    matches(opened, "500 findings and 500 resources")
    page.get_by_label("Rule").select_option("malformed")
    matches(opened, "1 finding and 0 resources")
    assert page.locator(".findings > li:visible").count() == 1, "what is accepted is unfolded"
    page.get_by_label("Rule").select_option("")
    page.get_by_role("searchbox").fill("Lecture course 4321")
    matches(opened, "0 findings and 2 resources")
    assert shown_names(opened) == ["Lecture course 4319", "Lecture course 4321"]


def test_the_resources_are_sorted_and_shown_in_portions(open_report: Open) -> None:
    opened = open_report(watched_list(1_203))
    page = opened.page
    page.get_by_label("Order").select_option("worst")
    page.locator("#results li").first.wait_for()
    states = page.locator("#results .state").evaluate_all("all => all.map(each => each.classList[1])")
    assert states == ["unavailable"] * 121 + ["suspect"] * 12 + ["unmonitorable"] + ["available"] * 366
    page.get_by_role("button", name="Show 500 more of 704").click()
    page.get_by_role("button", name="Show 204 more of 204").click()
    assert len(shown_names(opened)) == 1_204
    assert page.get_by_role("button", name="more of").count() == 0
    page.get_by_label("Order").select_option("name")
    page.wait_for_function("() => document.querySelector('#results .name').textContent === 'Calculus 3'")
    names = [name for name in shown_names(opened) if name.startswith("Lecture")]
    assert names[:11] == [f"Lecture course {at}" for at in range(11) if at % 10 != 2 and at % 100 != 5] + names[9:11]


def test_the_search_works_from_the_keyboard_and_enter_sends_nothing(open_report: Open) -> None:
    opened = open_report(watched_list(34))
    search = opened.page.get_by_role("searchbox")
    search.press("1")
    search.press("7")
    search.press("Enter")
    matches(opened, "0 findings and 2 resources")
    assert opened.remarks == []


def test_without_a_script_the_page_is_whole_and_has_no_search(browser: "Browser", tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(render(watched_list(34)), "utf-8")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert not page.locator("#find").is_visible()
    assert page.locator("#listed .name:visible").count() == 35
    context.close()
