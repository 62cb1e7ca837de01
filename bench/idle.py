"""What a daemon holds while it waits, and at most during a check: `python -m bench.idle`, part of `make bench`.

The real process with its dashboard, read from `/proc`, so on Linux only. Its Data API is bench/loopback.py.
"""

import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.processes import daemon_on
from bench.serving import loopback, settings_of, write_list

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
        with daemon_on(listed, settings_of(url, f"sqlite:///{folder}/daemon.db")) as daemon:
            daemon.wait_for("checked;")
            idle, before = daemon.memory("VmRSS"), daemon.cpu()
            with suppress(subprocess.TimeoutExpired):
                daemon.process.wait(IDLE)
            return Held(resources, idle, max(idle, daemon.memory("VmHWM")), daemon.cpu() - before)


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
