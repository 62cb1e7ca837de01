"""What each of the last checks saw: seen, missing, or no answer, which is neither."""

from pathlib import Path

from integration.check.harness import DAY, HOUR, LIST, MORNING, Harness, playlist_id, playlists, resource_of

from linkwatch.models.observation import State
from linkwatch.report.model import Extra, Report
from linkwatch.services.report import CHECKS_SHOWN, report_of_lists
from linkwatch.simulator.faults import Fault, FaultPeriod

A, S, U = State.AVAILABLE, State.SUSPECT, State.UNAVAILABLE
FIRST, SECOND = playlist_id(0), playlist_id(1)


def reported(harness: Harness) -> Report:
    return report_of_lists(
        harness.catalogue,
        [LIST],
        database=harness.database,
        settings=harness.settings,
        now=harness.now,
        extras=frozenset({Extra.CHECKS, Extra.EVENTS}),
    )


def checks_of(harness: Harness, name: str) -> list[State | None]:
    (item,) = [item for item in reported(harness).resources if item.resource == resource_of(name)]
    return list(item.checks)


def test_what_stays_alive_was_seen_by_every_check(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(2))
    for _ in range(4):
        harness.run(after=DAY)
    assert checks_of(harness, FIRST) == checks_of(harness, SECOND) == [A, A, A, A]
    assert list(reported(harness).check_times) == [MORNING + day * DAY for day in range(1, 5)]


def test_a_death_and_a_recovery_are_seen_from_the_check_that_found_them(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(2))
    harness.run()
    harness.world.delete(FIRST, MORNING + HOUR)
    harness.run(after=DAY)
    harness.run(after=DAY)
    harness.world.bring_back(FIRST, harness.now + HOUR)
    harness.run(after=DAY)
    harness.run(after=DAY)
    assert checks_of(harness, FIRST) == [A, U, U, A, A]
    assert checks_of(harness, SECOND) == [A, A, A, A, A]
    assert [(each.item.resource.id, each.stored.event.kind) for each in reported(harness).events] == [
        (FIRST, "recovered"),
        (FIRST, "died"),
    ]


def test_a_check_without_an_answer_is_told_apart_then_and_for_ever(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(2))
    harness.run()
    harness.world.add_faults(FaultPeriod(Fault.BACKEND_ERROR, MORNING + HOUR, MORNING + 2 * DAY + HOUR))
    harness.run(after=DAY)
    harness.run(after=DAY)
    assert checks_of(harness, FIRST) == [A, None, None]
    harness.run(after=DAY)
    assert checks_of(harness, FIRST) == [A, None, None, A]
    harness.run(after=DAY)
    assert checks_of(harness, FIRST) == [A, None, None, A, A]


def test_what_was_listed_later_was_not_there_before(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(2), [FIRST])
    harness.run()
    both = Harness(tmp_path, playlists(2), [FIRST, SECOND], now=MORNING + DAY)
    both.check()
    assert checks_of(both, FIRST) == [A, A]
    assert checks_of(both, SECOND) == [None, A]


def test_only_the_last_checks_are_shown(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1))
    for _ in range(CHECKS_SHOWN + 3):
        harness.run(after=DAY)
    assert checks_of(harness, FIRST) == [A] * CHECKS_SHOWN


def test_what_nobody_asked_for_is_not_looked_up(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1))
    report = harness.check()
    assert (report.check_times, report.events, report.resources[0].checks) == ((), [], ())


def test_the_first_check_of_some_lists_says_so(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(1))
    assert harness.check().first_check
    assert harness.report().first_check
    assert not harness.check(after=DAY).first_check
