"""Runs a command beside a PostgreSQL server of its own, and stops that whatever happens.

    python tests/with_postgres.py pytest tests/integration

The command finds its URL in LINKWATCH_TEST_POSTGRES. The server's programs, of version 15 or newer, are Debian's (apt
install postgresql) or those on the PATH. It listens on a free port of 127.0.0.1, keeps everything in a folder that goes
away with it, and never waits for a disk.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

VARIABLE = "LINKWATCH_TEST_POSTGRES"

_STOP_SECONDS = 60
"""Seconds for the server to stop; it takes less than one."""

_INITDB = ("--username=linkwatch", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
# Neither C's order nor ASCII's: what relies on the order in which the database sorts texts is to fail here.
_SORTED_BY_PEOPLE = ("--locale-provider=icu", "--icu-locale=und")
_SETTINGS = ("listen_addresses=127.0.0.1", "fsync=off", "synchronous_commit=off", "full_page_writes=off")


def main(command: list[str]) -> int:
    """Run the command; returns its exit code."""
    if not command:
        sys.exit(__doc__)
    # A Ctrl-C reaches the command as well, which ends by itself; a SIGTERM reaches us alone.
    signal.signal(signal.SIGTERM, _stop)
    with running() as server, subprocess.Popen(command, env=os.environ | {VARIABLE: server.url}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()
        finally:
            process.terminate()


def _stop(_signal: int, _frame: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


class Server:
    """A server that has its data in a folder, and is started and stopped at will."""

    def __init__(self, folder: Path, owner: dict[str, Any], settings: Iterable[str]) -> None:
        self._folder, self._owner, self._port = folder, owner, _free_port()
        self._settings = (*_SETTINGS, *settings, f"unix_socket_directories={folder}", f"port={self._port}")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = f"postgresql+psycopg://linkwatch@127.0.0.1:{self._port}/postgres"
        """Of the superuser."""

    def start(self) -> None:
        """Start it, and wait until it answers."""
        said = (word for setting in self._settings for word in ("-c", setting))
        # A session of its own: a Ctrl-C would end it before the command has closed its connections.
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [programs() / "postgres", "-D", "data", *said], stderr=log, start_new_session=True, **self._owner
            )
        while _run(programs() / "pg_isready", "--host=127.0.0.1", f"--port={self._port}").returncode != 0:
            if self._process.poll() is not None:
                sys.exit((self._folder / "log").read_text("utf-8", "replace"))

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """Stop it, whoever is connected; with SIGQUIT as a crash would, without tidying up."""
        if self._process is None:
            return
        with self._process:
            self._process.send_signal(number)
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
        self._process = None


@contextmanager
def running(*settings: str) -> Iterator[Server]:
    """A server without any data, while the context lasts.

    Args:
        settings: Some more, each as `name=value`.
    """
    with tempfile.TemporaryDirectory(prefix="linkwatch-postgres-") as folder:
        as_owner: dict[str, Any] = {"cwd": folder}
        if os.geteuid() == 0:  # the server refuses to be root
            shutil.chown(folder, "postgres", "postgres")
            as_owner |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        made = _run(programs() / "initdb", "--pgdata=data", *_INITDB, *_SORTED_BY_PEOPLE, **as_owner)
        if made.returncode != 0:
            sys.exit(made.stdout)
        server = Server(Path(folder), as_owner, settings)
        try:
            server.start()
            yield server
        finally:
            server.stop()


def programs() -> Path:
    """The folder of the server's programs: that of the newest version that Debian has installed, or the PATH's."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which("initdb")
    if found is None:
        sys.exit("There is no PostgreSQL server here; on Debian: apt install postgresql")
    return Path(found).resolve().parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str | Path, **popen: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **popen)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
