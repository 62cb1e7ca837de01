"""A progress bar on stderr, for what takes long at a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(*, shown: bool, label: str = "Asking YouTube") -> Iterator[Progress]:
    """Yield a function that is told how many of how many are done: resources that are answered for, or rows."""
    if not shown or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bars: list[Any] = []
    with ExitStack() as stack:

        def tell(done: int, total: int) -> None:
            if not bars:  # how long it is, is known with the first answer
                bar = click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True)
                bars.append(stack.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield tell
