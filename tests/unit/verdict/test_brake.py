"""The brake stops a run in which one endpoint alone reports too much missing, and is released after some time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.models.observation import Answer, Observation
from linkwatch.models.resource import Kind, Resource
from linkwatch.verdict.brake import BrakeDecision, decide_brake, is_unconfirmed_absence
from linkwatch.verdict.policy import Policy

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
POLICY = Policy()
PLAYLIST = Resource(Kind.PLAYLIST, "PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab")
VIDEO = Resource(Kind.VIDEO, "haHLRD0QZ08")


@pytest.mark.parametrize(
    ("missing", "available", "held"),
    [
        (0, 0, False),
        (1, 1, False),
        (3, 3, False),
        (3, 15, False),
        (4, 4, True),
        (4, 15, True),
        (4, 19, True),
        (4, 20, False),
        (5, 20, True),
        (7, 35, False),
        (8, 35, True),
        (1_000, 5_000, False),
        (1_001, 5_000, True),
    ],
)
def test_three_missing_never_stop_a_run_nor_does_a_fifth_of_many(missing: int, available: int, held: bool) -> None:
    assert decide_brake(missing, missing, available, [], POLICY, NOW) == BrakeDecision(
        missing, missing, available, held, released=False
    )


@given(st.integers(4, 10_000))
def test_exactly_a_fifth_never_stops_a_run_and_one_more_always_does(fifth: int) -> None:
    assert not decide_brake(fifth, fifth, 5 * fifth, [], POLICY, NOW).engaged
    assert decide_brake(fifth + 1, fifth + 1, 5 * fifth, [], POLICY, NOW).engaged


@pytest.mark.parametrize(("incidents", "held"), [(1, False), (3, False), (4, True), (30, True)])
def test_what_belongs_to_one_missing_channel_counts_as_one(incidents: int, held: bool) -> None:
    assert decide_brake(30, incidents, 31, [], Policy(brake_share=0.0), NOW).engaged is held


def test_the_limits_are_settings() -> None:
    strict, lenient = Policy(brake_floor=0, brake_share=0.0), Policy(brake_share=1.0)
    assert decide_brake(1, 1, 100, [], strict, NOW).engaged
    assert not decide_brake(0, 0, 100, [], strict, NOW).engaged
    assert not decide_brake(100, 100, 100, [], lenient, NOW).engaged


@pytest.mark.parametrize(
    ("hours_ago", "released"),
    [
        pytest.param([], False, id="the first time"),
        pytest.param([6], False, id="the second time"),
        pytest.param([12, 6], True, id="the third time, six hours apart"),
        pytest.param([12, 6, -40_000], True, id="a time ahead of now counts as none"),
        pytest.param([6, -6, -12], False, id="times ahead of now count as none"),
        pytest.param([2, 1], False, id="three times within two hours are one"),
        pytest.param([11, 6], False, id="a little too close together"),
        pytest.param([24, 23, 22, 21], False, id="many, but only two that count"),
        pytest.param([48, 24], True, id="daily"),
        pytest.param([12, 8, 4], False, id="every four hours: those in between do not count"),
        pytest.param([16, 12, 8, 4], True, id="every four hours, for long enough"),
        pytest.param([5 * n for n in range(9, 0, -1)], True, id="every five hours lets go as well"),
    ],
)
def test_it_is_released_after_as_long_as_a_confirmation_takes(hours_ago: list[int], released: bool) -> None:
    holds = [NOW - hours * HOUR for hours in hours_ago]
    decision = decide_brake(9, 9, 10, holds, POLICY, NOW)
    assert (decision.engaged, decision.released) == (not released, released)


def test_nothing_is_released_when_too_few_are_missing() -> None:
    holds = [NOW - 48 * HOUR, NOW - 24 * HOUR]
    assert decide_brake(3, 3, 10, holds, POLICY, NOW) == BrakeDecision(3, 3, 10, engaged=False, released=False)


def test_with_one_missed_check_set_it_is_released_at_once() -> None:
    """Setting one missed check means that one answer of one endpoint is enough."""
    assert decide_brake(9, 9, 10, [], Policy(confirm_strikes=1), NOW).released


PRESENT, ABSENT, FORBIDDEN, UNAUTHORIZED, MALFORMED, NONE = Answer


@pytest.mark.parametrize(
    ("observation", "single"),
    [
        (Observation(PLAYLIST, ABSENT, NONE), True),
        (Observation(PLAYLIST, ABSENT, UNAUTHORIZED), True),
        (Observation(PLAYLIST, ABSENT, PRESENT), True),
        (Observation(PLAYLIST, ABSENT), True),
        (Observation(PLAYLIST, None, ABSENT), True),
        (Observation(PLAYLIST, None, FORBIDDEN), True),
        (Observation(PLAYLIST, None, UNAUTHORIZED), True),
        (Observation(VIDEO, None, UNAUTHORIZED), False),
        (Observation(PLAYLIST, ABSENT, ABSENT), False),
        (Observation(PLAYLIST, ABSENT, FORBIDDEN), False),
        (Observation(PLAYLIST, PRESENT), False),
        (Observation(PLAYLIST, None, PRESENT), False),
        (Observation(PLAYLIST, None, NONE), False),
    ],
    ids=lambda value: f"{value.resource.kind} {value.api} {value.oembed}" if isinstance(value, Observation) else "",
)
def test_only_an_unconfirmed_absence_is_stopped(observation: Observation, single: bool) -> None:
    """A channel that is closed takes thirty playlists with it: what two agree on is news, and not held."""
    assert is_unconfirmed_absence(observation) is single


@given(st.lists(st.integers(0, 60), max_size=12), st.integers(1, 4))
def test_it_is_never_released_before_the_missed_checks_and_their_spacing(ages: list[int], strikes: int) -> None:
    policy = Policy(confirm_strikes=strikes)
    holds = [NOW - hours * HOUR for hours in sorted(ages, reverse=True)]
    if decide_brake(9, 9, 10, holds, policy, NOW).released:
        assert len(holds) + 1 >= strikes
        assert NOW - min([*holds, NOW]) >= (strikes - 1) * policy.confirm_spacing
