"""Ctrl-C at any moment: the answers that came are saved, and nothing is lost or reported twice."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import databases
import httpx
import pytest
from integration.check.harness import DAY, HOUR, KEYED, MORNING, Harness, playlist_id, playlists, run_of

from linkwatch.models.observation import State
from linkwatch.services.tally import CheckPhase, OnProgress
from linkwatch.simulator.faults import Fault, FaultPeriod

COUNT = 1230
ONE_AT_A_TIME = replace(KEYED, calls_in_flight=1, oembed_in_flight=1)


def stop_after(answers: int) -> OnProgress:
    """A progress that is interrupted after so many resources."""

    def tell(phase: CheckPhase, done: int, total: int) -> None:
        if done >= answers:
            raise KeyboardInterrupt

    return tell


def stop_at(harness: Harness, path: str, times: int) -> Callable[[httpx.Request], httpx.Response]:
    """A transport that is interrupted at the nth request of a kind."""
    seen: Counter[str] = Counter()

    def transport(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith(path):
            seen[path] += 1
            if seen[path] == times:
                raise KeyboardInterrupt
        return harness.youtube(request)

    return transport


@pytest.fixture(scope="module")
def first_check(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database after one check, to be copied."""
    harness = Harness(tmp_path_factory.mktemp("first"), playlists(COUNT), settings=ONE_AT_A_TIME)
    harness.run()
    harness.database.close()
    return harness.folder / "linkwatch.db"


@pytest.fixture
def checked(first_check: Path, tmp_path: Path) -> Harness:
    """A harness that was checked once."""
    databases.copy(first_check, tmp_path / "linkwatch.db")
    return Harness(tmp_path, playlists(COUNT), settings=ONE_AT_A_TIME)


@pytest.fixture
def changed(checked: Harness) -> Harness:
    """A harness checked once, after which everything got another title, and three died."""
    harness = checked
    for n in range(COUNT):
        harness.world.retitle(playlist_id(n), MORNING + HOUR, f"Kurs {n}")
    for n in (0, 600, COUNT - 1):
        harness.world.delete(playlist_id(n), MORNING + HOUR)
    return harness


def assert_each_told_once(harness: Harness) -> None:
    expected = {(playlist_id(n), "died" if n in {0, 600, COUNT - 1} else "retitled") for n in range(COUNT)}
    assert Counter(harness.events()) == Counter(expected)


@pytest.mark.parametrize("after", [1, 100, 1000, 1050, 1100, COUNT])
def test_ctrl_c_while_the_api_is_asked(changed: Harness, after: int) -> None:
    harness = changed
    with pytest.raises(KeyboardInterrupt):
        harness.run(after=DAY, progress=stop_after(after))
    kept = [known for known in harness.all_known().values() if known.last_checked == harness.now]
    # The call whose answer is being told is not judged yet, nor is what one witness alone missed.
    assert after - 50 - 3 <= len(kept) <= after
    assert len(harness.events()) == len(kept)
    interrupted = run_of(harness.report())
    assert (interrupted.complete, interrupted.incomplete_reason) == (False, "interrupted")
    assert harness.unfinished_runs() == 0
    assert run_of(harness.check(after=HOUR)).complete
    assert_each_told_once(harness)


@pytest.mark.parametrize(
    ("path", "times"), [("playlists", 1), ("playlists", 2), ("playlists", 25), ("oembed", 1), ("oembed", 3)]
)
def test_ctrl_c_in_the_middle_of_a_request(changed: Harness, path: str, times: int) -> None:
    harness = changed
    with pytest.raises(KeyboardInterrupt):
        harness.run(after=DAY, transport=stop_at(harness, path, times))
    interrupted = run_of(harness.report())
    assert interrupted.incomplete_reason == "interrupted"
    assert interrupted.quota_units == harness.units or path == "playlists"
    assert run_of(harness.check(after=HOUR)).complete
    assert_each_told_once(harness)


def test_ctrl_c_in_the_very_first_check(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(COUNT), settings=ONE_AT_A_TIME)
    with pytest.raises(KeyboardInterrupt):
        harness.run(progress=stop_after(250))
    report = harness.report()
    states = report.counts.states
    assert (states[State.AVAILABLE], states[State.UNKNOWN]) == (200, COUNT - 200)
    assert report.findings == []
    harness.run(after=HOUR)
    assert harness.report().counts.states[State.AVAILABLE] == COUNT
    assert harness.events() == []


def test_a_list_is_worked_through_though_every_check_is_interrupted(tmp_path: Path) -> None:
    """The longest unasked come first, so that a check that is cut short every time starves nobody."""
    harness = Harness(tmp_path, playlists(COUNT), settings=ONE_AT_A_TIME)
    for _ in range(7):
        with pytest.raises(KeyboardInterrupt):
            harness.run(after=DAY, progress=stop_after(250))
    assert harness.report().counts.states[State.AVAILABLE] == COUNT


def test_ctrl_c_does_not_release_the_brake(tmp_path: Path) -> None:
    harness = Harness(tmp_path, playlists(20), settings=ONE_AT_A_TIME)
    harness.world.add_faults(FaultPeriod(Fault.LEFT_OUT, MORNING + DAY, MORNING + 30 * DAY))
    harness.run()
    before = harness.all_known()
    for _ in range(5):
        with pytest.raises(KeyboardInterrupt):
            harness.run(after=DAY, transport=stop_at(harness, "oembed", 5))
    assert harness.all_known() == before


def test_findings_of_an_interrupted_check_are_new_in_the_next_report(checked: Harness) -> None:
    """Nobody has been told of it: the interrupted check ended without a report."""
    harness = checked
    harness.world.retitle(playlist_id(3), MORNING + HOUR, "Kurs 3")
    with pytest.raises(KeyboardInterrupt):
        harness.run(after=DAY, progress=stop_after(100))
    assert harness.events() == [(playlist_id(3), "retitled")]
    (finding,) = harness.check(after=HOUR).findings
    assert finding.new
    (finding,) = harness.check(after=HOUR).findings
    assert not finding.new
