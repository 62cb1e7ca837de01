"""`linkwatch fix`: real lists in, the same lists out, with better URLs."""

import os
import pty
import resource
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from acceptance.command import (
    TIMEOUT_SECONDS,
    UNREACHABLE,
    CommandResult,
    environment,
    linkwatch,
    linkwatch_process,
    start_process,
    wait_for_exit,
)
from acceptance.youtube_servers import CHANNEL, youtube_server

OFFLINE = environment(UNREACHABLE)
OLD, NEW = b"http://youtu.be/jNQXAC9IVRw?si=abc", b"https://youtu.be/jNQXAC9IVRw"
LISTS = {
    "a.csv": b"\xef\xbb\xbfurl;label\r\n%s;x\r\n"
    + b'"https://www.youtube.com/watch?v=haHLRD0QZ08";"\xc3\xbc ""y"""\r\n',
    "a.md": b"# T\r\n\r\n- [x](%s)\r\n- [y](<%s> 't')\r\n\r\n[z]: %s",
    "a.html": b"<a href='%s'>x</a>\n<p>%s",
    "a.json": b'{"url": "%s"}',
    "a.jsonl": b'{"url": "%s"}\n{"url": "%s"}\n',
    "a.ipynb": b'{"cells": [{"cell_type": "code", "source": ["# %s\\n", "x"]}], "nbformat": 4}',
    "a.txt": b"%s\r\rsee (%s).\r\x0c",
}


def filled(content: bytes, url: bytes) -> bytes:
    return content.replace(b"%s", url)


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    """A folder with a list of every format."""
    for name, content in LISTS.items():
        (tmp_path / name).write_bytes(filled(content, OLD))
    return tmp_path


def fix(folder: Path, *arguments: str | Path, stdin: bytes = b"") -> CommandResult:
    return linkwatch("fix", *arguments, cwd=folder, env=OFFLINE, stdin=stdin)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_without_write_nothing_is_written(lists: Path) -> None:
    before = contents(lists)
    ran = fix(lists, ".")
    assert ran.code == 0
    assert ran.err.endswith("12 URLs in 7 lists: run with --write to change them.\n")
    assert contents(lists) == before


def test_with_write_only_the_urls_change_in_every_format(lists: Path) -> None:
    ran = fix(lists, "--write", ".")
    assert (ran.code, ran.err.splitlines()[-1]) == (0, "12 URLs in 7 lists: written.")
    assert contents(lists) == {name: filled(content, NEW) for name, content in sorted(LISTS.items())}


def test_twice_it_changes_nothing_more(lists: Path) -> None:
    fix(lists, "--write", ".")
    once = contents(lists)
    ran = fix(lists, "--write", "--check", ".")
    assert (ran.code, ran.out, ran.err.splitlines()[-1]) == (0, "", "Nothing to change.")
    assert contents(lists) == once


@pytest.mark.parametrize("command", [("patch", "-p0", "--silent"), ("git", "apply", "-p0", "-")])
def test_the_diff_is_a_patch(lists: Path, command: tuple[str, ...]) -> None:
    (lists / "with a space.txt").write_bytes(OLD + b"\n" + b"said\n" * 9 + b"\n" + OLD + b"\n" + OLD)
    process = start_process("fix", ".", cwd=lists, env=OFFLINE)
    with process:
        diff, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    subprocess.run(command, input=diff, cwd=lists, check=True, timeout=TIMEOUT_SECONDS)
    patched = contents(lists)
    assert patched.pop("with a space.txt") == NEW + b"\n" + b"said\n" * 9 + b"\n" + NEW + b"\n"
    assert patched == {name: filled(content, NEW) for name, content in sorted(LISTS.items())}


def test_exact_duplicates_are_removed_and_others_reported_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"url,label\n%s,x\n%s,x\n%s,y\n" % (NEW, OLD, NEW))
    shown = fix(tmp_path, "a.csv")
    assert "listed 2 times, left to you: https://www.youtube.com/watch?v=jNQXAC9IVRw at a.csv:2, a.csv:4\n" in shown.err
    assert "1 URL and 1 duplicate row in 1 list: run with" in shown.err
    written = fix(tmp_path, "a.csv", "--write")
    assert "a.csv:2, a.csv:3\n" in written.err
    assert (tmp_path / "a.csv").read_bytes() == b"url,label\n%s,x\n%s,y\n" % (NEW, NEW)


def test_what_is_left_to_a_person_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(f"- {OLD.decode()}请看\n- {OLD.decode()}é <!-- linkwatch: ignore -->\n", "utf-8")
    ran = fix(tmp_path, "a.md")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[0].startswith("a.md:1:3: left to you: http://youtu.be/jNQXAC9IVRw?si=abc请看 → https")
    assert len(ran.err.splitlines()) == 2
    assert fix(tmp_path, "a.md", "-q").err == ""


@pytest.mark.parametrize("arguments", [("--check",), ("--check", "--write")])
def test_check_is_exit_code_1_when_there_is_anything_to_change(lists: Path, arguments: tuple[str, ...]) -> None:
    before = contents(lists)
    assert fix(lists, *arguments, ".").code == 1
    assert (contents(lists) == before) is ("--write" not in arguments)


def test_standard_input_gives_a_diff_and_with_write_the_list(tmp_path: Path) -> None:
    given, wanted = (filled(LISTS["a.csv"], url) for url in (OLD, NEW))
    assert fix(tmp_path, "-", stdin=given).out.startswith("--- -\n+++ -\n@@ ")
    assert fix(tmp_path, "-", "--write", stdin=given).out.encode() == wanted
    assert fix(tmp_path, "-", "--write", stdin=wanted).out.encode() == wanted


def test_permissions_stay_and_links_lead_to_the_file(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    real, link = tmp_path / "lists" / "real.txt", tmp_path / "link.txt"
    real.write_bytes(OLD)
    real.chmod(0o751)
    link.symlink_to(real)
    owner = (65534, 65534) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    os.chown(real, *owner)
    assert fix(tmp_path, "link.txt", "--write").code == 0
    assert (link.is_symlink(), real.read_bytes()) == (True, NEW)
    status = real.stat()
    assert (status.st_mode & 0o7777, (status.st_uid, status.st_gid)) == (0o751, owner)
    assert [path.name for path in (tmp_path / "lists").iterdir()] == ["real.txt"]


def test_a_list_that_can_not_be_written_whole_stays_as_it_was_and_the_others_are_written(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    (tmp_path / "a.txt").write_bytes(OLD)
    (tmp_path / "b.txt").write_bytes(OLD + b"\n" + b"x" * 20_000)
    before = contents(tmp_path)
    ran = wait_for_exit(
        start_process(
            "fix", "--write", "b.txt", "a.txt", cwd=tmp_path, env=OFFLINE,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
        )
    )  # fmt: skip
    assert ran.code == 2
    assert "not written, and left as it was: b.txt: File too large" in ran.err
    assert "Traceback" not in ran.err
    assert contents(tmp_path) == before | {"a.txt": NEW}


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes in read-only folders too")
def test_a_read_only_folder_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(OLD)
    tmp_path.chmod(0o555)
    ran = fix(tmp_path, "a.txt", "--write")
    tmp_path.chmod(0o755)
    assert ran.code == 2
    assert "a.txt: Permission denied" in ran.err
    assert "Make the file's folder writable" in ran.err


def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    ran = linkwatch_process("fix", "--write", "/dev/stdin", cwd=tmp_path, env=OFFLINE, stdin=OLD)
    assert ran.code == 2
    assert "/dev/stdin: is no regular file" in ran.err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "windows-1252", "utf-8-sig"])
def test_a_list_is_written_back_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = "Caf\xe9 {}\r\n\xfc\n"
    (tmp_path / "a.txt").write_bytes(text.format(OLD.decode()).encode(encoding))
    assert fix(tmp_path, "a.txt", "--write").code == 0
    assert (tmp_path / "a.txt").read_bytes() == text.format(NEW.decode()).encode(encoding)


def test_what_is_met_and_not_of_its_format_is_left_alone(tmp_path: Path) -> None:
    broken = b'// a comment\n{"u": "%s"}\n' % OLD
    (tmp_path / "a.json").write_bytes(broken)
    (tmp_path / "b.txt").write_bytes(OLD)
    ran = fix(tmp_path, ".", "--write")
    assert ran.code == 0
    assert "a.json:1: is not valid JSON" in ran.err
    assert contents(tmp_path) == {"a.json": broken, "b.txt": NEW}


def test_handles_replace_user_names_that_a_check_has_resolved(tmp_path: Path) -> None:
    listed = tmp_path / "resources.csv"
    listed.write_text("url\nhttps://www.youtube.com/user/test/videos\nhttps://www.youtube.com/user/nobody\n", "utf-8")
    assert "Nothing to change." in fix(tmp_path, "--handles").err
    assert not (tmp_path / "linkwatch.db").exists()
    with youtube_server() as server:
        linkwatch("check", cwd=tmp_path, env=environment(server))
    assert "Nothing to change." in fix(tmp_path).err
    fix(tmp_path, "--handles", "--write")
    assert listed.read_text("utf-8").splitlines()[1:] == [
        f"https://www.youtube.com/{CHANNEL.handle}/videos",
        "https://www.youtube.com/user/nobody",
    ]


def test_on_a_terminal_the_diff_is_coloured_and_nothing_in_it_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(OLD + b" \x1b[2J\r\n")
    ours, theirs = pty.openpty()
    process = start_process("fix", "a.txt", cwd=tmp_path, env=environment(UNREACHABLE, TERM="xterm"), stdout=theirs)
    os.close(theirs)
    with process, closing(os.fdopen(ours, "rb", 0)) as terminal:
        assert process.wait(TIMEOUT_SECONDS) == 0
        shown = terminal.read(10_000).decode()
    assert "\x1b[31m-http://youtu.be/jNQXAC9IVRw?si=abc \ufffd[2J\x1b[0m" in shown
    assert "\x1b[32m+https://youtu.be/jNQXAC9IVRw \ufffd[2J\x1b[0m" in shown


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.csv", None, "missing.csv: does not exist"),
        ("latin.md", b"# A\nCaf\x81 " + OLD, "latin.md:2: is neither UTF-8 nor"),
        ("empty.csv", b"\n", "empty.csv:1: is empty"),
        ("none.md", b"# Nothing\n", "no YouTube link found in none.md"),
    ],
)
def test_a_bad_list_is_exit_code_2_and_no_list_is_written(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    good = tmp_path / "good.txt"
    good.write_bytes(OLD if content != b"# Nothing\n" else b"nothing")
    ran = fix(tmp_path, "--write", "good.txt" if content != b"# Nothing\n" else "none.md", name)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert good.read_bytes() != NEW
