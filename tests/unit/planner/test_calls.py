"""The plan wastes no call: a large list fits one key only then."""

import io
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.link import Link
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import IDS_PER_CALL, CheckPlan, Method, plan_with_key, plan_without_key
from linkwatch.sources import read_lists

ROOT = Path(__file__).parents[3]
PLENTY = 10_000


def playlist(number: int) -> Resource:
    return Resource(Kind.PLAYLIST, f"PL{number:032d}")


def video(number: int) -> Resource:
    return Resource(Kind.VIDEO, f"{number:010d}A")


def channel(number: int) -> Resource:
    return Resource(Kind.CHANNEL, f"UC{number:021d}A")


def handle(number: int) -> Resource:
    return Resource(Kind.CHANNEL, f"@somebody{number}")


def user(number: int) -> Resource:
    return Resource(Kind.CHANNEL, f"user/somebody{number}")


UNMONITORABLE = [Resource(Kind.PLAYLIST, "WL"), Resource(Kind.CHANNEL, "c/Name"), Resource(Kind.VIDEO, "clip/UgkxAbCd")]


def planned(resources: Iterable[Resource], last_checked: Mapping[str, int], budget: int) -> CheckPlan:
    """The plan for resources whose last checks are given by id; the others were never answered about."""
    return plan_with_key(((last_checked.get(resource.id, -1), resource) for resource in resources), budget)


def asked(plan: CheckPlan) -> list[Resource]:
    """Every resource of the calls, in their order."""
    return [resource for call in plan.calls for resource in call.resources]


def listed(resources: Iterable[Resource]) -> list[Resource]:
    """What a list with these URLs names."""
    links = (Link(resource.url, "list.md", line, 1) for line, resource in enumerate(resources, 1))
    return catalogue_links(links).resources()


@pytest.mark.parametrize("seed", range(3))
def test_a_large_list_costs_exactly_what_its_distinct_resources_cost_in_any_order(seed: int) -> None:
    """⌈5000/50⌉ + ⌈2600/50⌉ + ⌈130/50⌉ = 155 units, however often and in whatever order they are listed."""
    chance = random.Random(seed)  # noqa: S311  # an order, not a secret
    distinct = [*map(playlist, range(5_000)), *map(video, range(2_600)), *map(channel, range(130))]
    entries = distinct + chance.choices(distinct, k=3_000)
    chance.shuffle(entries)
    last_checked = {resource.id: chance.randrange(1_000) for resource in chance.sample(distinct, 4_000)}

    plan = planned(listed(entries), last_checked, PLENTY)

    assert plan.units == 155
    assert Counter(call.method for call in plan.calls) == {Method.PLAYLISTS: 100, Method.VIDEOS: 52, Method.CHANNELS: 3}
    assert sorted(asked(plan)) == sorted(distinct)


@pytest.mark.parametrize("name", ["resources.csv", "tests/lists/learning-math-for-ml.md"])
def test_the_seed_list_costs_four_units(name: str) -> None:
    """One call for its playlists, one for its videos, and one for each of its two user names."""
    catalogue = catalogue_links(read_lists([str(ROOT / name)], stdin=io.BytesIO()))
    plan = planned(catalogue.resources(), {}, PLENTY)
    assert len(catalogue.links) == 34
    assert Counter(call.method for call in plan.calls) == {Method.PLAYLISTS: 1, Method.VIDEOS: 1, Method.USERNAME: 2}


@pytest.mark.parametrize(("count", "units"), [(0, 0), (1, 1), (49, 1), (50, 1), (51, 2), (100, 2), (101, 3)])
def test_a_call_holds_fifty_ids_and_never_one_more(count: int, units: int) -> None:
    plan = planned(map(playlist, range(count)), {}, PLENTY)
    assert plan.units == units
    assert [len(call.resources) for call in plan.calls[:-1]] == [IDS_PER_CALL] * (units - 1 if units else 0)


def test_handles_and_user_names_take_a_call_each() -> None:
    named = [handle(1), user(1), handle(2), user(2)]
    plan = planned([*named, channel(1), channel(2)], {}, PLENTY)
    assert [(call.method, len(call.resources)) for call in plan.calls if call.method is not Method.CHANNELS] == [
        (Method.HANDLE, 1),
        (Method.HANDLE, 1),
        (Method.USERNAME, 1),
        (Method.USERNAME, 1),
    ]
    assert plan.units == 5


def test_the_oldest_answer_comes_first_and_before_it_what_has_none() -> None:
    last_checked = {playlist(n).id: 1_000 - n for n in range(100)} | {video(0).id: 925}
    plan = planned([*map(playlist, range(101)), video(0)], last_checked, PLENTY)
    assert asked(plan)[:2] == [playlist(100), playlist(99)]
    # Calls are made in the order of the oldest resource in each.
    lists, videos = Method.PLAYLISTS, Method.VIDEOS
    assert [call.method for call in plan.calls] == [lists, videos, lists, lists]
    assert asked(plan)[-1] == playlist(0)


def test_resources_with_equally_old_answers_keep_the_order_of_the_list() -> None:
    order = [playlist(3), playlist(1), playlist(2)]
    assert asked(planned(order, {}, PLENTY)) == order
    assert asked(planned(order, {resource.id: 7 for resource in order}, PLENTY)) == order


def test_an_answer_at_time_zero_is_not_none() -> None:
    """A check at second 0 is a check: what was never asked is still older."""
    assert asked(planned([playlist(1), playlist(2)], {playlist(1).id: 0}, PLENTY)) == [playlist(2), playlist(1)]


@pytest.mark.parametrize("budget", [0, 1, 2, 3, 4])
def test_resources_beyond_the_budget_are_postponed(budget: int) -> None:
    resources = [*map(playlist, range(120)), video(0)]
    last_checked = {resource.id: at for at, resource in enumerate(resources)}
    plan = planned(resources, last_checked, budget)
    assert plan.units == budget
    assert [*asked(plan), *plan.postponed] == resources


def test_two_days_of_a_small_budget_ask_about_everything() -> None:
    resources = [*map(playlist, range(60)), *map(video, range(60))]
    first = planned(resources, {}, 2)
    second = planned(resources, {resource.id: 1 for resource in asked(first)}, 2)
    assert sorted(asked(first) + asked(second)) == sorted(resources)


def test_unmonitorable_resources_cost_nothing_and_are_named() -> None:
    plan = planned([*UNMONITORABLE, playlist(1)], {}, PLENTY)
    assert sorted(plan.unmonitorable) == sorted(UNMONITORABLE)
    assert plan.units == 1


def test_without_a_key_each_playlist_and_video_is_one_request_and_channels_need_one() -> None:
    channels = [channel(1), handle(1), user(1)]
    plan = plan_without_key([channels[0], playlist(2), *UNMONITORABLE, video(1), playlist(1), *channels[1:]])
    assert plan == CheckPlan(
        requests=(playlist(2), video(1), playlist(1)),
        needs_key=tuple(channels),
        unmonitorable=tuple(UNMONITORABLE),
    )
    assert plan.units == 0


def test_a_plan_without_resources_is_empty() -> None:
    assert planned([], {}, PLENTY) == plan_without_key([]) == CheckPlan()


RESOURCES = st.lists(
    st.one_of(
        *(st.integers(0, 130).map(make) for make in (playlist, video, channel, handle, user)),
        st.sampled_from(UNMONITORABLE),
    ),
    unique=True,
    max_size=300,
)


@given(
    RESOURCES, st.dictionaries(st.integers(0, 130).map(lambda n: playlist(n).id), st.integers(0, 9)), st.integers(0, 12)
)
def test_every_resource_is_in_the_plan_exactly_once(
    resources: list[Resource], last_checked: dict[str, int], budget: int
) -> None:
    plan = planned(resources, last_checked, budget)
    assert sorted([*asked(plan), *plan.postponed, *plan.unmonitorable]) == sorted(resources)
    assert plan.units <= budget
    assert all(1 <= len(call.resources) <= IDS_PER_CALL for call in plan.calls)
    oldest = [last_checked.get(call.resources[0].id, -1) for call in plan.calls]
    assert oldest == sorted(oldest)
