"""What is known and accepted, from check to check: it fails nothing, and what is new is told."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from integration.check.living import DAY, HOUR, KEYED, LIST, MORNING, House, channel_id, listing, playlist_id, playlists
from msgspec.structs import replace

from linkwatch.catalogue.catalogue import Catalogue
from linkwatch.models.acknowledgement import UNDATED, Acknowledgement
from linkwatch.models.rules import Rule
from linkwatch.report.formats.json import render
from linkwatch.report.model import Report
from linkwatch.services.report import report_of_lists, settle_acks
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, Faults
from linkwatch.store.acknowledgements import load_acknowledgements, save_acknowledgements

FIRST, SECOND, THIRD = playlist_id(0), playlist_id(1), playlist_id(2)
Listed = Sequence[Acknowledgement] | None


def accept(house: House, id_: str | None, rule: Rule | None = None, until: date | None = None) -> Acknowledgement:
    """Accept something now, in the store alone."""
    ack = Acknowledgement(id_, rule, "known", house.now, until)
    with house.database.write() as connection:
        save_acknowledgements(
            connection, [*(each for each in load_acknowledgements(connection) if each.key != ack.key), ack]
        )
    return ack


def stored(house: House) -> list[Acknowledgement]:
    with house.database.read() as connection:
        return load_acknowledgements(connection)


def counting(house: House) -> list[str | None]:
    """The ids of what has not ended."""
    return [ack.id for ack in stored(house) if ack.ended_at is None]


def reported(
    house: House, listed: Listed = None, catalogue: Catalogue | None = None, files: Iterable[str] = (LIST,)
) -> Report:
    return report_of_lists(
        catalogue or house.catalogue,
        files,
        database=house.database,
        settings=house.settings,
        now=house.now,
        listed_acks=listed,
    )


def check(
    house: House, listed: Listed = None, *, catalogue: Catalogue | None = None, files: Iterable[str] = (LIST,)
) -> Report:
    """The check of a day later, as the command makes it."""
    house.check(after=DAY, catalogue=catalogue, files=files)
    report = settle_acks(
        reported(house, listed, catalogue, files),
        files,
        database=house.database,
        settings=house.settings,
        now=house.now,
        listed_acks=listed,
    )
    assert render(report) == render(reported(house, listed, catalogue, files)), "what was told is told again"
    return report


def told(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.rule.value, finding.id) for finding in report.findings if finding.acknowledged is None]


def covered(report: Report) -> list[tuple[str, str | None]]:
    return [(finding.rule.value, finding.id) for finding in report.findings if finding.acknowledged is not None]


def with_a_death(folder: Path, *, count: int = 5, listed: Sequence[str] | None = None) -> House:
    """The first playlist has died."""
    house = House(folder, playlists(count), listed)
    house.check()
    house.world.delete(FIRST, MORNING + HOUR)
    assert ("dead", FIRST) in told(check(house))
    return house


@pytest.mark.parametrize("rule", [None, Rule.DEAD])
def test_a_death_that_is_accepted_is_known_for_as_long_as_it_lasts(tmp_path: Path, rule: Rule | None) -> None:
    house = with_a_death(tmp_path)
    accept(house, FIRST, rule)
    for _ in range(10):
        report = check(house)
        assert (told(report), covered(report)) == ([], [("dead", FIRST)])
    assert counting(house) == [FIRST]


@pytest.mark.parametrize("rule", [None, Rule.DEAD])
def test_what_came_back_and_dies_again_is_told_anew(tmp_path: Path, rule: Rule | None) -> None:
    """Listed twice: something else is found about it all the time."""
    house = with_a_death(tmp_path, listed=[FIRST, FIRST, SECOND, THIRD])
    accept(house, FIRST, rule)
    check(house)
    house.world.bring_back(FIRST, house.now + HOUR)
    report = check(house)
    assert told(report) == [("duplicate", FIRST)]
    assert [ack.ended_at for ack in stored(house)] == [house.now]
    house.world.delete(FIRST, house.now + HOUR)
    report = check(house)
    assert ("dead", FIRST) in told(report)
    assert next(finding for finding in report.findings if finding.rule is Rule.DEAD).new


def test_what_came_back_ends_it_in_an_incomplete_check_too(tmp_path: Path) -> None:
    house = with_a_death(tmp_path, listed=[FIRST, FIRST, *(playlist_id(n) for n in range(1, 60))], count=60)
    accept(house, FIRST)
    house.world.bring_back(FIRST, house.now + HOUR)
    house.world.add_weather(Faults(Fault.BACKEND_ERROR, house.now, house.now + 2 * DAY, frozenset({playlist_id(59)})))
    report = check(house)
    assert report.run is not None
    assert not report.run.complete
    assert counting(house) == []


def test_a_rule_that_is_accepted_covers_the_deaths_so_far_and_tells_the_next_one(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    accept(house, None, Rule.DEAD)
    assert covered(check(house)) == [("dead", FIRST)]
    house.world.delete(SECOND, house.now + HOUR)
    report = check(house)
    assert (told(report), covered(report)) == ([("dead", SECOND)], [("dead", FIRST)])
    assert (told(check(house)), counting(house)) == ([("dead", SECOND)], [None])


def test_a_rule_of_a_file_without_a_database_covers_what_the_first_check_finds(tmp_path: Path) -> None:
    """A CI without history; where there is one, an entry without a date covers no later death."""
    listed = [Acknowledgement(None, Rule.DEAD, "known", UNDATED)]
    house = House(tmp_path, playlists(3), [FIRST, SECOND, THIRD, playlist_id(8)])
    assert covered(check(house, listed)) == [("dead", playlist_id(8))]
    house.world.delete(FIRST, house.now + HOUR)
    report = check(house, listed)
    assert (told(report), covered(report)) == ([("dead", FIRST)], [("dead", playlist_id(8))])


def test_a_death_of_yesterday_is_told_when_lists_are_checked_together_for_the_first_time(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(5))
    house.check()
    accept(house, None, Rule.DEAD)
    house.world.delete(FIRST, house.now + HOUR)
    check(house)
    assert told(check(house, files=(LIST, "more.csv"))) == [("dead", FIRST)]


def test_an_acceptance_counts_on_its_last_day_and_not_on_the_next(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    accept(house, FIRST, until=house.now.date() + timedelta(days=1))
    assert covered(check(house)) == [("dead", FIRST)]
    assert told(check(house)) == [("dead", FIRST)]
    assert counting(house) == [FIRST], "it has expired, and nothing came to its end"


def test_what_was_accepted_until_yesterday_is_news_once(tmp_path: Path) -> None:
    """Who is told only what is new hears of it again."""
    house = with_a_death(tmp_path)
    check(house)
    accept(house, FIRST, until=house.now.date() + timedelta(days=1))
    new = [[finding.new for finding in check(house).findings if finding.id == FIRST] for _ in range(3)]
    assert new == [[False], [True], [False]]


def test_an_incomplete_check_ends_nothing_that_is_not_back(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(3), [FIRST, FIRST, SECOND])
    house.check()
    accept(house, FIRST, Rule.DUPLICATE)
    house.world.add_weather(Faults(Fault.BACKEND_ERROR, house.now, house.now + DAY + HOUR))
    check(house, catalogue=listing(FIRST, SECOND))
    assert counting(house) == [FIRST]
    check(house, catalogue=listing(FIRST, SECOND))
    assert counting(house) == []


def test_what_is_taken_off_the_list_stays_accepted(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    accept(house, FIRST)
    check(house, catalogue=listing(SECOND, THIRD))
    assert counting(house) == [FIRST]
    assert covered(check(house)) == [("dead", FIRST)]


def test_lists_that_are_checked_apart_leave_each_other_what_they_accepted(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(4))
    one, other = listing(FIRST, SECOND, file="one.csv"), listing(FIRST, THIRD, THIRD, file="other.csv")
    for catalogue, files in ((one, ("one.csv",)), (other, ("other.csv",))):
        house.check(catalogue=catalogue, files=files)
    accept(house, THIRD)
    accept(house, FIRST, Rule.DUPLICATE)
    accept(house, None, Rule.DUPLICATE)
    check(house, catalogue=one, files=("one.csv",))
    assert len(counting(house)) == len(stored(house)) == 3
    assert covered(check(house, catalogue=other, files=("other.csv",))) == [("duplicate", THIRD)]
    assert len(counting(house)) == 3


def test_the_file_is_what_counts_and_the_store_follows_it(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    dropped = accept(house, FIRST)
    assert covered(reported(house)) == [("dead", FIRST)]
    assert told(reported(house, [])) == [("dead", FIRST)], "a reviewer has taken it out"
    assert stored(house) == [dropped], "a report writes nothing"
    assert told(check(house, [])) == [("dead", FIRST)]
    assert stored(house) == []
    added = Acknowledgement(FIRST, Rule.DEAD, "known", house.now)
    assert covered(check(house, [added])) == [("dead", FIRST)]
    assert stored(house) == [added]


def test_what_ended_does_not_count_though_the_file_still_lists_it(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    listed = [Acknowledgement(FIRST, Rule.DEAD, "known", house.now)]
    assert covered(check(house, listed)) == [("dead", FIRST)]
    house.world.bring_back(FIRST, house.now + HOUR)
    check(house, listed)
    house.world.delete(FIRST, house.now + HOUR)
    for _ in range(3):
        assert told(check(house, listed)) == [("dead", FIRST)]
    again = [replace(listed[0], accepted_at=house.now)]
    assert covered(check(house, again)) == [("dead", FIRST)]


def test_what_ended_on_a_clock_that_is_behind_stays_ended(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    listed = [Acknowledgement(FIRST, Rule.DEAD, "known", house.now + DAY + HOUR)]
    house.world.bring_back(FIRST, house.now + HOUR)
    check(house, listed)
    house.world.delete(FIRST, house.now + HOUR)
    assert told(check(house, listed)) == [("dead", FIRST)]


def test_a_handle_is_accepted_before_and_after_it_is_resolved(tmp_path: Path) -> None:
    channel = SimChannel(channel_id(1), "A teacher", handle="@teacher")
    url = "https://www.youtube.com/@teacher"
    house = House(tmp_path, [channel, *playlists(3)], [url, url, FIRST], settings=KEYED)
    accept(house, "@teacher")
    assert covered(check(house)) == [("duplicate", channel.id)]
    assert [ack.id for ack in stored(house)] == [channel.id]
    assert covered(check(house, [Acknowledgement("@teacher", None, "known", UNDATED)])) == [("duplicate", channel.id)]


def test_where_nothing_is_accepted_nothing_is_written(tmp_path: Path) -> None:
    house = with_a_death(tmp_path)
    assert told(check(house)) == [("dead", FIRST)]
    assert stored(house) == []
