"""What every test stands on: no network but loopback, and no settings from the machine it runs on."""

import gc
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import databases
import hypothesis
import pytest

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # As in a shell's background job: the commands that tests start and interrupt would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile("quick", max_examples=20, deadline=None)
# The same examples each time, so that a failure in CI is one of the change; those of `quick` are new each time.
hypothesis.settings.register_profile("thorough", max_examples=100, deadline=None, print_blob=True, derandomize=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

_LOOPBACK = ("127.", "::1", "localhost")


def pytest_configure(config: pytest.Config) -> None:
    """Before the processes of xdist start, for all of them."""
    gc.disable()  # until all tests are collected: what they are made of stays
    if databases.SERVER and not hasattr(config, "workerinput"):
        databases.make_template()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What is of one kind of database alone is left out on the other."""
    other = "sqlite" if databases.SERVER else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(other)]
    assert all(marker.args for item in left_out for marker in item.iter_markers(other)), "the reason is missing"
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Keep the garbage collector from walking thousands of collected tests over and over."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


def pytest_unconfigure() -> None:
    """Those of fixtures that many tests share."""
    databases.drop_those_in(Path("/"))


if databases.SERVER:

    @pytest.fixture(autouse=True)
    def _databases_go_with_their_folder(request: pytest.FixtureRequest) -> Iterator[None]:
        """A PostgreSQL database takes 8 MB of disk."""
        folder = request.getfixturevalue("tmp_path") if "tmp_path" in request.fixturenames else None
        yield
        if folder is not None:
            databases.drop_those_in(folder)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """A test that reaches out tests the weather: YouTube is the simulator's, and everything else is refused."""
    connect = socket.socket.connect

    def only_loopback(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else str(address)
        if self.family != socket.AF_UNIX and not str(host).startswith(_LOOPBACK):
            raise RuntimeError(f"a test tried to reach {host}; only loopback is allowed")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", only_loopback)
        yield


@pytest.fixture(scope="session", autouse=True)
def _bare_environment() -> Iterator[None]:
    """The settings of whoever runs the tests are no part of them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("LINKWATCH_") or name in {"YOUTUBE_API_KEY", "NO_COLOR"}:
                patch.delenv(name)
        yield
