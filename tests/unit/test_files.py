"""The one atomic write: the target holds the old content or the new one, and keeps what else it has."""

import errno
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from linkwatch.files import FileChangedError, write_atomically


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new", [b"one ", b"two"])
    finally:
        os.umask(before)
    assert (tmp_path / "new").read_bytes() == b"one two"
    assert mode_of(tmp_path / "new") == 0o640
    assert names_in(tmp_path) == ["new"]


@pytest.mark.parametrize("mode", [0o600, 0o666, 0o755, 0o4755])
def test_an_existing_file_keeps_its_permissions_and_its_owner(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(b"old")
    if os.geteuid() == 0:
        os.chown(file, 1234, 4321)
    file.chmod(mode)
    before = file.stat()
    write_atomically(file, [b"new"])
    after = file.stat()
    assert file.read_bytes() == b"new"
    assert mode_of(file) == mode
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino, "it was replaced, not written over"


def test_the_temporary_file_is_never_more_readable_than_the_target(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_bytes(b"old")
    file.chmod(0o600)
    seen: list[int] = []

    def content() -> Iterator[bytes]:
        seen.extend(mode_of(path) for path in tmp_path.glob(".linkwatch-*"))
        yield b"new"

    write_atomically(file, content())
    assert seen == [0o600]


def test_a_symbolic_link_still_leads_to_its_target(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_atomically(link, [b"new"])
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names_in(tmp_path / "folder") == ["target"]


def test_a_symbolic_link_to_nothing_gets_its_target(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "target")
    write_atomically(link, [b"new"])
    assert link.is_symlink()
    assert (tmp_path / "target").read_bytes() == b"new"


def test_symbolic_links_in_a_circle_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(OSError, match="symbolic links") as caught:
        write_atomically(tmp_path / "a", [b"new"])
    assert caught.value.errno == errno.ELOOP


def test_content_that_fails_leaves_the_file_as_it_was_and_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(b"old")

    def content() -> Iterator[bytes]:
        yield b"half of"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(file, content())
    assert file.read_bytes() == b"old"
    assert names_in(tmp_path) == ["report.json"]


def test_until_all_is_written_readers_see_the_old_content(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(b"old")
    seen: list[bytes] = []

    def content() -> Iterator[bytes]:
        for piece in (b"new", b"er"):
            seen.append(file.read_bytes())
            yield piece

    write_atomically(file, content())
    assert seen == [b"old", b"old"]
    assert file.read_bytes() == b"newer"


def test_a_file_that_has_changed_since_it_was_read_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "list.md"
    file.write_bytes(b"edited by somebody")
    with pytest.raises(FileChangedError, match="it has changed since it was read"):
        write_atomically(file, [b"new"], expected=b"as it was read")
    assert file.read_bytes() == b"edited by somebody"
    assert names_in(tmp_path) == ["list.md"]


def test_a_change_while_the_content_is_written_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "list.md"
    file.write_bytes(b"as it was read")

    def content() -> Iterator[bytes]:
        yield b"new"
        file.write_bytes(b"edited by somebody")

    with pytest.raises(FileChangedError):
        write_atomically(file, content(), expected=b"as it was read")
    assert file.read_bytes() == b"edited by somebody"


def test_a_file_that_was_deleted_meanwhile_does_not_come_back(tmp_path: Path) -> None:
    with pytest.raises(FileChangedError):
        write_atomically(tmp_path / "list.md", [b"new"], expected=b"as it was read")
    assert names_in(tmp_path) == []


def test_an_unchanged_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "list.md"
    file.write_bytes(b"as it was read")
    write_atomically(file, [b"new"], expected=b"as it was read")
    assert file.read_bytes() == b"new"


def test_a_pipe_is_written_directly(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_atomically(pipe, [b"one ", b"two"])
    reader.join(30)
    assert read == [b"one two"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert names_in(tmp_path) == ["pipe"]


def test_a_device_stays_a_device() -> None:
    write_atomically("/dev/null", [b"gone"])
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_pipe_by_its_descriptor_is_written_directly() -> None:
    """As `--output >(gzip)` names it: what /dev/fd leads to has no path of its own."""
    reading, writing = os.pipe()
    try:
        write_atomically(f"/dev/fd/{writing}", [b"piped"])
        assert os.read(reading, 100) == b"piped"
    finally:
        os.close(reading)
        os.close(writing)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        write_atomically(tmp_path, [b"new"])


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "nowhere" / "report.json", [b"new"])


def test_what_lies_there_under_the_old_temporary_name_is_left_alone(tmp_path: Path) -> None:
    """The temporary name can't be foreseen, so nobody can put a link in its place."""
    (tmp_path / "elsewhere").write_bytes(b"precious")
    (tmp_path / ".report.json.part").symlink_to(tmp_path / "elsewhere")
    write_atomically(tmp_path / "report.json", [b"new"])
    assert (tmp_path / "elsewhere").read_bytes() == b"precious"
