"""A rule that is ignored for an entry does not tell of it, whatever the rule."""

import msgspec
import pytest
from unit.report.builders import (
    CHANNEL,
    MALFORMED,
    PLAYLIST,
    VIDEO,
    WATCH_LATER,
    entry,
    found,
    living,
    missing,
    report_of,
)

from linkwatch.models import rules
from linkwatch.models.link import Link
from linkwatch.models.observation import State
from linkwatch.models.rules import Rule
from linkwatch.report.model import Report


def ignoring(link: Link, *rules: str) -> Link:
    return msgspec.structs.replace(link, ignored=rules)


def rules_reported(report: Report) -> set[Rule]:
    return {finding.rule for finding in report.findings}


LINKS = [
    entry(PLAYLIST, line=1),
    entry(VIDEO, "Topology", line=2),
    entry(CHANNEL, line=3),
    entry(MALFORMED, line=4),
    entry(WATCH_LATER, line=5),
    entry(f"{VIDEO.url}&feature=share", "Optimization", line=6),
]
KNOWN = {
    PLAYLIST: missing(State.UNAVAILABLE),
    VIDEO: living("Optimization"),
    CHANNEL: missing(State.SUSPECT),
}
RULES = [
    rules.DEAD,
    rules.SUSPECT,
    rules.MALFORMED,
    rules.UNMONITORABLE,
    rules.DUPLICATE,
    rules.MISLABELLED,
    rules.UNCANONICAL,
]


@pytest.mark.parametrize("rule", RULES)
def test_only_the_rule_that_is_ignored_for_all_entries_is_silent(rule: Rule) -> None:
    assert rules_reported(report_of(LINKS, KNOWN)) == set(RULES)
    report = report_of([ignoring(link, rule.name) for link in LINKS], KNOWN)
    assert rules_reported(report) == set(RULES) - {rule}
    assert report.counts.links == len(LINKS)
    assert report.counts.resources == 4


def test_an_entry_that_ignores_the_rule_is_not_among_those_that_are_meant() -> None:
    links = [ignoring(entry(PLAYLIST, line=1), "dead", "duplicate"), entry(PLAYLIST, line=2)]
    report = report_of(links, {PLAYLIST: missing(State.UNAVAILABLE)})
    (finding,) = report.findings
    assert (finding.rule, [link.line for link in finding.links]) == (rules.DEAD, [2])
    (item,) = report.resources
    assert [link.line for link in item.links] == [1, 2]


def test_a_duplicate_names_only_the_entries_that_do_not_ignore_it() -> None:
    links = [entry(PLAYLIST, line=line) for line in (1, 2, 3)]
    links[0] = ignoring(links[0], "duplicate")
    (finding,) = report_of(links).findings
    assert finding.message == "the same playlist is listed twice: list.md:2, list.md:3"
    assert finding.evidence["places"] == ["list.md:2", "list.md:3"]
    links[1] = ignoring(links[1], "duplicate")
    assert report_of(links).findings == []


def test_a_label_whose_misfit_is_ignored_is_not_blamed_for_a_duplicate() -> None:
    links = [ignoring(entry(PLAYLIST, "Linear Algebra", line=1), "mislabelled"), entry(PLAYLIST, "Calculus 3", line=2)]
    (finding,) = found(report_of(links, {PLAYLIST: living("Calculus 3")}), rules.DUPLICATE)
    assert "doesn't fit" not in finding.message
    assert finding.evidence["mislabelled"] == []


def test_what_is_left_out_altogether_is_counted_apart() -> None:
    report = report_of([ignoring(entry(PLAYLIST, line=1)), entry(VIDEO, line=2)], KNOWN)
    assert (report.counts.links, report.counts.resources, report.counts.ignored) == (1, 1, 1)
    assert report.findings == []
