"""What a daemon holds while it waits, and at most during a check: `python -m bench.idle`, part of `make bench`.

The real process with its dashboard, read from `/proc`, so on Linux only. Its Data API is bench/loopback.py.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.serving import LINKWATCH, ROOT, loopback, write_list

IDLE = 60.0
"""Seconds of doing nothing of which the CPU is told."""


@dataclass(frozen=True, slots=True)
class Held:
    """One daemon, watched from outside."""

    resources: int
    idle: float
    """MB resident after the check."""

    peak: float
    """MB resident at most, the check and its report among it."""

    cpu: float
    """Seconds of CPU in a minute of waiting."""


def held(resources: int) -> Held:
    """Start a daemon on so many playlists, let it check them, and let it wait for a minute."""
    with tempfile.TemporaryDirectory() as folder, loopback() as url:
        listed = write_list(Path(folder) / "many.csv", resources)
        environment = {
            "LINKWATCH_DATA_API_URL": url,
            "LINKWATCH_OEMBED_URL": f"{url}oembed",
            "YOUTUBE_API_KEY": "bench",
            "LINKWATCH_INSIDE": "off",
            "LINKWATCH_QUOTA_PER_DAY": "1000000000",
            "LINKWATCH_DATABASE_URL": f"sqlite:///{folder}/daemon.db",
            "LINKWATCH_BIND": "127.0.0.1:0",
        }
        with _daemon(listed, environment) as process:
            _wait_for(process, "checked;")
            idle, before = _memory(process.pid, "VmRSS"), _cpu(process.pid)
            with suppress(subprocess.TimeoutExpired):
                process.wait(IDLE)
            most = max(idle, _memory(process.pid, "VmHWM"))
            found = Held(resources, idle, most, _cpu(process.pid) - before)
            process.terminate()
        return found


def _daemon(listed: Path, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  # our own command
        [LINKWATCH, "daemon", str(listed)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


def _wait_for(process: "subprocess.Popen[str]", word: str) -> None:
    if process.stderr is None:
        raise SystemExit("the daemon has no stderr")
    if not any(word in line for line in process.stderr):
        raise SystemExit("the daemon ended before its first check did")


def _memory(pid: int, name: str) -> float:
    """MB of 1,000,000 bytes."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))


def _cpu(pid: int) -> float:
    """Seconds of user and system time so far, of all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle() -> None:
    """Measure and print."""
    for resources in (34, 100_000):
        found = held(resources)
        print(  # noqa: T201  # a bench prints
            f"daemon of {resources:,} playlists: {found.idle:.0f} MB while it waits, {found.peak:.0f} MB at most, "
            f"{found.cpu:.2f} s of CPU in a minute of waiting",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(idle())
