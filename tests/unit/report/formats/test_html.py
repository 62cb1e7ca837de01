"""The page: all in one valid file, nothing in it that runs or loads, and no text that breaks out of its place."""

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha256
from importlib.resources import files
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as altered
from tinyhtml5.parser import HTMLParser
from unit.report.builders import (
    CHANNEL,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    RUN_AT,
    VIDEO,
    YESTERDAY,
    entry,
    happened,
    living,
    missing,
    report_of,
    unanswered,
)
from unit.report.formats.hostile_text import HUGE, TEXTS, report_by_strangers

import linkwatch
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import Reason, State
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.report.formats.html import BLOCK, LONGEST, PLACES, UNFOLDED, render
from linkwatch.report.model import QuotaSummary, Report, Suggestion

GONE = missing(State.UNAVAILABLE, reason=Reason.NOT_FOUND)
OPENED = ("https://www.youtube.com/", "https://web.archive.org/web/https://www.youtube.com/")
HOSTILE_URLS = [
    "javascript:alert(1)//youtu.be/short", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,<b>x</b>",
    "https://youtu.be/short\" onclick=\"alert(1)", "https://youtu.be/\u202eshort", " https://youtu.be/short",
    "//youtu.be/x", "https://youtu.be/" + "x" * 3_000,
]  # fmt: skip


def broken() -> Report:
    """Something in every group, and a history."""
    links = [
        entry(PLAYLIST, "Calculus 3", line=3, section="Calculus", owner="Leonard"),
        entry(VIDEO, "Optimization", line=20, column=17),
        entry(OTHER, line=25),
        entry(MALFORMED, line=26),
        entry(CHANNEL, line=28, file="other.md"),
    ]
    known = {
        PLAYLIST: GONE,
        VIDEO: missing(State.SUSPECT, missed_checks=1, title="Optimization"),
        OTHER: living("Calculus 1", item_count=29, owner="Professor Leonard"),
        CHANNEL: living("3Blue1Brown"),
    }
    events = [
        happened(OTHER, EventKind.SHRUNK, "31", "29", at=YESTERDAY),
        happened(CHANNEL, EventKind.RECOVERED, "suspect", "available"),
    ]
    return report_of(links, known, events, quota=QuotaSummary(left=9_988, limit=10_000, turns_at=NOW))


def with_history(report: Report, *checks: State | None) -> Report:
    times = [YESTERDAY] * (len(checks) - 1) + [RUN_AT]
    return replace(report, check_times=times, resources=[altered(item, checks=checks) for item in report.resources])


def accepted(report: Report) -> Report:
    ack = Acknowledgement(PLAYLIST.id, None, "we know of it", RUN_AT, date(2027, 1, 31))
    return replace(report, findings=[replace(finding, acknowledged=ack) for finding in report.findings])


def page_of(report: Report) -> Element:
    """The document as a browser builds it, if there is no error in it."""
    text = render(report)
    assert text.startswith("<!DOCTYPE html>\n<html")
    assert text.endswith("</html>\n")
    parser = HTMLParser(namespace_html_elements=False)
    document: Element = parser.parse(text)
    assert parser.errors == []
    return document


def element_text(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def element_texts(report: Report, path: str) -> list[str]:
    return [element_text(element) for element in page_of(report).iterfind(path)]


def skeleton(element: Element) -> Iterator[tuple[str, list[str]]]:
    """The elements and the names of their attributes, in their order."""
    for each in element.iter():
        yield str(each.tag), sorted(each.keys())


REPORTS = [
    broken(),
    accepted(broken()),
    with_history(broken(), State.AVAILABLE, None, State.SUSPECT, State.UNAVAILABLE),
    report_of([]),
    report_of([entry(PLAYLIST)], run=None),
    report_of(
        [entry(PLAYLIST)], {PLAYLIST: unanswered()}, run=replace(RUN, complete=False, incomplete_reason="no key")
    ),
    report_of([entry(PLAYLIST, line=line) for line in range(1, 200)], {PLAYLIST: GONE}),
]


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_loaded_and_no_script_runs_but_its_own(report: Report) -> None:
    page = page_of(report)
    assert {"link", "img", "iframe", "object", "base"} & {str(each.tag) for each in page.iter()} == set()
    (script,) = page.iter("script")
    assert script.attrib == {}
    assert script.text == (files(linkwatch) / "report/formats/templates/page.js").read_text("utf-8")
    (form,) = page.iter("form")
    assert form.get("action") is None
    assert form.get("hidden") is not None, "it is nothing without the script, which shows it"
    attributes = {name for each in page.iter() for name in each.keys()}  # noqa: SIM118 - an Element is no dictionary
    assert not [name for name in attributes if name.startswith("on") or name in {"src", "srcset", "style", "data"}]
    assert "url(" not in element_text(page.find("head/style"))
    assert "@import" not in element_text(page.find("head/style"))


@pytest.mark.parametrize("report", REPORTS)
def test_the_policy_allows_this_style_and_script_and_nothing_else(report: Report) -> None:
    page = page_of(report)
    policy = page.find("head/meta[@http-equiv='Content-Security-Policy']")
    assert policy is not None
    style, script = (
        b64encode(sha256(str(each.text).encode()).digest()).decode()
        for tag in ("style", "script")
        for each in page.iter(tag)
    )
    assert str(policy.get("content")).split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{style}'",
        f"script-src 'sha256-{script}'",
        "base-uri 'none'",
        "form-action 'none'",
    ]


@pytest.mark.parametrize("report", REPORTS)
def test_links_lead_to_youtube_the_archive_or_what_is_listed(report: Report) -> None:
    for link in page_of(report).iterfind(".//a"):
        address = str(link.get("href"))
        assert address.startswith((*OPENED, "#"))
        assert address.startswith("#") or link.get("rel") == "noreferrer noopener"


@pytest.mark.parametrize("report", REPORTS)
def test_every_jump_lands_and_no_id_is_used_twice(report: Report) -> None:
    page = page_of(report)
    ids = [each.get("id") for each in page.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    jumps = {str(link.get("href"))[1:] for link in page.iterfind("body/nav//a")}
    labels = {str(each.get("aria-labelledby")) for each in page.iterfind(".//section")}
    drawings = {str(use.get("href"))[1:] for use in page.iterfind(".//{*}use")}
    of_the_script = {"find", "matches", "listed", "results"}
    assert jumps | labels | drawings | of_the_script == set(ids)


def test_the_headline_says_what_came_of_it() -> None:
    page = page_of(broken())
    assert element_text(page.find(".//h1")) == "2 errors, 2 warnings"
    assert (
        element_text(page.find(".//p[@class='rest']"))
        == "in 5 links, checked 2026-11-22 09:55 UTC with the YouTube Data API"
    )
    assert element_text(page.find("head/title")) == "2 errors, 2 warnings · linkwatch"
    fine = page_of(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}))
    assert element_text(fine.find(".//h1")) == "The 1 link is fine"
    assert element_text(fine.find(".//p[@class='rest']")).startswith("checked 2026-11-22")


def test_the_figures_are_those_of_the_report() -> None:
    page = page_of(replace(broken(), counts=replace(broken().counts, acknowledged=3)))
    figures = dict(
        zip(*([element_text(each) for each in page.iterfind(f".//dl//{tag}")] for tag in ("dt", "dd")), strict=True)
    )
    assert figures == {
        "errors": "2", "warnings": "2", "notices": "0", "acknowledged": "3", "links": "5", "available": "2",
        "unavailable": "1", "suspect": "1", "quota units left today": "9,988",
    }  # fmt: skip


def test_an_incomplete_check_and_the_notes_are_reported_before_the_findings() -> None:
    run = replace(RUN, complete=False, incomplete_reason="the quota is spent", note="the brake let go")
    assert element_texts(report_of([entry(PLAYLIST)], run=run), "body/header/p[@dir]")[-2:] == [
        "Incomplete: the quota is spent",
        "Note: the brake let go",
    ]


def test_the_groups_come_in_their_order_with_what_to_do() -> None:
    assert element_texts(broken(), ".//h2") == [
        "Broken 2",
        "Missing, not confirmed 1",
        "Changed 1",
        "Available again 1",
        "All resources 4",
    ]
    assert element_texts(broken(), ".//p[@class='hint']")[0].startswith("What to do: replace or remove")


def test_a_finding_has_its_level_rule_message_place_age_and_links() -> None:
    (finding, *_) = page_of(broken()).iterfind(".//ul[@class='findings']/li")
    assert element_text(finding.find("p[@class='tags']")) == "error dead new"
    assert element_text(finding.find("p[@class='message']")).startswith("playlist “Calculus 3” is no longer available")
    assert [element_text(each) for each in finding.iterfind("ul/li")] == [
        "list.md:3:1",
        "since 2026-11-22 09:55",
        "Data API omits it, oEmbed: 404",
        "open on YouTube",
        "an archived copy, if there is one",
        "a search for it",
    ]


def test_a_url_that_is_not_the_canonical_one_is_shown_as_it_is_listed() -> None:
    listed = f"https://m.youtube.com/playlist?list={PLAYLIST.id}&x=1"
    report = report_of([entry(listed)], {PLAYLIST: GONE})
    links = [each for each in page_of(report).iterfind(".//a") if element_text(each) == listed]
    assert {each.get("href") for each in links} == {listed}
    assert f"listed as {listed}" in element_texts(report, ".//ul[@class='more']/li")


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_what_is_no_plain_web_address_is_shown_and_no_link(url: str) -> None:
    report = report_of([entry(MALFORMED)])
    bad = replace(report, findings=[replace(report.findings[0], links=(entry(url),))])
    page = page_of(bad)
    assert {str(each.get("href")) for each in page.iterfind("body/main//a")} == set()
    assert len([each for each in page.iterfind(".//bdi") if element_text(each)]) == 2


def test_what_is_accepted_is_folded_away_with_the_reason() -> None:
    page = page_of(accepted(broken()))
    (folded,) = page.iterfind(".//details")
    assert folded.get("open") is None
    assert element_text(folded.find("summary")) == "4 findings somebody has looked at"
    assert {element_text(each) for each in folded.iterfind(".//p[@class='accepted']")} == {
        "acknowledged until 2027-01-31: we know of it"
    }
    assert "archived copy" not in element_text(folded)


def test_a_row_says_what_it_is_where_it_is_listed_and_when_it_was_checked() -> None:
    rows = element_texts(broken(), ".//div[@class='resources']/ul/li")
    assert rows[0].startswith("unavailable not found")
    assert any("playlist by Professor Leonard, 29 videos · line 25" in row for row in rows)
    assert all("2026-11-22 09:55" in row for row in rows)
    assert element_texts(broken(), ".//h3") == ["list.md", "other.md"]
    assert element_texts(broken(), ".//h4") == ["Calculus", "Without a section"]


def test_a_row_names_the_label_where_it_differs_and_the_other_lists() -> None:
    links = [entry(PLAYLIST, "Calc", line=3), entry(PLAYLIST, "Calculus 3", line=4, file="more.md")]
    (row,) = element_texts(report_of(links, {PLAYLIST: living("Calculus 3")}), ".//div[@class='resources']/ul/li")
    assert "line 3 as “Calc”, more.md:4" in row
    assert "as “Calculus 3”" not in row


def test_a_thing_listed_a_thousand_times_names_some_of_the_places() -> None:
    report = report_of([entry(PLAYLIST, line=line) for line in range(1, 1_001)], {PLAYLIST: GONE})
    (row,) = element_texts(report, ".//div[@class='resources']/ul/li")
    assert row.count("line ") == PLACES
    assert "and 995 more places" in row
    assert "list.md:5:1 and 995 more places" in element_texts(report, ".//ul[@class='more']/li")[0]


def test_a_bar_is_put_in_words_too() -> None:
    bars = list(page_of(with_history(broken(), *[State.AVAILABLE] * 29, None)).iterfind(".//*[@role='img']"))
    assert len(bars) == len(broken().resources)
    assert {bar.get("aria-label") for bar in bars} == {"29 of 30 checks available, 1 without answer"}


def test_a_long_history_is_drawn_whole() -> None:
    """However often it changed: its drawing is no text from outside, and is not shortened."""
    report = with_history(broken(), *[State.AVAILABLE, None] * 15)
    (symbol,) = page_of(report).iterfind(".//{*}symbol")
    classes = [str(path.get("class")) for path in symbol for _ in re.findall("M[0-9]+ 0", str(path.get("d")))]
    assert sorted(classes) == ["available"] * 15 + ["unanswered"] * 15


def test_equal_histories_share_a_drawing() -> None:
    report = with_history(broken(), *[State.AVAILABLE] * 30)
    last = altered(report.resources[-1], checks=(None,) * 30)
    page = page_of(replace(report, resources=[*report.resources[:-1], last]))
    bars = list(page.iterfind(".//*[@role='img']"))
    assert [[use.get("href") for use in bar.iterfind(".//{*}use")] for bar in bars] == [
        ["#h0"],
        ["#h0"],
        ["#h0"],
        ["#h1"],
    ]
    assert [symbol.get("id") for symbol in page.iterfind(".//{*}symbol")] == ["h0", "h1"]


def test_without_checks_there_is_neither_a_bar_nor_a_legend() -> None:
    page = page_of(broken())
    assert page.find(".//*[@role='img']") is None
    assert page.find(".//div[@class='legend']") is None


def test_many_rows_come_in_blocks_that_are_laid_out_when_they_come_near() -> None:
    item = broken().resources[0]
    page = page_of(replace(broken(), resources=[item] * (2 * BLOCK + 1)))
    blocks = list(page.iterfind(".//div[@id='listed']/div/ul"))
    assert [each.get("class") for each in blocks] == ["far", "far", None]
    assert [len(list(each.iterfind("li"))) for each in blocks] == [BLOCK, BLOCK, 1]
    assert [element_text(each) for each in page.iterfind(".//h3")] == ["list.md"]


def test_sections_of_few_rows_are_laid_out_together() -> None:
    item = broken().resources[0]
    sections = [altered(item, links=(entry(PLAYLIST, section=f"Part {at // 5}"),)) for at in range(UNFOLDED)]
    page = page_of(replace(broken(), resources=sections))
    blocks = list(page.iterfind(".//div[@id='listed']/div"))
    assert {each.get("class") for each in blocks[:-1]} == {"resources far"}
    assert max(len(list(each.iterfind("ul/li"))) for each in blocks) <= BLOCK
    assert sum(len(list(each.iterfind("ul/li"))) for each in blocks) == UNFOLDED
    assert element_texts(replace(broken(), resources=sections), ".//h4") == [f"Part {at}" for at in range(40)]


def test_in_a_long_report_what_is_available_is_folded_in_each_section() -> None:
    report = broken()
    resources = [
        altered(report.resources[2 if at % 7 else 0], links=(entry(OTHER, line=at, section=f"Part {at // 70}"),))
        for at in range(UNFOLDED + 10)
    ]
    assert page_of(replace(report, resources=resources[:UNFOLDED])).find(".//div[@id='listed']//details") is None
    page = page_of(replace(report, resources=resources))
    folds = list(page.iterfind(".//div[@id='listed']//details"))
    assert [element_text(fold.find("summary")) for fold in folds] == ["60 available"] * 3
    assert all(fold.get("open") is None for fold in folds)
    assert {str(state.get("class")) for fold in folds for state in fold.iterfind(".//li/span")} == {"state available"}
    shown = list(page.iterfind(".//div[@id='listed']/div/ul/li"))
    assert len(shown) == 30
    assert {str(state.get("class")) for row in shown for state in row.iterfind("span")} == {"state unavailable"}
    assert len(list(page.iterfind(".//div[@id='listed']//li"))) == UNFOLDED + 10


def test_the_footer_names_youtube_and_the_version() -> None:
    assert element_texts(broken(), "body/footer/p") == [
        "Titles, names and counts come from YouTube.",
        f"Generated by linkwatch {linkwatch.__version__} at 2026-11-22 10:00 UTC.",
    ]


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_every_rule_has_its_place(rule: Rule) -> None:
    report = broken()
    one = replace(report.findings[0], rule=rule, level=Level.NOTICE, message=f"This is {rule}.")
    assert f"This is {rule}." in element_texts(replace(report, findings=[one]), ".//p[@class='message']")


HTML = ["</style><b>", "{{ 7 * 7 }}", "{% raw %}", "{# #}", '" onfocus="alert(1)', "' style='", "</li></ul>", "-->"]
HOSTILE = st.lists(TEXTS | st.sampled_from(HTML), max_size=3).map("".join)


@given(HOSTILE)
def test_no_text_changes_what_the_page_is_made_of(text: str) -> None:
    page, plain = page_of(report_by_strangers(text)), page_of(report_by_strangers(""))
    assert list(skeleton(page)) == list(skeleton(plain))
    shown = "".join(page.itertext())
    assert shown.count("Calculus") == "".join(plain.itertext()).count("Calculus")
    assert shown.count("Three") == "".join(plain.itertext()).count("Three")
    assert [link.get("href") for link in page.iter("a")] == [link.get("href") for link in plain.iter("a")]


@given(HOSTILE)
def test_no_url_changes_what_the_page_is_made_of(text: str) -> None:
    report = report_of([entry(MALFORMED)])
    bad = replace(report, findings=[replace(report.findings[0], links=(entry(f"ftp:{text}"),))])
    plain = replace(report, findings=[replace(report.findings[0], links=(entry("ftp:"),))])
    assert list(skeleton(page_of(bad))) == list(skeleton(page_of(plain)))


def test_a_huge_text_keeps_its_ends() -> None:
    assert len(render(report_by_strangers(HUGE))) - len(render(report_by_strangers(""))) < 20 * LONGEST
    page = page_of(report_by_strangers(HUGE))
    (name,) = (element_text(each) for each in page.iterfind(".//p[@class='name']"))
    assert name.startswith("Calculus👩")
    assert name.endswith("👩🏽‍🏫Three")
    assert " … " in name


def test_a_suggestion_too_long_to_open_is_left_out() -> None:
    report = report_by_strangers("")
    search = Suggestion("a search for it", "https://www.youtube.com/results?search_query=" + "x" * 10_000)
    one = replace(report.findings[0], suggestions=(search,))
    assert "a search for it" not in element_texts(replace(report, findings=[one]), ".//a")
