from datetime import timedelta

import pytest
from unit.simulator.api_calls import NOW

from linkwatch.simulator.faults import (
    BROKEN_BODIES,
    MISLEADING,
    OEMBED_STATUS,
    TRANSPORT_ERRORS,
    Fault,
    FaultPeriod,
    Surface,
)
from linkwatch.simulator.refusals import REFUSALS

UNTIL = NOW + timedelta(hours=1)


def test_every_fault_has_exactly_one_form() -> None:
    covered = [*REFUSALS, *TRANSPORT_ERRORS, *BROKEN_BODIES, *MISLEADING, *OEMBED_STATUS, Fault.LEFT_OUT]
    assert sorted(covered) == sorted(Fault)


def test_a_fault_is_active_from_since_until_just_before_until() -> None:
    period = FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL)
    times = (NOW - timedelta(seconds=1), NOW, UNTIL - timedelta(seconds=1), UNTIL)
    assert [period.is_active(now, Surface.DATA_API) for now in times] == [False, True, True, False]


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
def test_a_fault_happens_only_on_surfaces_that_can_have_it(
    fault: Fault, surface: Surface | None, places: set[Surface]
) -> None:
    period = FaultPeriod(fault, NOW, UNTIL, surface=surface)
    assert {each for each in Surface if period.is_active(NOW, each)} == places


def test_a_fault_for_some_ids_affects_calls_for_one_of_them() -> None:
    period = FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL, ids=frozenset({"a"}))
    assert period.affects("call", ["a", "b"], 1)
    assert not period.affects("call", ["b"], 1)


def test_a_fault_for_the_first_attempts_does_not_affect_the_next() -> None:
    period = FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL, attempts=2)
    assert [period.affects("call", (), attempt) for attempt in (1, 2, 3)] == [True, True, False]


def test_a_share_is_about_right_and_always_the_same() -> None:
    period = FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL, share=0.3)
    met = [period.affects(f"call {number}", (), 1) for number in range(2000)]
    assert 500 < sum(met) < 700
    assert met == [period.affects(f"call {number}", (), 1) for number in range(2000)]
    other = FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL, share=0.3, seed="other")
    assert met != [other.affects(f"call {number}", (), 1) for number in range(2000)]


def test_a_share_is_chosen_for_each_attempt() -> None:
    period = FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL, share=0.5)
    assert {period.affects("call", (), attempt) for attempt in range(1, 30)} == {True, False}


def test_an_omission_omits_ids_and_affects_no_call() -> None:
    some, all_, half = (
        FaultPeriod(Fault.LEFT_OUT, NOW, UNTIL, ids=frozenset({"a"})),
        FaultPeriod(Fault.LEFT_OUT, NOW, UNTIL),
        FaultPeriod(Fault.LEFT_OUT, NOW, UNTIL, share=0.5),
    )
    assert (some.omits("a"), some.omits("b"), all_.omits("b")) == (True, False, True)
    assert {half.omits(str(number)) for number in range(30)} == {True, False}
    assert not all_.affects("call", ["a"], 1)
    assert not FaultPeriod(Fault.BACKEND_ERROR, NOW, UNTIL).omits("a")
