"""What processes cost: commands that run to their end, and a running daemon (measured in `/proc`, so on Linux)."""

import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.serving import LINKWATCH, ROOT

CHECKED = "checked all links"
"""What a daemon logs after the first check."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process cost."""

    cpu: float
    """User and system seconds."""

    memory: float
    """Peak resident set, in MB of 1,000,000 bytes."""

    wall: float
    """Seconds from its start to its end."""


def cost(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Cost:
    """Run a command to its end; it must succeed."""
    began = time.perf_counter()
    child = subprocess.Popen(  # noqa: S603  # commands of the benches
        command, stdout=subprocess.DEVNULL, cwd=ROOT, env={**os.environ, **(environment or {})}
    )
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in {0, 1}:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, wall)


class Daemon:
    """A running daemon."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def wait_for(self, word: str) -> str:
        """The next line that it prints with this word in it."""
        line = next((line for line in self.process.stderr or () if word in line), None)
        if line is None:
            raise SystemExit(f"the daemon ended before it printed “{word}”")
        return line

    def memory(self, name: str) -> float:
        """MB of 1,000,000 bytes: `VmRSS` is the present memory, `VmHWM` the peak."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text("utf-8").splitlines()
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))

    def cpu(self) -> float:
        """Seconds of user and system time so far, of all threads."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def daemon_on(listed: Path, environment: Mapping[str, str]) -> Iterator[Daemon]:
    """A daemon that watches a list, on a free port of loopback, while the context lasts."""
    process = subprocess.Popen(  # noqa: S603  # our own command
        [LINKWATCH, "daemon", str(listed)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment, "LINKWATCH_BIND": "127.0.0.1:0"},
    )
    with process:
        try:
            yield Daemon(process)
        finally:
            process.terminate()
