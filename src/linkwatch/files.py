"""Writing a file whole or not at all, and where the files are that come with linkwatch."""

import errno
import os
import secrets
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG})
"""The numbers of an `OSError` when the disk is full, or broken."""


class FileChangedError(OSError):
    """The file is not what it was when it was read."""


def write_atomically(path: str | Path, content: Iterable[bytes], *, expected: bytes | None = None) -> None:
    """Write a file so that a reader, or a crash, sees the old content or the new one, and nothing between.

    The content goes to a temporary file in the same folder, which then replaces the target. A symbolic link keeps
    leading to the target. An existing file keeps its permissions and, as far as this user may set them, its owner and
    group; a new one gets those of the umask. A pipe or a device can't be replaced and is written directly.

    Args:
        path: The file, or a link to it.
        content: Its new content in pieces. When an iterator raises, the target stays as it is.
        expected: What the file held when it was read; None: whatever it holds is replaced.

    Raises:
        FileChangedError: The file no longer holds what was expected.
        OSError: It can't be written.
    """
    path = Path(path)
    status = _status(path)
    if status is not None and not stat.S_ISREG(status.st_mode):
        with path.open("wb") as file:
            file.writelines(content)
        return
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".linkwatch-{secrets.token_hex(8)}.tmp")
    # With the target's permissions from the start: nobody may open it who may not read the target.
    mode = 0o666 if status is None else stat.S_IMODE(status.st_mode)
    number = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(number, "wb") as file:
            if status is not None:
                _set_owner_and_mode(file.fileno(), status)
            file.writelines(content)
            file.flush()
            os.fsync(file.fileno())
        if expected is not None and (_status(target) is None or target.read_bytes() != expected):
            raise FileChangedError("it has changed since it was read")
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _set_owner_and_mode(file: int, status: os.stat_result) -> None:
    for owner, group in ((status.st_uid, -1), (-1, status.st_gid)):
        with suppress(PermissionError):  # only root may give a file away
            os.fchown(file, owner, group)
    os.fchmod(file, stat.S_IMODE(status.st_mode))  # last, for a change of owner clears set-user-id


def shipped(installed: str, in_checkout: str) -> Path:
    """A file or folder that is data of the package, or of the checkout that the package is run from.

    Args:
        installed: Its place in the package.
        in_checkout: Its place in the repository, which is its home.
    """
    package = Path(__file__).parent
    place = package / installed
    return place if place.exists() else package.parents[1] / in_checkout
