"""Threads that work while the caller consumes their results, with bounded queues and a prompt end."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from threading import Event, Thread
from typing import Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[R]):
    result: R | None
    error: BaseException | None


class ThreadPool(Generic[T, R]):
    """Calls `work` for each item that it gets, several at a time, until the `with` block ends.

    The threads are daemons, unlike those of `concurrent.futures`: an interrupted check must not wait for
    requests that hang.

    Args:
        work: What is done with an item.
        workers: Threads at most, ≥ 1; each is started when there is something for it to do.
        at_end: Called by each thread before it ends.
    """

    def __init__(self, work: Callable[[T], R], workers: int, at_end: Callable[[], None] = lambda: None) -> None:
        self._work = work
        self._workers = workers
        self._at_end = at_end
        self._todo: SimpleQueue[tuple[T] | None] = SimpleQueue()
        self._done: SimpleQueue[_Outcome[R]] = SimpleQueue()
        self._stopped = Event()
        self._threads: list[Thread] = []
        self._pending = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        for _thread in self._threads:
            self._todo.put(None)
        if not self._pending:  # none of them hangs
            for thread in self._threads:
                thread.join()

    def submit(self, item: T) -> None:
        """Have an item worked on; its result comes with the next `results`."""
        self._todo.put((item,))
        self._pending += 1
        if len(self._threads) < min(self._workers, self._pending):
            thread = Thread(target=self._run, name=f"linkwatch-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def results(self, items: Iterable[T] = ()) -> Iterator[R]:
        """Yield the results of what was submitted and of further items, in the order of completion.

        No more than twice as many of the items as there may be threads are taken before their results are consumed.

        Raises:
            Exception: Whatever `work` raises, in the consumer's thread.
        """
        source = iter(items)
        for item in islice(source, 2 * self._workers):
            self.submit(item)
        while self._pending:
            outcome = self._done.get()
            self._pending -= 1
            for item in islice(source, 1):
                self.submit(item)
            if outcome.error is not None:
                raise outcome.error
            yield outcome.result  # type: ignore[misc]  # there is a result when there is no error

    def _run(self) -> None:
        while (entry := self._todo.get()) is not None and not self._stopped.is_set():
            try:
                self._done.put(_Outcome(self._work(entry[0]), None))
            except BaseException as error:  # raised in the consumer's thread
                self._done.put(_Outcome(None, error))
        self._at_end()


def run_concurrently(
    work: Callable[[T], R], items: Iterable[T], workers: int, at_end: Callable[[], None] = lambda: None
) -> Iterator[R]:
    """Yield `work(item)` for every item, in the order of completion, `workers` at a time; see `ThreadPool`."""
    with ThreadPool(work, workers, at_end) as pool:
        yield from pool.results(items)
