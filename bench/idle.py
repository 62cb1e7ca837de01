"""The memory of a daemon, while idle and at its peak: `python -m bench.idle`; part of `make bench`.

The real process with its dashboard, read from `/proc`, so on Linux only. Its Data API is bench/loopback.py.
"""

import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.processes import CHECKED, daemon_on
from bench.serving import loopback, settings_of, write_list

IDLE = 60.0
"""Seconds of waiting whose CPU is measured."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one daemon uses, as the operating system reports it."""

    resources: int
    idle: float
    """MB resident after the check."""

    peak: float
    """Peak MB resident, including the check and its report."""

    cpu: float
    """Seconds of CPU in a minute of waiting."""


def usage(resources: int) -> Usage:
    """Start a daemon with this number of playlists, let it check them, and wait for a minute."""
    with tempfile.TemporaryDirectory() as folder, loopback() as url:
        listed = write_list(Path(folder) / "many.csv", resources)
        with daemon_on(listed, settings_of(url, f"sqlite:///{folder}/daemon.db")) as daemon:
            daemon.wait_for(CHECKED)
            idle, before = daemon.memory("VmRSS"), daemon.cpu()
            with suppress(subprocess.TimeoutExpired):
                daemon.process.wait(IDLE)
            return Usage(resources, idle, max(idle, daemon.memory("VmHWM")), daemon.cpu() - before)


def idle() -> None:
    """Measure and print."""
    for resources in (34, 100_000):
        used = usage(resources)
        print(  # noqa: T201  # a bench prints
            f"daemon of {resources:,} playlists: {used.idle:.0f} MB idle, {used.peak:.0f} MB at its peak, "
            f"{used.cpu:.2f} s of CPU in a minute of waiting",
            flush=True,
        )


if __name__ == "__main__":
    idle()
