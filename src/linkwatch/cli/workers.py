"""What the commands share that have to do with workers."""

from collections.abc import Iterator
from contextlib import contextmanager

from linkwatch.errors import UsageError

_PACKAGES = {"procrastinate", "psycopg", "psycopg_pool"}


@contextmanager
def needing_workers() -> Iterator[None]:
    """Around imports of what only the extra `cluster` brings.

    Raises:
        UsageError: It is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _PACKAGES:
            raise
        raise UsageError(
            "what workers need is not installed", remedy="Install it: pip install 'linkwatch[cluster]'"
        ) from None
