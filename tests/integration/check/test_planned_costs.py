"""What `plan` says a check will cost, and what the check then spends."""

from dataclasses import replace
from pathlib import Path

import databases
import pytest
from integration.check.harness import DAY, INSIDE, Harness, channel_id, playlist_id, run_of

from linkwatch.services.plan import CostEstimate, estimate_cost
from linkwatch.settings import Settings
from linkwatch.simulator.entities import Entity, SimChannel, SimPlaylist
from linkwatch.simulator.options import Options

ADA = SimChannel(channel_id(0), "Ada", handle="@ada")
BOB = SimChannel(channel_id(1), "Bob", username="bob")
CAL = SimChannel(channel_id(2), "Cal")
LISTED = ["@ada", "user/bob", CAL.id]
DEAD = ["@nobody", "user/nobody", channel_id(7), channel_id(8)]
CUSTOM = "https://www.youtube.com/c/ada"
NOBODY = "https://www.youtube.com/c/nobody"


def estimate(harness: Harness) -> CostEstimate:
    settings = replace(harness.settings, database_url=databases.url_of(harness.folder / "linkwatch.db"))
    return estimate_cost(harness.catalogue, settings, harness.now)


def spent(harness: Harness) -> int:
    units = run_of(harness.check()).quota_units
    assert units is not None
    return units


@pytest.mark.parametrize(
    ("listed", "least", "most"),
    [
        pytest.param(LISTED, 3, 9, id="all there: no second call"),
        pytest.param([*LISTED, *DEAD], 5, 16, id="dead channels are asked about once more"),
        pytest.param([CUSTOM], 2, 3, id="a custom name has a handle and a user name"),
        pytest.param([CUSTOM, NOBODY, "@ada"], 5, 11, id="custom names and a handle"),
    ],
)
def test_a_first_check_spends_what_was_planned(tmp_path: Path, listed: list[str], least: int, most: int) -> None:
    harness = Harness(tmp_path, [ADA, BOB, CAL], listed)
    planned = estimate(harness)
    assert (planned.units, planned.units + planned.second.units) == (least, most)
    assert least <= spent(harness) <= most


def test_dead_channels_of_a_first_check_take_their_second_calls(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [ADA], ["@ada", *DEAD])
    planned = estimate(harness)
    assert spent(harness) == planned.units + planned.second.channels - 1, "@ada is there"


@pytest.mark.parametrize("listed", [LISTED, [*LISTED, *DEAD], [CUSTOM, NOBODY, "@ada"]])
def test_a_steady_day_costs_what_was_planned(tmp_path: Path, listed: list[str]) -> None:
    harness = Harness(tmp_path, [ADA, BOB, CAL], listed)
    harness.run()
    for _ in range(3):
        harness.now += DAY
        planned = estimate(harness)
        assert planned.names.names == (), "a name that led nowhere is not tried again so soon"
        assert planned.second.channels == 0
        assert spent(harness) == planned.units


def test_a_handle_that_leaves_its_channel_is_within_the_estimate(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [ADA, CAL], ["@ada"])
    harness.run()
    harness.now += DAY
    harness.world.rename_handle(ADA.id, harness.now, "@ada2")
    harness.world.reassign_handle("@ada", harness.now, CAL.id)
    planned = estimate(harness)
    assert (planned.units, planned.second.handles) == (1, 2)
    assert spent(harness) == 2


def test_the_handle_of_a_missing_channel_is_counted_from_the_second_day_on(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [ADA], ["@ada"])
    harness.run()
    harness.world.terminate(ADA.id, harness.now + DAY)
    for left in (0, 1, 1):
        harness.now += DAY
        planned = estimate(harness)
        assert (planned.left_handles, planned.units) == (left, 1 + left)
        assert planned.units <= spent(harness) == 2 <= planned.units + planned.second.units


def test_a_former_handle_that_still_leads_to_its_channel_is_counted_from_the_second_day_on(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [ADA], ["@ada"], options=Options(former_handles_found=True))
    harness.run()
    harness.now += DAY
    harness.world.rename_handle(ADA.id, harness.now, "@ada2")
    planned = estimate(harness)
    assert (planned.units, planned.second.handles) == (1, 2)
    assert spent(harness) == 3
    harness.now += DAY
    planned = estimate(harness)
    assert (planned.units, planned.left_handles, planned.second.handles) == (2, 1, 1)
    assert spent(harness) == 3


def test_a_first_check_of_a_former_handle_is_within_the_estimate(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [ADA], ["@ada"], options=Options(former_handles_found=True))
    harness.world.rename_handle(ADA.id, harness.now, "@ada2")
    planned = estimate(harness)
    assert spent(harness) == planned.units + planned.second.handles == 4


def test_what_goes_missing_with_its_channel_is_within_the_estimate(tmp_path: Path) -> None:
    courses: list[Entity] = [
        SimPlaylist(playlist_id(n), f"Course {n}", item_count=10, channel_id=ADA.id) for n in range(3)
    ]
    harness = Harness(tmp_path, [ADA, *courses], [each.id for each in courses])
    harness.run()
    harness.now += DAY
    harness.world.terminate(ADA.id, harness.now)
    planned = estimate(harness)
    assert (planned.units, planned.second.owners) == (1, 1)
    assert spent(harness) == 2


def test_names_beyond_the_units_that_are_not_reserved_wait_in_plan_and_check(tmp_path: Path) -> None:
    listed = [f"https://www.youtube.com/c/nobody{n}" for n in range(4)]
    harness = Harness(tmp_path, [], listed, settings=Settings(api_key="AIzaSimulated", quota_per_day=10))
    planned = estimate(harness)
    assert (len(planned.names.names), planned.names.postponed, planned.units) == (2, 2, 4)
    assert spent(harness) == 4


def test_of_playlists_that_no_check_has_counted_the_inspections_are_a_least(tmp_path: Path) -> None:
    harness = Harness(tmp_path, [SimPlaylist(playlist_id(0), "Course", item_count=120)], settings=INSIDE)
    planned = estimate(harness)
    assert [each.item_count for each in planned.inspections.inspections] == [None]
    assert spent(harness) >= planned.units + planned.inspections.units
