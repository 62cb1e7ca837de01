"""A progress bar on stderr, for long checks at a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Progress = Callable[[int, int], None]


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Progress]:
    """Yield a function that is told how many of how many resources are answered for."""
    if not shown or not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label="Asking YouTube", file=sys.stderr, show_pos=True) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield tell
