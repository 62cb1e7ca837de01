"""Threads that work while the caller consumes their results, with bounded queues and a prompt end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[R]):
    result: R | None
    error: BaseException | None


def run_concurrently(
    work: Callable[[T], R], items: Iterable[T], workers: int, at_end: Callable[[], None] = lambda: None
) -> Iterator[R]:
    """Yield `work(item)` for every item, in the order of completion, `workers` at a time.

    The threads are daemons, unlike those of `concurrent.futures`: an interrupted check must not wait for
    requests that hang. No more than twice as many items as workers are taken before their results are consumed.
    Each thread calls `at_end` before it ends.

    Raises:
        Exception: Whatever `work` raises, in the consumer's thread.
    """
    todo: SimpleQueue[T | None] = SimpleQueue()
    done: SimpleQueue[_Outcome[R]] = SimpleQueue()
    stopped = Event()
    source = iter(items)
    first = list(islice(source, 2 * workers))
    threads = [
        Thread(target=_work, args=(work, todo, done, stopped, at_end), name=f"linkwatch-{n}", daemon=True)
        for n in range(min(workers, len(first)))
    ]
    for item in first:
        todo.put(item)
    for thread in threads:
        thread.start()
    pending = len(first)
    try:
        while pending:
            outcome = done.get()
            pending -= 1
            for item in islice(source, 1):
                todo.put(item)
                pending += 1
            if outcome.error is not None:
                raise outcome.error
            yield outcome.result  # type: ignore[misc]  # there is a result when there is no error
    finally:
        stopped.set()
        for _ in threads:
            todo.put(None)


def _work(
    work: Callable[[T], R],
    todo: "SimpleQueue[T | None]",
    done: "SimpleQueue[_Outcome[R]]",
    stopped: Event,
    at_end: Callable[[], None],
) -> None:
    while (item := todo.get()) is not None and not stopped.is_set():
        try:
            done.put(_Outcome(work(item), None))
        except BaseException as error:  # raised in the consumer's thread
            done.put(_Outcome(None, error))
    at_end()
