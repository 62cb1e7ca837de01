"""How a check makes its requests: which are in flight together, on which connections, and which it does not repeat."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from integration.check.harness import (
    DAY,
    HOUR,
    KEYED,
    KEYLESS,
    MORNING,
    Harness,
    playlist_id,
    playlists,
    run_of,
    videos,
)

from linkwatch.models.observation import State
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import check_context
from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.world import World

LONG = 20
"""Seconds after which a test that hangs fails."""

MISSING = playlist_id(999)

Answering = Callable[[httpx.Request], httpx.Response]


class Gathering:
    """Answers the first requests when so many are in flight at once, and counts how many had come by then."""

    def __init__(self, answering: Answering, at_once: int) -> None:
        self.answering = answering
        self.lock = threading.Lock()
        self.together = threading.Barrier(at_once, self.count)
        self.is_open = False
        self.arrived = 0
        self.arrived_first = 0

    def count(self) -> None:
        with self.lock:
            self.arrived_first, self.is_open = self.arrived, True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            self.arrived += 1
        if not self.is_open:
            self.together.wait(LONG)
        return self.answering(request)


def test_confirmations_begin_while_calls_to_the_data_api_are_in_flight(tmp_path: Path) -> None:
    listed = [MISSING, *(each.id for each in playlists(100))]
    harness = Harness(tmp_path, playlists(100), listed=listed, settings=replace(KEYED, calls_in_flight=1))
    confirmed, calls = threading.Event(), Counter[str]()

    def answering(request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        calls[method] += 1
        if method == "oembed":
            confirmed.set()
        elif calls[method] == 2:
            assert confirmed.wait(LONG), "the second call is answered when oEmbed was asked about what the first misses"
        return harness.youtube(request)

    assert run_of(harness.check(transport=answering)).complete
    assert harness.state(MISSING) is State.UNAVAILABLE
    assert calls == {"playlists": 3, "oembed": 1}


def test_sixteen_calls_to_the_data_api_are_in_flight(tmp_path: Path) -> None:
    harness = Harness(tmp_path, videos(16 * 50 + 1))
    gathering = Gathering(harness.youtube, 16)
    assert run_of(harness.check(transport=gathering)).complete
    assert gathering.arrived_first == 16


def test_without_a_key_sixteen_requests_are_in_flight_before_the_first_is_answered(tmp_path: Path) -> None:
    harness = Harness(tmp_path, videos(100), settings=KEYLESS)
    gathering = Gathering(harness.youtube, 16)
    assert run_of(harness.check(transport=gathering)).complete
    assert gathering.arrived_first == 16


def test_the_clients_of_a_check_are_used_in_all_its_phases_and_closed_at_its_end(tmp_path: Path) -> None:
    """The Data API is asked twice about a new handle that is missing, and oEmbed about the playlist."""
    one_at_a_time = replace(KEYED, calls_in_flight=1, oembed_in_flight=1)
    harness = Harness(tmp_path, listed=[MISSING, "https://www.youtube.com/@missing"], settings=one_at_a_time)
    made: list[httpx.Client] = []

    def client() -> httpx.Client:
        made.append(harness.client())
        return made[-1]

    context = check_context(
        harness.settings,
        harness.database,
        clock=lambda: harness.now,
        sleep=harness.waited.append,
        client_factory=client,
    )
    run_check(harness.catalogue, ["resources.csv"], context)
    assert len(harness.asked("channels.list")) == 2
    assert len(made) == 2, "one for the Data API, one for oEmbed"
    assert all(each.is_closed for each in made)


def test_an_unchanged_second_check_resolves_no_handle_and_confirms_no_death_again(tmp_path: Path) -> None:
    channel = SimChannel("UCaaaaaaaaaaaaaaaaaaaaaA", "Lectures", handle="@lectures")
    listed = ["https://www.youtube.com/@lectures", MISSING, playlist_id(0)]
    harness = Harness(tmp_path, [channel, *playlists(1)], listed=listed)
    harness.check()
    first = Counter(harness.youtube.requests)
    assert (first["channels.list"], first["oembed"]) == (1, 1)
    harness.check(after=HOUR)
    second = Counter(harness.youtube.requests) - first
    assert (second["channels.list"], second["playlists.list"], second["oembed"]) == (1, 1, 0)
    assert harness.asked("channels.list") == ["@lectures", channel.id]
    assert harness.state(MISSING) is State.UNAVAILABLE
    harness.check(after=6 * HOUR)
    assert (Counter(harness.youtube.requests) - first)["oembed"] == 1, "hours later it is asked again"


@pytest.mark.parametrize("comes_back_in", ["the Data API", "oEmbed"])
def test_what_was_confirmed_dead_comes_back(tmp_path: Path, comes_back_in: str) -> None:
    harness = Harness(tmp_path, [*playlists(2)], listed=[playlist_id(0), playlist_id(1)])
    harness.world.delete(playlist_id(0), MORNING)
    harness.check()
    assert harness.state(playlist_id(0)) is State.UNAVAILABLE
    if comes_back_in == "oEmbed":
        faults = [FaultPeriod(Fault.LEFT_OUT, MORNING, MORNING + DAY, frozenset([playlist_id(0)]))]
        harness.settle(World(playlists(2), faults=faults))
        harness.check(after=7 * HOUR)
        assert harness.state(playlist_id(0)) is State.SUSPECT
    else:
        harness.settle(World(playlists(2)))
        harness.check(after=HOUR)
        assert harness.state(playlist_id(0)) is State.AVAILABLE
