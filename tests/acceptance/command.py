"""The installed command, as a shell runs it: arguments, an environment of its own, and what comes back."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import chdir, contextmanager
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from threading import Event, Lock
from typing import Any
from unittest.mock import patch

import databases
import httpx

from linkwatch.cli import main
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.youtube import SimulatedYouTube

KEY = "AIzaSyD-simulated_0123456789abcdefghijk"
"""Looks like a real one, so that a pattern that hides keys would have to find it."""

TIMEOUT_SECONDS = 30
"""Seconds after which a command that hangs is a failure; none of them takes more than a few."""

_SYSTEM = ("PATH", "PYTHONPATH", "HOME", "TMPDIR", "LANG", "LC_ALL")
Environment = Mapping[str, str]


@dataclass(frozen=True)
class CommandResult:
    """What a command left behind."""

    code: int
    out: str
    err: str


def environment(
    place: YouTubeServer | Environment | None = None, *, key: str | None = KEY, **more: str
) -> dict[str, str]:
    """The environment of a command: what Python needs, where YouTube is (a server or variables), and the key."""
    env = {name: os.environ[name] for name in _SYSTEM if name in os.environ}
    if isinstance(place, YouTubeServer):
        env |= {"LINKWATCH_DATA_API_URL": place.url, "LINKWATCH_OEMBED_URL": place.oembed_url}
    elif place is not None:
        env |= place
    return env | ({"YOUTUBE_API_KEY": key} if key else {}) | more


UNREACHABLE = {"LINKWATCH_DATA_API_URL": "http://127.0.0.1:9/", "LINKWATCH_OEMBED_URL": "http://127.0.0.1:9/oembed"}
"""An address where nobody answers: what must work without a network is given this one."""


def start_process(*arguments: str | Path, cwd: Path, env: Environment, **popen: Any) -> "subprocess.Popen[bytes]":
    """Start `linkwatch` and don't wait for it; on PostgreSQL, its default database is the one of the folder."""
    if databases.SERVER:
        env = {"LINKWATCH_DATABASE_URL": databases.url_of(cwd / "linkwatch.db"), **env}
    command = [sys.executable, "-m", "linkwatch", *map(str, arguments)]
    pipes: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(command, cwd=cwd, env=dict(env), **pipes | popen)


def wait_for_exit(process: "subprocess.Popen[bytes]") -> CommandResult:
    """Wait for a command, and take what it said."""
    with process:
        try:
            out, err = process.communicate(timeout=TIMEOUT_SECONDS)
        finally:
            process.kill()
    return CommandResult(process.returncode, out.decode(), err.decode())


def linkwatch_process(
    *arguments: str | Path, cwd: Path, env: Environment | None = None, stdin: bytes = b""
) -> CommandResult:
    """Run `linkwatch` to its end in a process of its own: for what `linkwatch` can't show."""
    process = start_process(*arguments, cwd=cwd, env=environment() if env is None else env, stdin=subprocess.PIPE)
    with process:
        try:
            out, err = process.communicate(stdin, timeout=TIMEOUT_SECONDS)
        finally:
            process.kill()
    return CommandResult(process.returncode, out.decode(), err.decode())


def linkwatch(*arguments: str | Path, cwd: Path, env: Environment | None = None, stdin: bytes = b"") -> CommandResult:
    """Run `linkwatch` to its end within this process, where its modules are loaded already."""
    env = environment() if env is None else dict(env)
    assert all(env.get(name) == os.environ.get(name) for name in _READ_ONCE), "Python reads it once: linkwatch_process"
    if databases.SERVER:
        env = {"LINKWATCH_DATABASE_URL": databases.url_of(cwd / "linkwatch.db"), **env}
    with _process_state(cwd, env, stdin) as (out, err):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as ended:
            code = ended.code
    assert isinstance(code, int)
    return CommandResult(code, out.getvalue().decode(), err.getvalue().decode())


_READ_ONCE = {"PYTHONPATH", "PYTHONIOENCODING", "PYTHONUTF8", "TZ", "TMPDIR", "LC_ALL", "LANG"}
_STREAMS = ("stdin", "stdout", "stderr")


@contextmanager
def _process_state(folder: Path, env: Environment, stdin: bytes) -> Iterator[tuple[BytesIO, BytesIO]]:
    """What a process of its own would have: folder, environment, streams, signals and logging; undone at the end."""
    logger, terminate, variables = logging.getLogger(), signal.getsignal(signal.SIGTERM), dict(os.environ)
    handlers, level, streams = logger.handlers[:], logger.level, [getattr(sys, name) for name in _STREAMS]
    own = BytesIO(stdin), BytesIO(), BytesIO()
    logger.handlers.clear()
    os.environ.clear()
    os.environ.update(env)
    for name, stream in zip(_STREAMS, own, strict=True):
        setattr(sys, name, TextIOWrapper(stream, encoding="utf-8", write_through=True))
    try:
        # Frozen garbage would never be collected, and with it what warns of files that are left open.
        with (
            chdir(folder),
            patch("gc.freeze"),
            patch("linkwatch.store.migrations.upgrade", databases.upgrade),
            patch("linkwatch.clock.sleep"),  # between retries
            patch("linkwatch.masking._secrets", set()),
            patch("linkwatch.masking._pattern", None),
        ):
            yield own[1:]
    finally:
        for name, stream in zip(_STREAMS, streams, strict=True):
            getattr(sys, name).detach()
            setattr(sys, name, stream)
        os.environ.clear()
        os.environ.update(variables)
        logger.handlers[:] = handlers
        logger.setLevel(level)
        signal.signal(signal.SIGTERM, terminate)


def report_lines(folder: Path, database: str) -> list[str]:
    """The lines of the JSON report but for the time at which it was made."""
    ran = linkwatch("report", "--format", "json", "--database", database, cwd=folder, env=environment(key=None))
    assert ran.err == ""
    return [line for line in ran.out.splitlines() if '"generated_at"' not in line]


def interrupt(process: "subprocess.Popen[bytes]", number: signal.Signals = signal.SIGINT) -> CommandResult:
    """Send a signal, and wait for the end."""
    process.send_signal(number)
    return wait_for_exit(process)


def write_list(folder: Path, *urls: str, name: str = "resources.csv") -> Path:
    """A list of these URLs, one a line below the header."""
    file = folder / name
    file.write_text("\n".join(("url", *urls)) + "\n", "utf-8")
    return file


def playlist_urls(ids: Iterable[str]) -> list[str]:
    """The addresses of playlists."""
    return [f"https://www.youtube.com/playlist?list={id_}" for id_ in ids]


def age_by_a_day(database: Path) -> None:
    """Move everything remembered a day, in milliseconds, into the past: the command's clock is the machine's."""
    databases.change(
        database,
        *(f"UPDATE {table} SET {at} = {at} - 86400000" for table, at in databases.times_of(database)),  # noqa: S608 - our own names
    )


class GatedYouTube(SimulatedYouTube):
    """A simulated YouTube that answers so many requests, and keeps the others waiting until its gate is opened."""

    def __init__(self, *args: Any, answers: int, waiting: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._free, self._full, self._counting = answers, -waiting, Lock()
        self.reached = Event()
        """Set when so many requests wait."""

        self.gate = Event()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer, sooner or later."""
        with self._counting:
            self._free -= 1
            waits, full = self._free < 0, self._free <= self._full
        if full:
            self.reached.set()
        if waits:
            self.gate.wait(TIMEOUT_SECONDS)
        return super().__call__(request)
