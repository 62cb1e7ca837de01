"""The progress bars on stderr, shown at a terminal only, and cleared when they are done."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any

import click

CLEAR_LAST_LINE = "\x1b[1A\x1b[2K"
"""Up to the line of the bar that has ended, and clear it."""


@contextmanager
def progress_bars(*, shown: bool) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a function to call with the label of a phase, and how many of how many are done.

    A phase has a bar of its own: with its total, how many are done a second, and the time that is left.
    """
    if not shown or not sys.stderr.isatty():
        yield lambda label, done, total: None
        return
    with ExitStack() as stack:
        bars: dict[str, Any] = {}

        def update(label: str, done: int, total: int) -> None:
            if label not in bars:
                stack.close()
                if not total:
                    return
                bars[label] = stack.enter_context(_clearing_bar(label, total))
            bars[label].length = total
            bars[label].update(done - bars[label].pos, done)

        yield update


@contextmanager
def _clearing_bar(label: str, total: int) -> Iterator[Any]:
    began = monotonic()
    bar: Any = click.progressbar(
        length=total,
        label=label,
        file=sys.stderr,
        show_pos=True,
        show_percent=False,
        update_min_steps=max(1, total // 200),
        item_show_func=lambda _: f"{bar.pos / max(monotonic() - began, 0.1):,.0f}/s",
    )
    with bar:
        yield bar
    sys.stderr.write(CLEAR_LAST_LINE)
    sys.stderr.flush()
