"""What a file's permissions forbid, they forbid to root as well while these tests look."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NOBODY = 65_534


@contextmanager
def unprivileged_folder() -> Iterator[Path]:
    """A folder that an ordinary user owns (pytest's own is closed to others when root runs the tests)."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "folder"
        folder.mkdir()
        Path(name).chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
        try:
            yield folder
        finally:
            folder.chmod(0o755)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Root looks with an ordinary user's eyes; anybody else as always."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
