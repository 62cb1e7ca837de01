"""What is known and accepted, from check to check: it fails nothing, and what is new is told."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    KEYED,
    LIST,
    MORNING,
    Harness,
    channel_id,
    listing,
    playlist_id,
    playlists,
)
from msgspec.structs import replace

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models import rules
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.rules import Rule
from linkwatch.report.formats.json import render
from linkwatch.report.model import Report
from linkwatch.services.report import report_of_check, report_of_lists
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.store.acknowledgements import load_acknowledgements, save_acknowledgements

FIRST, SECOND, THIRD = playlist_id(0), playlist_id(1), playlist_id(2)
Listed = Sequence[Acknowledgement] | None


def accept(harness: Harness, id_: str | None, rule: Rule | None = None, until: date | None = None) -> Acknowledgement:
    """Accept something now, in the store alone."""
    ack = Acknowledgement(id_, rule, "known", harness.now, until)
    with harness.database.write() as connection:
        save_acknowledgements(
            connection, [*(each for each in load_acknowledgements(connection) if each.key != ack.key), ack]
        )
    return ack


def stored(harness: Harness) -> list[Acknowledgement]:
    with harness.database.read() as connection:
        return load_acknowledgements(connection)


def counting(harness: Harness) -> list[str | None]:
    """The ids of what has not ended."""
    return [ack.id for ack in stored(harness) if ack.ended_at is None]


def reported(
    harness: Harness, listed: Listed = None, catalogue: Catalogue | None = None, files: Iterable[str] = (LIST,)
) -> Report:
    return report_of_lists(
        catalogue or harness.catalogue,
        files,
        database=harness.database,
        settings=harness.settings,
        now=harness.now,
        listed_acks=listed,
    )


def check(
    harness: Harness, listed: Listed = None, *, catalogue: Catalogue | None = None, files: Iterable[str] = (LIST,)
) -> Report:
    """The check of a day later, as the command makes it."""
    harness.run(after=DAY, catalogue=catalogue, files=files)
    assert harness.checked is not None
    report = report_of_check(
        harness.checked,
        files,
        database=harness.database,
        settings=harness.settings,
        now=harness.now,
        listed_acks=listed,
    )
    assert render(report) == render(reported(harness, listed, catalogue, files)), "what was told is told again"
    return report


def told(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.rule.name, finding.id) for finding in report.findings if finding.acknowledged is None]


def covered(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.rule.name, finding.id) for finding in report.findings if finding.acknowledged is not None]


def with_a_death(folder: Path, *, count: int = 5, listed: Sequence[str] | None = None) -> Harness:
    """The first playlist has died."""
    harness = Harness(folder, playlists(count), listed)
    harness.run()
    harness.world.delete(FIRST, MORNING + HOUR)
    assert ("dead", FIRST) in told(check(harness))
    return harness


@pytest.mark.parametrize("rule", [None, rules.DEAD])
def test_a_death_that_is_accepted_is_known_for_as_long_as_it_lasts(tmp_path: Path, rule: Rule | None) -> None:
    harness = with_a_death(tmp_path)
    accept(harness, FIRST, rule)
    for _ in range(10):
        report = check(harness)
        assert (told(report), covered(report)) == ([], [("dead", FIRST)])
    assert counting(harness) == [FIRST]


@pytest.mark.parametrize("rule", [None, rules.DEAD])
def test_what_came_back_and_dies_again_is_told_anew(tmp_path: Path, rule: Rule | None) -> None:
    """Listed twice: something else is found about it all the time."""
    harness = with_a_death(tmp_path, listed=[FIRST, FIRST, SECOND, THIRD])
    accept(harness, FIRST, rule)
    check(harness)
    harness.world.bring_back(FIRST, harness.now + HOUR)
    report = check(harness)
    assert told(report) == [("duplicate", FIRST)]
    assert [ack.ended_at for ack in stored(harness)] == [harness.now]
    harness.world.delete(FIRST, harness.now + HOUR)
    report = check(harness)
    assert ("dead", FIRST) in told(report)
    assert next(finding for finding in report.findings if finding.rule is rules.DEAD).new


def test_what_came_back_ends_it_in_an_incomplete_check_too(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path, listed=[FIRST, FIRST, *(playlist_id(n) for n in range(1, 60))], count=60)
    accept(harness, FIRST)
    harness.world.bring_back(FIRST, harness.now + HOUR)
    harness.world.add_faults(
        FaultPeriod(Fault.BACKEND_ERROR, harness.now, harness.now + 2 * DAY, frozenset({playlist_id(59)}))
    )
    report = check(harness)
    assert report.run is not None
    assert not report.run.complete
    assert counting(harness) == []


def test_a_rule_that_is_accepted_covers_the_deaths_so_far_and_tells_the_next_one(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    accept(harness, None, rules.DEAD)
    assert covered(check(harness)) == [("dead", FIRST)]
    harness.world.delete(SECOND, harness.now + HOUR)
    report = check(harness)
    assert (told(report), covered(report)) == ([("dead", SECOND)], [("dead", FIRST)])
    assert (told(check(harness)), counting(harness)) == ([("dead", SECOND)], [None])


def test_a_rule_of_a_file_without_a_database_covers_what_the_first_check_finds(tmp_path: Path) -> None:
    """A CI without history; where there is one, an entry without a date covers no later death."""
    listed = [Acknowledgement(None, rules.DEAD, "known", UNDATED)]
    harness = Harness(tmp_path, playlists(3), [FIRST, SECOND, THIRD, playlist_id(8)])
    assert covered(check(harness, listed)) == [("dead", playlist_id(8))]
    harness.world.delete(FIRST, harness.now + HOUR)
    report = check(harness, listed)
    assert (told(report), covered(report)) == ([("dead", FIRST)], [("dead", playlist_id(8))])


def test_a_death_of_yesterday_is_told_when_lists_are_checked_together_for_the_first_time(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(5))
    harness.run()
    accept(harness, None, rules.DEAD)
    harness.world.delete(FIRST, harness.now + HOUR)
    check(harness)
    assert told(check(harness, files=(LIST, "more.csv"))) == [("dead", FIRST)]


def test_an_acceptance_counts_on_its_last_day_and_not_on_the_next(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    accept(harness, FIRST, until=harness.now.date() + timedelta(days=1))
    assert covered(check(harness)) == [("dead", FIRST)]
    assert told(check(harness)) == [("dead", FIRST)]
    assert counting(harness) == [FIRST], "it has expired, and nothing came to its end"


def test_what_was_accepted_until_yesterday_is_news_once(tmp_path: Path) -> None:
    """Who is told only what is new hears of it again."""
    harness = with_a_death(tmp_path)
    check(harness)
    accept(harness, FIRST, until=harness.now.date() + timedelta(days=1))
    new = [[finding.new for finding in check(harness).findings if finding.id == FIRST] for _ in range(3)]
    assert new == [[False], [True], [False]]


def test_an_incomplete_check_ends_nothing_that_is_not_back(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(3), [FIRST, FIRST, SECOND])
    harness.run()
    accept(harness, FIRST, rules.DUPLICATE)
    harness.world.add_faults(FaultPeriod(Fault.BACKEND_ERROR, harness.now, harness.now + DAY + HOUR))
    check(harness, catalogue=listing(FIRST, SECOND))
    assert counting(harness) == [FIRST]
    check(harness, catalogue=listing(FIRST, SECOND))
    assert counting(harness) == []


def test_what_is_taken_off_the_list_stays_accepted(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    accept(harness, FIRST)
    check(harness, catalogue=listing(SECOND, THIRD))
    assert counting(harness) == [FIRST]
    assert covered(check(harness)) == [("dead", FIRST)]


def test_lists_that_are_checked_apart_leave_each_other_what_they_accepted(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(4))
    one, other = listing(FIRST, SECOND, file="one.csv"), listing(FIRST, THIRD, THIRD, file="other.csv")
    for catalogue, files in ((one, ("one.csv",)), (other, ("other.csv",))):
        harness.run(catalogue=catalogue, files=files)
    accept(harness, THIRD)
    accept(harness, FIRST, rules.DUPLICATE)
    accept(harness, None, rules.DUPLICATE)
    check(harness, catalogue=one, files=("one.csv",))
    assert len(counting(harness)) == len(stored(harness)) == 3
    assert covered(check(harness, catalogue=other, files=("other.csv",))) == [("duplicate", THIRD)]
    assert len(counting(harness)) == 3


def test_the_file_is_what_counts_and_the_store_follows_it(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    dropped = accept(harness, FIRST)
    assert covered(reported(harness)) == [("dead", FIRST)]
    assert told(reported(harness, [])) == [("dead", FIRST)], "a reviewer has taken it out"
    assert stored(harness) == [dropped], "a report writes nothing"
    assert told(check(harness, [])) == [("dead", FIRST)]
    assert stored(harness) == []
    added = Acknowledgement(FIRST, rules.DEAD, "known", harness.now)
    assert covered(check(harness, [added])) == [("dead", FIRST)]
    assert stored(harness) == [added]


def test_what_ended_does_not_count_though_the_file_still_lists_it(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    listed = [Acknowledgement(FIRST, rules.DEAD, "known", harness.now)]
    assert covered(check(harness, listed)) == [("dead", FIRST)]
    harness.world.bring_back(FIRST, harness.now + HOUR)
    check(harness, listed)
    harness.world.delete(FIRST, harness.now + HOUR)
    for _ in range(3):
        assert told(check(harness, listed)) == [("dead", FIRST)]
    again = [replace(listed[0], accepted_at=harness.now)]
    assert covered(check(harness, again)) == [("dead", FIRST)]


def test_what_ended_on_a_clock_that_is_behind_stays_ended(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    listed = [Acknowledgement(FIRST, rules.DEAD, "known", harness.now + DAY + HOUR)]
    harness.world.bring_back(FIRST, harness.now + HOUR)
    check(harness, listed)
    harness.world.delete(FIRST, harness.now + HOUR)
    assert told(check(harness, listed)) == [("dead", FIRST)]


def test_a_handle_is_accepted_before_and_after_it_is_resolved(tmp_path: Path) -> None:
    channel = SimChannel(channel_id(1), "A teacher", handle="@teacher")
    url = "https://www.youtube.com/@teacher"
    harness = Harness(tmp_path, [channel, *playlists(3)], [url, url, FIRST], settings=KEYED)
    accept(harness, "@teacher")
    assert covered(check(harness)) == [("duplicate", channel.id)]
    assert [ack.id for ack in stored(harness)] == [channel.id]
    assert covered(check(harness, [Acknowledgement("@teacher", None, "known", UNDATED)])) == [("duplicate", channel.id)]


def test_where_nothing_is_accepted_nothing_is_written(tmp_path: Path) -> None:
    harness = with_a_death(tmp_path)
    assert told(check(harness)) == [("dead", FIRST)]
    assert stored(harness) == []
