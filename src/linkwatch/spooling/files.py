"""The temporary files, and what goes wrong with them in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from linkwatch.errors import StoreError


def temporary_file() -> IO[bytes]:
    """A file without a name; it is gone when it is closed.

    Raises:
        StoreError: There is no place for it.
    """
    from tempfile import TemporaryFile  # noqa: PLC0415  # loaded when something is long, which is seldom

    with in_words():
        return TemporaryFile(buffering=0)


@contextmanager
def in_words() -> Iterator[None]:
    """Tell what the system says as a user can mend it.

    Raises:
        StoreError: The temporary folder can't take what is written.
    """
    try:
        yield
    except OSError as error:
        raise full(error.strerror or str(error)) from None


def full(why: str) -> StoreError:
    """The error of a temporary folder that can't take what is written.

    Args:
        why: By the system's words.
    """
    return StoreError(
        f"what a long list needs beside the memory can't be kept in the temporary folder: {why}",
        remedy="Make room in /tmp and /var/tmp, or name another folder in the environment as TMPDIR.",
    )
