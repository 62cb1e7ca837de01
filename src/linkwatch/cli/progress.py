"""The progress bar on stderr, shown at a terminal only."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(*, shown: bool, label: str = "Asking YouTube") -> Iterator[Progress]:
    """Yield a function to call with how many of how many are done."""
    if not shown or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    bars: list[Any] = []
    with ExitStack() as stack:

        def update(done: int, total: int) -> None:
            if not bars:  # its length is known from the first call on
                bar = click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True)
                bars.append(stack.enter_context(bar))
            bars[0].update(done - bars[0].pos)

        yield update
