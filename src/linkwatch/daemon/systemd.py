"""Notifies systemd, by the protocol of sd_notify(3); does nothing where systemd did not start the process."""

import socket
import time
from collections.abc import Mapping
from datetime import timedelta

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


class ServiceManager:
    """The service manager that started this process, if one did.

    Args:
        environ: `NOTIFY_SOCKET` and `WATCHDOG_USEC` are looked for in it.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        path = environ.get("NOTIFY_SOCKET", "")
        self._address = f"\0{path[1:]}" if path.startswith("@") else path
        usec = environ.get("WATCHDOG_USEC", "")
        self.watchdog = timedelta(microseconds=int(usec)) if usec.isdecimal() else None
        """Within this time it expects a heartbeat; None: it expects none."""

    def notify(self, *lines: str) -> None:
        """Send state assignments; never blocks, and ignores a closed socket."""
        if self._address:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
                channel.setblocking(False)
                try:
                    channel.sendto("\n".join(lines).encode(), self._address)
                except OSError:
                    return

    def notify_status(self, text: str) -> None:
        """One line that `systemctl status` shows."""
        self.notify(f"STATUS={' '.join(text.split())}")

    def notify_reloading(self) -> None:
        """The settings are being reloaded; `READY` follows."""
        self.notify("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")
