import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from linkwatch.daemon.heartbeat import STALL_TIMEOUT, Heartbeat
from linkwatch.daemon.systemd import READY, ServiceManager
from linkwatch.errors import LeaseLostError, StoreError


class Seconds:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[Callable[[], list[str]]]:
    """What a service manager has heard since it was last asked."""
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.bind(str(tmp_path / "notify"))
    channel.setblocking(False)

    def all_heard() -> list[str]:
        found = []
        while True:
            try:
                found.append(channel.recv(4096).decode())
            except BlockingIOError:
                return found

    yield all_heard
    channel.close()


def manager(tmp_path: Path, **more: str) -> ServiceManager:
    return ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify"), **more})


def test_each_sign_of_life_renews_the_lease_and_feeds_the_watchdog(
    tmp_path: Path, heard: Callable[[], list[str]]
) -> None:
    renewed: list[int] = []
    heartbeat = Heartbeat(manager(tmp_path), pytest.fail, monotonic=Seconds())
    heartbeat.beat(lambda: renewed.append(1))
    assert (renewed, heard()) == ([1], ["WATCHDOG=1"])


def test_work_that_stands_still_gives_no_sign_until_it_goes_on(tmp_path: Path, heard: Callable[[], list[str]]) -> None:
    seconds, renewed = Seconds(), list[int]()
    heartbeat = Heartbeat(manager(tmp_path), pytest.fail, monotonic=seconds)
    seconds.now += STALL_TIMEOUT + 1
    heartbeat.beat(lambda: renewed.append(1))
    assert (renewed, heard()) == ([], [])
    heartbeat.note_progress()
    heartbeat.beat(lambda: renewed.append(1))
    assert (renewed, heard()) == ([1], ["WATCHDOG=1"])


@pytest.mark.parametrize(
    ("error", "said"), [(StoreError("locked"), ["heartbeat failed: locked"]), (LeaseLostError("x"), [])]
)
def test_a_lease_that_cant_be_renewed_ends_nothing(tmp_path: Path, error: Exception, said: list[str]) -> None:
    log: list[str] = []

    def fail() -> None:
        raise error

    Heartbeat(manager(tmp_path), log.append, monotonic=Seconds()).beat(fail)
    assert log == said


def test_the_service_manager_hears_what_it_understands(tmp_path: Path, heard: Callable[[], list[str]]) -> None:
    notifier = manager(tmp_path, WATCHDOG_USEC="30000000")
    assert notifier.watchdog == timedelta(seconds=30)
    notifier.notify(READY)
    notifier.notify_status("two\nlines")
    notifier.notify_reloading()
    ready, status, reloading = heard()
    assert (ready, status) == ("READY=1", "STATUS=two lines")
    first, second = reloading.split("\n")
    assert first == "RELOADING=1"
    assert second.removeprefix("MONOTONIC_USEC=").isdecimal()


def test_without_a_service_manager_nothing_is_sent_and_one_that_has_ended_is_not_waited_for(tmp_path: Path) -> None:
    ServiceManager({}).notify(READY)
    manager(tmp_path).notify(READY)
