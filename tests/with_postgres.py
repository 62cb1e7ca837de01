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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

VARIABLE = "LINKWATCH_TEST_POSTGRES"

_PATIENCE = 60
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
    with running() as url, subprocess.Popen(command, env=os.environ | {VARIABLE: url}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()
        finally:
            process.terminate()


def _stop(_signal: int, _frame: object) -> NoReturn:
    sys.exit(128 + signal.SIGTERM)


@contextmanager
def running() -> Iterator[str]:
    """A server without any data, while the context lasts; gives the URL of its superuser."""
    with tempfile.TemporaryDirectory(prefix="linkwatch-postgres-") as folder:
        as_owner: dict[str, Any] = {"cwd": folder}
        if os.geteuid() == 0:  # the server refuses to be root
            shutil.chown(folder, "postgres", "postgres")
            as_owner |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        made = _run(_programs() / "initdb", "--pgdata=data", *_INITDB, *_SORTED_BY_PEOPLE, **as_owner)
        if made.returncode != 0:
            sys.exit(made.stdout)
        port = _free_port()
        with _served(Path(folder), port, as_owner):
            yield f"postgresql+psycopg://linkwatch@127.0.0.1:{port}/postgres"


@contextmanager
def _served(folder: Path, port: int, as_owner: dict[str, Any]) -> Iterator[None]:
    settings = (*_SETTINGS, f"unix_socket_directories={folder}", f"port={port}")
    command: list[str | Path] = [
        _programs() / "postgres",
        "-D",
        "data",
        *(word for setting in settings for word in ("-c", setting)),
    ]
    # A session of its own: a Ctrl-C would end it before the command has closed its connections.
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stderr=log, start_new_session=True, **as_owner) as server,
    ):
        try:
            while _run(_programs() / "pg_isready", "--host=127.0.0.1", f"--port={port}").returncode != 0:
                if server.poll() is not None:
                    sys.exit((folder / "log").read_text("utf-8", "replace"))
            yield
        finally:
            server.send_signal(signal.SIGINT)  # disconnects everybody
            try:
                server.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)


def _programs() -> Path:
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
