"""What is accepted is shown and not counted; and what a check sees is over."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec
import pytest
from unit.report.builders import (
    DAY,
    LONG_AGO,
    MALFORMED,
    OTHER,
    PLAYLIST,
    RUN,
    RUN_AT,
    WATCH_LATER,
    YESTERDAY,
    entry,
    happened,
    living,
    missing,
    report_of,
    with_levels,
)

from linkwatch.acknowledgements.matching import active_acknowledgements
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.events import EventKind
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.resource import Resource
from linkwatch.models.rules import RULES, Level, Rule
from linkwatch.report.acknowledgements import apply_acknowledgements, ended_acknowledgements
from linkwatch.report.build import only_new
from linkwatch.report.model import Report
from linkwatch.settings import Settings

GONE = missing(State.UNAVAILABLE, since=YESTERDAY)
DEAD = report_of([entry(PLAYLIST), entry(PLAYLIST, line=2), entry(MALFORMED, line=3)], {PLAYLIST: GONE})
"""An error and a warning about one playlist, and an error about a link that names nothing."""

FINE = report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")})
HERE: frozenset[str | None] = frozenset()
"""The check read every list."""


def ack(id_: str | None = PLAYLIST.id, rule: Rule | None = None, at: datetime = LONG_AGO) -> Acknowledgement:
    return Acknowledgement(id_, rule, "known", at)


def accepting(report: Report, *acks: Acknowledgement) -> Report:
    return apply_acknowledgements(report, active_acknowledgements(acks, report.generated_at, None))


def covered(report: Report) -> list[str]:
    return [finding.rule.name for finding in report.findings if finding.acknowledged is not None]


def test_what_is_accepted_stays_in_the_report_and_is_not_counted() -> None:
    report = accepting(DEAD, ack(PLAYLIST.id, rules.DEAD))
    assert covered(report) == ["dead"]
    assert [finding.message for finding in report.findings] == [finding.message for finding in DEAD.findings]
    assert (report.counts.levels[Level.ERROR], report.counts.acknowledged) == (1, 1)
    assert (DEAD.counts.levels[Level.ERROR], DEAD.counts.acknowledged) == (2, 0)


def test_an_id_covers_all_that_is_found_about_it() -> None:
    assert covered(accepting(DEAD, ack())) == ["dead", "duplicate"]


def test_a_malformed_link_is_accepted_by_its_url_or_by_its_rule() -> None:
    assert covered(accepting(DEAD, ack(MALFORMED))) == ["malformed"]
    assert covered(accepting(DEAD, ack(None, rules.MALFORMED))) == ["malformed"]
    assert covered(accepting(DEAD, ack(f"{MALFORMED}x"))) == []


def test_of_the_new_findings_those_that_are_accepted_are_not_counted_either() -> None:
    fresh = report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.UNAVAILABLE)})
    report = only_new(accepting(fresh, ack()))
    assert (covered(report), report.counts.acknowledged, report.counts.levels[Level.ERROR]) == (["dead"], 1, 0)


def test_without_acknowledgements_the_report_is_not_copied() -> None:
    assert accepting(DEAD) is DEAD


def test_what_is_accepted_no_longer_counts_again() -> None:
    assert accepting(accepting(DEAD, ack()), ack(OTHER.id)) == DEAD
    assert accepting(accepting(DEAD, ack())) == DEAD


def ended(
    report: Report,
    *acks: Acknowledgement,
    elsewhere: Iterable[str | None] = HERE,
    settings: Settings | None = None,
    began: datetime | None = None,
) -> list[Acknowledgement]:
    accepted = active_acknowledgements(acks, report.generated_at, began)
    found = ended_acknowledgements(report, accepted, settings or Settings(), elsewhere=frozenset(elsewhere))
    return [ack for ack in acks if ack in found]


def incomplete(report: Report) -> Report:
    return replace(report, run=replace(RUN, complete=False, incomplete_reason="held"))


def test_what_is_found_is_not_over() -> None:
    assert ended(DEAD, ack(), ack(PLAYLIST.id, rules.DEAD), ack(None, rules.DUPLICATE, at=DEAD.generated_at)) == []


@pytest.mark.parametrize("rule", [None, *RULES.values()])
def test_what_is_found_no_longer_is_over(rule: Rule | None) -> None:
    assert ended(FINE, ack(rule=rule)) == [ack(rule=rule)]


def test_another_rule_or_another_id_is_another_matter() -> None:
    """A suspicion that was accepted and became a death is over: the death is reported."""
    assert ended(DEAD, ack(rule=rules.SUSPECT)) == [ack(rule=rules.SUSPECT)]


def test_in_an_incomplete_check_what_is_not_found_is_not_over() -> None:
    assert ended(incomplete(FINE), ack(), ack(None, rules.DEAD)) == []


def test_what_had_no_answer_or_is_not_listed_is_not_over() -> None:
    unseen = report_of([entry(PLAYLIST)], {PLAYLIST: living(checked=YESTERDAY)})
    assert ended(unseen, ack()) == []
    assert ended(FINE, ack(OTHER.id), ack(MALFORMED)) == []


def test_what_nobody_can_answer_about_stays() -> None:
    report = report_of([entry(WATCH_LATER)])
    assert ended(report, ack("WL", rules.UNMONITORABLE), ack("WL", rules.DUPLICATE)) == []


def test_before_any_check_nothing_is_over() -> None:
    assert ended(report_of([entry(PLAYLIST)], run=None), ack(), ack(None, rules.DEAD)) == []


def test_a_rule_that_is_off_ends_nothing() -> None:
    settings = with_levels(duplicate=Level.OFF)
    report = report_of([entry(PLAYLIST), entry(PLAYLIST, line=2)], {PLAYLIST: living()}, settings=settings)
    assert ended(report, ack(rule=rules.DUPLICATE), ack(None, rules.DUPLICATE), settings=settings) == []


def test_a_rule_that_is_ignored_for_an_entry_ends_nothing_of_its_own() -> None:
    """The comment may go as it came, and what was accepted before it still is."""
    quiet = msgspec.structs.replace(entry(PLAYLIST), ignored=("duplicate", "dead"))
    report = report_of([quiet, entry(PLAYLIST, line=2), entry(OTHER, line=3)], {PLAYLIST: living(), OTHER: living()})
    kept = [ack(rule=rules.DUPLICATE), ack(rule=rules.DEAD), ack(None, rules.DUPLICATE)]
    over = [ack(rule=rules.MISLABELLED), ack(OTHER.id, rules.DUPLICATE), ack(None, rules.STALE)]
    assert ended(report, *kept, *over) == over


def test_of_an_id_alone_what_is_found_no_longer_is_over_whatever_is_ignored() -> None:
    """Else it would go on and cover a death that nobody has accepted."""
    quiet = msgspec.structs.replace(entry(PLAYLIST), ignored=("uncanonical",))
    assert ended(report_of([quiet], {PLAYLIST: living()}), ack()) == [ack()]


def test_while_entries_are_left_out_no_rule_alone_is_over() -> None:
    left_out = msgspec.structs.replace(entry(OTHER), ignored=())
    report = report_of([left_out, entry(PLAYLIST, line=2)], {PLAYLIST: living()})
    assert ended(report, ack(None, rules.DEAD), ack(rule=rules.DEAD)) == [ack(rule=rules.DEAD)]


@pytest.mark.parametrize("rule", [None, rules.DUPLICATE, rules.MISLABELLED, rules.OWNER_CHANGED])
def test_what_may_be_found_in_a_list_that_was_not_read_is_not_over(rule: Rule | None) -> None:
    assert ended(FINE, ack(rule=rule), elsewhere={None, PLAYLIST.id}) == []
    assert ended(FINE, ack(rule=rule), elsewhere={None}) == [ack(rule=rule)]


@pytest.mark.parametrize("rule", [rules.DEAD, rules.EMPTIED, rules.RESTRICTED, rules.SHRUNK, rules.STALE])
def test_what_is_so_in_any_list_needs_no_other_list_to_be_over(rule: Rule) -> None:
    assert ended(FINE, ack(rule=rule), elsewhere={None, PLAYLIST.id}) == [ack(rule=rule)]


def test_a_rule_is_over_when_no_list_has_what_it_covers() -> None:
    rule = ack(None, rules.DEAD)
    assert ended(FINE, rule) == [rule]
    assert ended(FINE, rule, elsewhere={None}) == []
    later = report_of([entry(PLAYLIST)], {PLAYLIST: missing(State.UNAVAILABLE, since=LONG_AGO + DAY)})
    assert ended(later, rule) == [rule]
    assert ended(later, rule, began=LONG_AGO + DAY) == []


def recovered(at: datetime = RUN_AT, known: Mapping[Resource, ResourceRecord] | None = None) -> Report:
    """Something is back, and is listed twice."""
    links = [entry(PLAYLIST), entry(PLAYLIST, line=2)]
    event = happened(PLAYLIST, EventKind.RECOVERED, "unavailable", "available", at)
    return report_of(links, known or {PLAYLIST: living("Calculus 3")}, [event])


@pytest.mark.parametrize("make", [lambda report: report, incomplete], ids=["complete", "incomplete"])
def test_what_is_back_ends_what_was_accepted_of_its_death_and_its_next_death_is_news(make: object) -> None:
    """Even where something else is found that an acknowledgement of all covers, and in an incomplete check."""
    assert callable(make)
    report = make(recovered())
    death = [ack(), ack(rule=rules.DEAD), ack(rule=rules.SUSPECT)]
    other = [ack(rule=rules.DUPLICATE), ack(OTHER.id), ack(None, rules.DUPLICATE, at=report.generated_at)]
    assert ended(report, *death, *other) == death


def test_a_recovery_that_was_reported_before_ends_only_what_had_been_accepted_before_it() -> None:
    report = recovered(YESTERDAY)
    before, after, undated = ack(at=YESTERDAY - DAY), ack(at=YESTERDAY + DAY / 2), ack(at=UNDATED)
    assert ended(report, before) == [before]
    assert ended(report, after) == []
    assert ended(report, undated) == []
