"""JUnit XML: what is available passes, what is broken fails, and what is neither is skipped and says why."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from unit.report.builders import (
    CHANNEL,
    MALFORMED,
    NOW,
    OTHER,
    PLAYLIST,
    RUN,
    VIDEO,
    WATCH_LATER,
    entry,
    living,
    missing,
    report_of,
    unanswered,
    with_levels,
)
from unit.report.formats.hostile_text import HUGE, TEXTS, harmless_around, report_by_strangers

from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.observation import State
from linkwatch.models.rules import Level
from linkwatch.report.build import only_new
from linkwatch.report.formats.junit import render
from linkwatch.report.model import Report

if TYPE_CHECKING:
    from xmlschema import XMLSchema

GONE = missing(State.UNAVAILABLE)


@cache
def schema() -> "XMLSchema":
    import xmlschema  # noqa: PLC0415 - it takes 0.3 s, which every worker would pay to collect the tests

    return xmlschema.XMLSchema(Path(__file__).parents[3] / "schemas" / "junit.xsd")


def rendered(report: Report) -> ET.Element:
    text = render(report)
    assert text.endswith("</testsuites>\n")
    root = ET.fromstring(text.encode())  # noqa: S314  # our own
    schema().validate(root)
    for element in (root, *root):
        assert_reported_whole(element)
    return root


def assert_reported_whole(element: ET.Element) -> None:
    """The format asks each suite, and all of them together, to say how many cases of each kind are inside."""
    cases = list(element.iter("testcase"))
    kinds = Counter(child.tag for case in cases for child in case)
    totals = [element.get(name) for name in ("tests", "failures", "errors")]
    assert totals == [str(len(cases)), str(kinds["failure"]), "0"]
    assert element.get("skipped") == (None if element.tag == "testsuites" else str(kinds["skipped"]))


def case_of(report: Report) -> ET.Element:
    (case,) = rendered(report).iter("testcase")
    return case


def outcome(case: ET.Element) -> str:
    return next((child.tag for child in case if child.tag != "system-out"), "passed")


def test_an_available_resource_passes() -> None:
    link = entry(PLAYLIST, "Calculus 3", file="docs/list.md", line=14, section="Maths > Calculus")
    case = case_of(report_of([link], {PLAYLIST: living("Calculus 3")}))
    assert case.attrib == {
        "classname": "docs/list.md.Maths > Calculus",
        "name": f"playlist “Calculus 3” {PLAYLIST.id}",
    }
    assert list(case) == []


def test_what_is_dead_fails_and_says_where_and_why() -> None:
    case = case_of(report_of([entry(PLAYLIST, line=3)], {PLAYLIST: GONE}))
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "dead"
    assert str(failure.get("message")).startswith("playlist “Calculus 3” is no longer available")
    assert str(failure.text).startswith("list.md:3:1: error dead: playlist “Calculus 3” is no longer available")


def test_a_failure_names_every_entry() -> None:
    """The case stands at the first, and one that is mended alone would leave the others dead."""
    report = report_of([entry(PLAYLIST, line=4), entry(PLAYLIST, line=9, file="b.md")], {PLAYLIST: GONE})
    failure = str(case_of(report).findtext("failure"))
    assert failure.startswith("list.md:4:1: error dead: ")
    assert failure.endswith(" (also at b.md:9:1)")


def test_warnings_and_notices_are_reported_and_fail_nothing() -> None:
    case = case_of(report_of([entry(PLAYLIST), entry(PLAYLIST, line=2)], {PLAYLIST: living("A")}))
    assert outcome(case) == "passed"
    assert "warning duplicate" in str(case.findtext("system-out"))


def test_several_errors_are_one_failure_and_the_warnings_stand_beside_it() -> None:
    report = report_of(
        [entry(PLAYLIST), entry(PLAYLIST, line=2)],
        {PLAYLIST: living("A", item_count=0, restrictions=("age",))},
        settings=with_levels(restricted=Level.ERROR),
    )
    case = case_of(report)
    assert [child.tag for child in case] == ["failure", "system-out"]
    assert [line.split(": ")[1] for line in str(case.findtext("failure")).splitlines()] == [
        "error emptied",
        "error restricted",
    ]
    assert "duplicate" in str(case.findtext("system-out"))


def test_what_could_not_be_asked_is_skipped_with_the_reason_of_the_run() -> None:
    run = replace(RUN, complete=False, incomplete_reason="the quota of the day is spent", finished_at=None)
    root = rendered(report_of([entry(PLAYLIST), entry(VIDEO, line=2)], {VIDEO: living("A")}, run=run))
    first, second = root.iter("testcase")
    assert outcome(second) == "passed"
    assert outcome(first) == "skipped"
    assert first.findtext("skipped") == "the quota of the day is spent"
    assert root.find("testsuite/properties/property[@name='incomplete']") is not None


@pytest.mark.parametrize("fails", [True, False])
def test_an_incomplete_check_fails_nothing_of_itself(fails: bool) -> None:
    run = replace(RUN, complete=False, incomplete_reason="the network is down")
    known = {PLAYLIST: GONE} if fails else {PLAYLIST: unanswered(NOW)}
    root = rendered(report_of([entry(PLAYLIST)], known, run=run))
    (suite,) = root
    assert (root.get("failures"), suite.get("skipped")) == (("1", "0") if fails else ("0", "1"))


def test_before_the_first_check_all_is_skipped() -> None:
    case = case_of(report_of([entry(PLAYLIST)], run=None))
    assert case.findtext("skipped") == "no check got an answer yet"


@pytest.mark.parametrize(
    ("named", "known", "why"),
    [
        pytest.param(PLAYLIST, missing(State.SUSPECT, missed_checks=1), "warning suspect", id="suspect"),
        pytest.param(WATCH_LATER, None, "warning unmonitorable", id="unmonitorable"),
    ],
)
def test_what_is_neither_available_nor_dead_is_skipped(named: object, known: object, why: str) -> None:
    case = case_of(report_of([entry(named)], {PLAYLIST: known} if known else {}))  # type: ignore[arg-type, dict-item]
    assert outcome(case) == "skipped"
    assert why in str(case.findtext("skipped"))


def test_what_is_accepted_is_skipped_and_says_so() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: GONE})
    ack = Acknowledgement(PLAYLIST.id, None, "its author moves it", NOW, NOW.date())
    case = case_of(replace(report, findings=[replace(each, acknowledged=ack) for each in report.findings]))
    assert outcome(case) == "skipped"
    assert "(acknowledged until 2026-11-22: its author moves it)" in str(case.findtext("skipped"))


def test_what_was_dead_before_does_not_pass_where_only_news_are_wanted() -> None:
    report = report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.UNAVAILABLE, since=NOW - timedelta(days=9))})
    case = case_of(only_new(report))
    assert (outcome(case), case.findtext("skipped")) == ("skipped", "unavailable")


def test_a_malformed_link_is_a_case_of_its_own() -> None:
    links = [entry(MALFORMED, line=2), entry(PLAYLIST, line=3), entry(MALFORMED, line=4)]
    first, second = rendered(report_of(links, {PLAYLIST: living("A")})).iter("testcase")
    assert (first.get("name"), outcome(first)) == (f"malformed link {MALFORMED}", "failure")
    assert [line.partition(": ")[0] for line in str(first.findtext("failure")).splitlines()] == [
        "list.md:2:1",
        "list.md:4:1",
    ]
    assert (second.get("name"), outcome(second)) == (f"playlist “A” {PLAYLIST.id}", "passed")


def test_a_malformed_link_does_not_pass_at_any_level() -> None:
    case = case_of(report_of([entry(MALFORMED)], settings=with_levels(malformed=Level.WARNING)))
    assert outcome(case) == "skipped"


def test_every_list_is_a_suite_with_its_cases_in_order() -> None:
    links = [
        entry(VIDEO, file="b.csv", line=5),
        entry(PLAYLIST, file="a.csv", line=7),
        entry(OTHER, file="a.csv", line=2),
        entry(CHANNEL, file="-", line=1),
    ]
    root = rendered(report_of(links))
    suites = [
        (suite.get("name"), suite.get("file"), [str(case.get("name")).split()[-1] for case in suite.iter("testcase")])
        for suite in root
    ]
    assert suites == [
        ("standard input", None, [CHANNEL.id]),
        ("a.csv", "a.csv", [OTHER.id, PLAYLIST.id]),
        ("b.csv", "b.csv", [VIDEO.id]),
    ]


def test_names_stay_when_titles_change() -> None:
    links = [entry(PLAYLIST, "Calculus 3")]
    one, other = (case_of(report_of(links, {PLAYLIST: living(title)})) for title in ("Calculus 3", "Calculus 3 (full)"))
    assert one.get("name") == other.get("name")


def test_names_without_a_label_have_the_title_or_else_the_id_once() -> None:
    assert case_of(report_of([entry(VIDEO)], {VIDEO: living("A")})).get("name") == f"video “A” {VIDEO.id}"
    assert case_of(report_of([entry(VIDEO)])).get("name") == f"video {VIDEO.id}"


def test_a_dot_in_a_section_does_not_make_a_package() -> None:
    link = entry(PLAYLIST, file="list.md", section="1. Algebra")
    assert case_of(report_of([link])).get("classname") == "list.md.1_ Algebra"
    assert case_of(report_of([entry(PLAYLIST)])).get("classname") == "list.md.links"


def test_the_run_is_reported_with_its_times() -> None:
    root = rendered(report_of([entry(PLAYLIST)]))
    assert root.get("time") == "2.000"
    assert root[0].get("timestamp") == "2026-11-22T09:55:00"
    assert rendered(report_of([entry(PLAYLIST)], run=replace(RUN, finished_at=None))).get("time") is None


def test_no_link_is_no_suite() -> None:
    assert list(rendered(report_of([]))) == []


def skeleton(element: ET.Element) -> object:
    return (element.tag, sorted(element.attrib), [skeleton(child) for child in element])


@given(TEXTS)
def test_no_text_breaks_the_document(text: str) -> None:
    root = rendered(report_by_strangers(text))
    assert skeleton(root) == skeleton(rendered(report_by_strangers("")))
    for piece in (*root.itertext(), *(value for each in root.iter() for value in each.attrib.values())):
        assert "Calculus" not in piece or "Three" in piece
    assert str(root[0].get("name")).startswith("Calculus")


def test_a_huge_text_stays_whole() -> None:
    assert harmless_around(HUGE) in str(rendered(report_by_strangers(HUGE))[0][1].get("name"))
