"""What a terminal of 80 columns shows, against files that were read by a person: `golden/`.

Times and durations, which differ from run to run, are written as `DATE` and `0 s`.
"""

import fcntl
import os
import pty
import re
import struct
import termios
from pathlib import Path

import pytest
from acceptance.command import environment, start_process
from acceptance.youtube_servers import AVAILABLE, HANDLE, UNAVAILABLE, WATCH, youtube_server

from linkwatch.report.console import columns

GOLDEN = Path(__file__).parent / "golden"
WIDTH = 80
CLEARED = "\x1b[2K"
"""Ends the progress, which is no more on the screen then."""

LIST = f"""# Mathematics that every engineer of the future should have seen at least once

## Linear algebra

- [Linear Algebra]({AVAILABLE})
- [Linear Algebra]({AVAILABLE})
- [Statistics and econometrics for social scientists and for everybody else]({UNAVAILABLE})

## Elsewhere

- [Me at the zoo]({WATCH}&feature=shared)
- [Topology without tears](https://www.youtube.com/watch?v=short)
- [Test channel]({HANDLE})
"""

COMMANDS = {
    "check": ("check", "README.md"),
    "report": ("report", "README.md", "--verbose"),
    "lists-only": ("report", "--lists-only", "README.md"),
    "fix": ("fix", "README.md"),
    "show": ("show", "README.md:7"),
    "plan": ("plan", "README.md"),
    "diff": ("diff", "--since", "2020-01-01", "README.md"),
    "ack": ("ack", UNAVAILABLE, "dead", "--reason", "the university is moving its lectures, which takes until spring"),
    "rule": ("rule", "mislabelled"),
    "unknown-command": ("chek", "README.md"),
    "unknown-rule": ("rule", "ded"),
}
"""In this order: the later ones read what the first one has stored."""


def on_a_terminal(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    """What the command writes to a terminal of 80 columns without colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    process = start_process(*arguments, cwd=cwd, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    written = b""
    with os.fdopen(ours, "rb", 0) as terminal:
        while True:
            try:
                some = terminal.read(4096)
            except OSError:  # Linux's way to say that the other side was closed
                break
            if not some:
                break
            written += some
    process.wait()
    return written.decode().replace("\r\n", "\n")


def without_times(text: str) -> str:
    """The text with the same times in every run; a date keeps its width."""
    text = re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", "DATE", text)
    return re.sub(r"· \d+(\.\d)? s ·", "· 0 s ·", text)


def test_a_terminal_of_80_columns_shows_what_was_read(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(LIST)
    shown: dict[str, str] = {}
    too_wide: dict[str, list[str]] = {}
    with youtube_server() as server:
        env = environment(server, TERM="dumb")
        for name, arguments in COMMANDS.items():
            text = on_a_terminal(*arguments, cwd=tmp_path, env=env).rpartition(CLEARED)[2]
            shown[name] = without_times(text)
            if name != "fix":  # a patch and a URL stay as they are
                wide = [line for line in text.splitlines() if columns(line) > WIDTH and "https://" not in line]
                too_wide |= {name: wide} if wide else {}
    assert too_wide == {}
    if os.environ.get("WRITE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        for name, text in shown.items():
            (GOLDEN / f"{name}.txt").write_text(text)
        pytest.fail("written: read them")
    for name, text in shown.items():
        assert (name, text) == (name, (GOLDEN / f"{name}.txt").read_text())
