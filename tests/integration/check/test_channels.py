"""Channels, which one endpoint alone knows: what one answer omits at a first check, a second one must omit, too."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from integration.check.harness import DAY, MORNING, Harness, channel_id, finding_of, rules, run_of
from integration.workers.crew import Crew

from linkwatch.models.observation import State
from linkwatch.settings import Settings
from linkwatch.simulator.entities import SimChannel

CHANNELS = [SimChannel(channel_id(n), f"Channel {n}", handle=f"@channel{n}") for n in range(4)]
LISTED = [channel_id(0), channel_id(1), channel_id(2), "@channel3", channel_id(9), "@nobody", "user/nobody"]
"""Four that are there, and three that are not."""

MISSING = {channel_id(9), "@nobody", "user/nobody"}


def omitting(harness: Harness, *ids: str, answers: int = 1) -> Callable[[httpx.Request], httpx.Response]:
    """YouTube, whose first answers that hold one of these channels omit them all."""
    left = dict.fromkeys(ids, answers)

    def respond(request: httpx.Request) -> httpx.Response:
        response = harness.youtube(request)
        if not request.url.path.endswith("/channels"):
            return response
        body = response.json()
        omitted = {item["id"] for item in body.get("items", ()) if left.get(item["id"])}
        for id_ in omitted:
            left[id_] -= 1
        items = [item for item in body.get("items", ()) if item["id"] not in omitted]
        return httpx.Response(200, json=body | {"items": items, "pageInfo": {"totalResults": len(items)}})

    return respond


@pytest.mark.parametrize("workers", [False, True])
def test_a_second_answer_decides_about_what_the_first_one_omits(tmp_path: Path, workers: bool) -> None:
    harness = Harness(tmp_path, CHANNELS, LISTED)
    transport = omitting(harness, channel_id(1), channel_id(3))
    crew = Crew(harness, transport=transport)
    report = harness.check(transport=transport, executor=crew.executor if workers else None)
    assert {finding.id for finding in report.findings} == MISSING
    assert rules(report) == ["dead"] * 3
    assert report.counts.states[State.AVAILABLE] == 4
    # Four calls, and four more: for the two ids that were omitted, for the two handles, and for the user name.
    assert run_of(report).quota_units == 8
    assert run_of(report).complete


def test_no_second_answer_leaves_it_suspect_until_the_next_check(tmp_path: Path) -> None:
    harness = Harness(tmp_path, CHANNELS[:3], [channel_id(0), channel_id(1), channel_id(9)])
    harness.settings = Settings(api_key="AIzaSimulated", inside=harness.settings.inside, quota_per_day=1)
    report = harness.check(transport=omitting(harness, channel_id(1)))
    assert rules(report) == ["suspect"] * 2
    assert harness.units == 1
    harness.settings = Settings(api_key="AIzaSimulated", inside=harness.settings.inside)
    report = harness.check(after=DAY)
    assert finding_of(report, "dead").id == channel_id(9)
    assert harness.state(channel_id(1)) is State.AVAILABLE


def test_what_is_known_to_be_missing_is_not_asked_about_twice(tmp_path: Path) -> None:
    harness = Harness(tmp_path, CHANNELS, LISTED)
    assert run_of(harness.check()).quota_units == 4 + 3
    assert run_of(harness.check(after=DAY)).quota_units == 3
    assert sorted(harness.events()) == sorted((id_, "died") for id_ in MISSING)


def test_a_channel_that_was_available_waits_for_its_missed_checks(tmp_path: Path) -> None:
    harness = Harness(tmp_path, CHANNELS)
    harness.check()
    harness.world.terminate(channel_id(0), MORNING)
    report = harness.check(after=DAY)
    assert (rules(report), run_of(report).quota_units) == (["suspect"], 1)
