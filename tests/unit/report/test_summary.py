"""What the formats for people say alike."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.report.builders import (
    EVERYWHERE,
    MALFORMED,
    PLAYLIST,
    RUN,
    VIDEO,
    YESTERDAY,
    entry,
    living,
    missing,
    report_of,
)

from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.records import Run
from linkwatch.models.rules import ACCEPTED, GROUPS, RULES, Rule
from linkwatch.report.build import with_findings
from linkwatch.report.model import Report
from linkwatch.report.summary import also_at, elsewhere, grouped, headline, totals
from linkwatch.text import listing, place, shortened

LINKS = [entry(PLAYLIST, line=1), entry(PLAYLIST, line=2, column=5, file="-")]
REPORT = report_of(LINKS, {PLAYLIST: missing(State.UNAVAILABLE)}, settings=EVERYWHERE)


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_every_rule_is_in_one_group(rule: Rule) -> None:
    assert GROUPS.count(rule.group) == 1


def test_only_groups_with_findings_are_there_and_what_is_broken_is_first() -> None:
    assert [(group.title, [each.rule for each in found]) for group, found in grouped(REPORT.findings)] == [
        ("Broken", [rules.DEAD]),
        ("In the list", [rules.DUPLICATE]),
    ]


def test_what_is_accepted_is_last_whatever_its_rule() -> None:
    accepted = replace(REPORT.findings[0], acknowledged=Acknowledgement(None, rules.DEAD, None, YESTERDAY))
    groups = grouped([accepted, *REPORT.findings[1:]])
    assert [group.title for group, _ in groups] == ["In the list", "Acknowledged"]
    assert groups[-1] == (ACCEPTED, [accepted])


def test_the_headline_is_one_sentence() -> None:
    assert headline(REPORT) == "1 error, 1 warning in 2 links, checked 2026-11-22 09:55 UTC with the YouTube Data API"
    assert headline(report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")})).startswith("The 1 link is fine: ")


def accepted(report: Report) -> Report:
    """The report with all of its findings accepted."""
    ack = Acknowledgement(None, rules.MALFORMED, "an example", YESTERDAY)
    return with_findings(report, [replace(finding, acknowledged=ack) for finding in report.findings])


INCOMPLETE = replace(RUN, complete=False, incomplete_reason="held")


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (RUN, "Nothing to report in 2 links, checked 2026-11-22 09:55 UTC with the YouTube Data API; 1 resource: "),
        (INCOMPLETE, "Nothing to report in 2 links, checked 2026-11-22 09:55 UTC with the YouTube Data API, but not "),
    ],
)
@pytest.mark.parametrize("links", [[entry(VIDEO), entry(MALFORMED)], [entry(VIDEO), entry(VIDEO)]])
def test_what_is_accepted_is_neither_counted_nor_called_fine(links: Sequence[Link], run: Run, expected: str) -> None:
    report = accepted(report_of(links, {VIDEO: living()}, run=run))
    assert headline(report).startswith(expected)


def test_of_no_link_nothing_is_called_fine() -> None:
    nothing = report_of([])
    assert totals(nothing) == "0 resources"
    assert headline(nothing).startswith("Nothing to report in 0 links, checked ")


def test_further_entries_are_reported_but_for_those_that_the_message_names() -> None:
    dead, duplicate = REPORT.findings
    assert [place(link) for link in elsewhere(dead)] == ["standard input:2:5"]
    assert also_at(dead, 5) == ["also at standard input:2:5"]
    assert not elsewhere(duplicate)
    assert also_at(duplicate, 5) == []


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["a"], "a"), (["a", "b"], "a, b"), (["a", "b", "c"], "a, b and 1 more"), (["x"] * 1_235, "x, x and 1,233 more")],
)
def test_some_are_named_and_the_rest_is_counted(texts: list[str], expected: str) -> None:
    assert listing(texts, 2) == expected


@given(st.text(max_size=20))
def test_a_text_is_shortened_where_it_must_be(text: str) -> None:
    shown = shortened(text, 10)
    assert len(shown) == min(len(text), 10)
    assert shown.endswith("…") or len(text) <= 10
    assert len(shown.splitlines()) <= 1
