import threading
from collections.abc import Iterator
from threading import Barrier, Event, Lock

import pytest

from linkwatch.youtube.thread_pool import ThreadPool, run_concurrently

LONG = 20
"""Seconds after which a test that hangs fails."""


def running() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("linkwatch-")]


@pytest.mark.parametrize(("items", "workers"), [(0, 4), (1, 4), (3, 4), (4, 4), (100, 4), (100, 1), (5, 99)])
def test_every_item_is_processed_once(items: int, workers: int) -> None:
    assert sorted(run_concurrently(lambda n: n * 2, range(items), workers)) == [n * 2 for n in range(items)]


def test_results_come_in_the_order_of_completion() -> None:
    second_is_out = Event()

    def work(number: int) -> int:
        if number == 0:
            assert second_is_out.wait(LONG)
        return number

    results = run_concurrently(work, [0, 1], 2)
    assert next(results) == 1
    second_is_out.set()
    assert list(results) == [0]


def test_no_more_than_the_given_number_run_at_once() -> None:
    together = Barrier(4)
    lock = Lock()
    now, most = 0, 0

    def work(_: int) -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        together.wait(LONG)
        with lock:
            now -= 1

    assert len(list(run_concurrently(work, range(40), 4))) == 40
    assert most == 4


def test_at_most_twice_as_many_items_as_workers_are_taken_ahead() -> None:
    taken = 0

    def items() -> Iterator[int]:
        nonlocal taken
        for number in range(1000):
            taken += 1
            yield number

    results = run_concurrently(lambda n: n, items(), 3)
    for consumed in range(1, 50):
        next(results)
        assert taken <= consumed + 6
    results.close()  # type: ignore[attr-defined]  # it is a generator, which an Iterator need not be


def test_nothing_starts_before_the_first_result_is_requested() -> None:
    run_concurrently(lambda _: pytest.fail("it began"), iter([1]), 1)


def test_an_error_reaches_the_consumer_in_its_own_thread() -> None:
    def work(number: int) -> int:
        if number == 3:
            raise LookupError("of the third")
        return number

    with pytest.raises(LookupError, match="of the third"):
        list(run_concurrently(work, range(50), 2))


def test_an_exit_in_a_thread_reaches_the_consumer_too() -> None:
    def work(_: int) -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        list(run_concurrently(work, range(5), 2))


def test_an_error_of_the_items_reaches_the_consumer() -> None:
    def items() -> Iterator[int]:
        yield from range(10)
        raise LookupError("of the items")

    with pytest.raises(LookupError, match="of the items"):
        list(run_concurrently(lambda n: n, items(), 2))


def test_the_threads_end_when_all_is_done() -> None:
    before = set(running())
    assert len(list(run_concurrently(lambda n: n, range(20), 4))) == 20
    for thread in set(running()) - before:
        thread.join(LONG)
        assert not thread.is_alive()


@pytest.mark.parametrize("how", ["close", "interrupt"])
def test_the_threads_end_when_the_consumer_stops(how: str) -> None:
    before = set(running())
    lock = Lock()
    worked: list[int] = []

    def work(number: int) -> int:
        with lock:
            worked.append(number)
        return number

    results = run_concurrently(work, range(10_000), 4)
    next(results)
    mine = set(running()) - before
    if how == "close":
        results.close()  # type: ignore[attr-defined]  # it is a generator, which an Iterator need not be
    else:
        with pytest.raises(KeyboardInterrupt):
            results.throw(KeyboardInterrupt)  # type: ignore[attr-defined]  # as above
    for thread in mine:
        thread.join(LONG)
        assert not thread.is_alive()
    assert len(worked) <= 9


def test_a_request_that_hangs_does_not_keep_the_process_alive() -> None:
    """The threads are daemons: the process ends though one of them hangs."""
    hang, begun = Event(), Event()

    def work(number: int) -> int:
        if number == 1:
            begun.set()
            hang.wait(LONG)
        return number

    results = run_concurrently(work, [0, 1], 2)
    assert next(results) == 0
    assert begun.wait(LONG)
    results.close()  # type: ignore[attr-defined]  # it is a generator, which an Iterator need not be
    assert all(thread.daemon for thread in running())
    hang.set()


def test_each_thread_cleans_up_when_it_ends() -> None:
    before = set(running())
    ended: list[str] = []
    results = run_concurrently(lambda n: n, range(20), 4, lambda: ended.append(threading.current_thread().name))
    next(results)
    mine = set(running()) - before
    assert len(list(results)) == 19
    for thread in mine:
        thread.join(LONG)
    assert len(set(ended)) == len(ended) == 4


def test_what_is_submitted_is_worked_on_before_its_results_are_consumed() -> None:
    begun = Event()

    def work(number: int) -> int:
        begun.set()
        return number

    with ThreadPool(work, 2) as pool:
        pool.submit(1)
        assert begun.wait(LONG)
        assert sorted(pool.results([2, 3])) == [1, 2, 3]
        pool.submit(4)
        assert list(pool.results()) == [4]
        assert list(pool.results()) == []


def test_there_are_no_more_threads_than_items() -> None:
    together = Event()
    before = len(running())
    with ThreadPool[int, bool](lambda _: together.wait(LONG), 64) as pool:
        for number in range(3):
            pool.submit(number)
        assert len(running()) - before == 3
        together.set()
        assert len(list(pool.results())) == 3
