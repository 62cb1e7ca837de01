from datetime import timedelta

import pytest
from unit.simulator.asking import NOW

from linkwatch.simulator.faults import DROPPED, MANGLED, OEMBED_STATUS, UNTRUE, Fault, Faults, Surface
from linkwatch.simulator.refusals import REFUSALS

UNTIL = NOW + timedelta(hours=1)


def test_every_fault_is_told_in_exactly_one_way() -> None:
    told = [*REFUSALS, *DROPPED, *MANGLED, *UNTRUE, *OEMBED_STATUS, Fault.LEFT_OUT]
    assert sorted(told) == sorted(Fault)


def test_weather_holds_from_since_until_just_before_until() -> None:
    weather = Faults(Fault.BACKEND_ERROR, NOW, UNTIL)
    times = (NOW - timedelta(seconds=1), NOW, UNTIL - timedelta(seconds=1), UNTIL)
    assert [weather.holds(now, Surface.DATA_API) for now in times] == [False, True, True, False]


@pytest.mark.parametrize(
    ("fault", "surface", "places"),
    [
        (Fault.CONNECT_TIMEOUT, None, set(Surface)),
        (Fault.HTML_502, None, set(Surface)),
        (Fault.SERVICE_UNAVAILABLE_503, None, set(Surface)),
        (Fault.QUOTA_EXCEEDED, None, {Surface.DATA_API}),
        (Fault.LEFT_OUT, None, {Surface.DATA_API}),
        (Fault.OEMBED_404, None, {Surface.OEMBED}),
        (Fault.READ_TIMEOUT, Surface.OEMBED, {Surface.OEMBED}),
    ],
)
def test_a_fault_stays_where_it_makes_sense(fault: Fault, surface: Surface | None, places: set[Surface]) -> None:
    weather = Faults(fault, NOW, UNTIL, surface=surface)
    assert {each for each in Surface if weather.holds(NOW, each)} == places


def test_weather_for_some_ids_meets_calls_that_ask_for_one_of_them() -> None:
    weather = Faults(Fault.BACKEND_ERROR, NOW, UNTIL, ids=frozenset({"a"}))
    assert weather.meets("call", ["a", "b"], 1)
    assert not weather.meets("call", ["b"], 1)


def test_weather_for_the_first_attempts_lets_the_next_through() -> None:
    weather = Faults(Fault.BACKEND_ERROR, NOW, UNTIL, attempts=2)
    assert [weather.meets("call", (), attempt) for attempt in (1, 2, 3)] == [True, True, False]


def test_a_share_is_about_right_and_always_the_same() -> None:
    weather = Faults(Fault.BACKEND_ERROR, NOW, UNTIL, share=0.3)
    met = [weather.meets(f"call {number}", (), 1) for number in range(2000)]
    assert 500 < sum(met) < 700
    assert met == [weather.meets(f"call {number}", (), 1) for number in range(2000)]
    other = Faults(Fault.BACKEND_ERROR, NOW, UNTIL, share=0.3, seed="other")
    assert met != [other.meets(f"call {number}", (), 1) for number in range(2000)]


def test_a_share_falls_anew_for_each_attempt() -> None:
    weather = Faults(Fault.BACKEND_ERROR, NOW, UNTIL, share=0.5)
    assert {weather.meets("call", (), attempt) for attempt in range(1, 30)} == {True, False}


def test_a_blip_hides_ids_and_meets_no_call() -> None:
    some, all_, half = (
        Faults(Fault.LEFT_OUT, NOW, UNTIL, ids=frozenset({"a"})),
        Faults(Fault.LEFT_OUT, NOW, UNTIL),
        Faults(Fault.LEFT_OUT, NOW, UNTIL, share=0.5),
    )
    assert (some.hides("a"), some.hides("b"), all_.hides("b")) == (True, False, True)
    assert {half.hides(str(number)) for number in range(30)} == {True, False}
    assert not all_.meets("call", ["a"], 1)
    assert not Faults(Fault.BACKEND_ERROR, NOW, UNTIL).hides("a")
