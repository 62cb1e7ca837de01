"""Importing modules without garbage collection: what they create is not garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Turn garbage collection off in the block, and exclude what was created in it from later collections.

    Measured: saves a tenth of the time of a small report, and of a check's later collections.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
