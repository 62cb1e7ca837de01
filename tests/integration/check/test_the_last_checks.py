"""What each of the last checks saw: seen, missing, or no answer, which is neither."""

from pathlib import Path

from integration.check.living import DAY, HOUR, LIST, MORNING, House, playlist_id, playlists, resource_of

from linkwatch.models.observation import State
from linkwatch.report.model import Extra, Report
from linkwatch.services.report import CHECKS_SHOWN, report_of_lists
from linkwatch.simulator.faults import Fault, Faults

A, S, U = State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE
FIRST, SECOND = playlist_id(0), playlist_id(1)


def reported(house: House) -> Report:
    return report_of_lists(
        house.catalogue,
        [LIST],
        database=house.database,
        settings=house.settings,
        now=house.now,
        extras=frozenset({Extra.CHECKS, Extra.EVENTS}),
    )


def checks_of(house: House, name: str) -> list[State | None]:
    (item,) = [item for item in reported(house).resources if item.resource == resource_of(name)]
    return list(item.checks)


def test_what_stays_alive_was_seen_by_every_check(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(2))
    for _ in range(4):
        house.check(after=DAY)
    assert checks_of(house, FIRST) == checks_of(house, SECOND) == [A, A, A, A]
    assert list(reported(house).check_times) == [MORNING + day * DAY for day in range(1, 5)]


def test_a_death_and_a_recovery_are_seen_from_the_check_that_found_them(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(2))
    house.check()
    house.world.delete(FIRST, MORNING + HOUR)
    house.check(after=DAY)
    house.check(after=DAY)
    house.world.bring_back(FIRST, house.now + HOUR)
    house.check(after=DAY)
    house.check(after=DAY)
    assert checks_of(house, FIRST) == [A, U, U, A, A]
    assert checks_of(house, SECOND) == [A, A, A, A, A]
    assert [(each.item.resource.id, each.stored.event.kind) for each in reported(house).events] == [
        (FIRST, "recovered"),
        (FIRST, "died"),
    ]


def test_a_check_without_an_answer_is_told_apart_then_and_for_ever(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(2))
    house.check()
    house.world.add_weather(Faults(Fault.BACKEND_ERROR, MORNING + HOUR, MORNING + 2 * DAY + HOUR))
    house.check(after=DAY)
    house.check(after=DAY)
    assert checks_of(house, FIRST) == [A, None, None]
    house.check(after=DAY)
    assert checks_of(house, FIRST) == [A, None, None, A]
    house.check(after=DAY)
    assert checks_of(house, FIRST) == [A, None, None, A, A]


def test_what_was_listed_later_was_not_there_before(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(2), [FIRST])
    house.check()
    both = House(tmp_path, playlists(2), [FIRST, SECOND], now=MORNING + DAY)
    both.check()
    assert checks_of(both, FIRST) == [A, A]
    assert checks_of(both, SECOND) == [None, A]


def test_only_the_last_checks_are_shown(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(1))
    for _ in range(CHECKS_SHOWN + 3):
        house.check(after=DAY)
    assert checks_of(house, FIRST) == [A] * CHECKS_SHOWN


def test_what_nobody_asked_for_is_not_looked_up(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(1))
    report = house.check()
    assert (report.check_times, report.events, report.resources[0].checks) == ((), [], ())


def test_the_first_check_of_some_lists_says_so(tmp_path: Path) -> None:
    house = House(tmp_path, playlists(1))
    assert house.check().first_check
    assert house.report().first_check
    assert not house.check(after=DAY).first_check
