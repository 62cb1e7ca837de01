"""What the lists alone tell: of their entries everything, of what is behind them nothing."""

from unit.report.builders import LONG_AGO, MALFORMED, NOW, OTHER, PLAYLIST, VIDEO, WATCH_LATER, entry

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models import rules
from linkwatch.models.acknowledgement import Acknowledgement
from linkwatch.models.link import Link
from linkwatch.report.formats import terminal
from linkwatch.report.model import Report
from linkwatch.services.offline_report import report_lists_only
from linkwatch.settings import Settings

TWICE = [entry(PLAYLIST, "Calculus", line=1), entry(PLAYLIST, line=2)]


def report_of(*links: Link, acks: list[Acknowledgement] | None = None) -> Report:
    return report_lists_only(catalogue_links(links), settings=Settings(), now=NOW, listed_acks=acks)


def verdict(report: Report) -> str:
    return terminal.render(report).rstrip("\n").rpartition("\n")[2]


def test_the_rules_that_examine_links_are_applied() -> None:
    links = [*TWICE, entry(MALFORMED, line=3), entry(WATCH_LATER, line=4), entry(f"{VIDEO.url}&feature=share", line=5)]
    report = report_of(*links)
    assert [finding.rule for finding in report.findings] == [
        rules.MALFORMED,
        rules.DUPLICATE,
        rules.UNMONITORABLE,
        rules.UNCANONICAL,
    ]
    assert (report.counts.links, report.counts.resources, report.run, report.lists_only) == (5, 3, None, True)
    assert verdict(report) == "1 error, 2 warnings, 1 notice in 5 links · from the lists alone, without asking YouTube"


def test_nothing_is_called_fine_that_was_not_asked_about() -> None:
    shown = terminal.render(report_of(entry(PLAYLIST, line=1), entry(OTHER, line=2)))
    assert shown == "Nothing to report in 2 links · from the lists alone, without asking YouTube\n"


def test_nothing_is_said_of_states() -> None:
    shown = terminal.render(report_of(*TWICE))
    assert "unknown" not in shown
    assert "resource:" not in shown


def test_what_is_new_only_a_memory_can_tell() -> None:
    assert [finding.new for finding in report_of(*TWICE).findings] == [False]


def test_what_the_file_accepts_is_accepted() -> None:
    report = report_of(*TWICE, acks=[Acknowledgement(PLAYLIST.id, rules.DUPLICATE, "both are wanted", LONG_AGO)])
    assert (report.counts.acknowledged, [finding.acknowledged is not None for finding in report.findings]) == (
        1,
        [True],
    )
