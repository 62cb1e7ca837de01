"""The dashboard is started and stopped: on which addresses, and how soon."""

import socket
from contextlib import closing

import httpx
import pytest
from integration.web.fake_daemon import FakeDaemon

from linkwatch.errors import UsageError
from linkwatch.web.server import Dashboard


def dashboard(daemon: FakeDaemon, address: str, token: str | None = None) -> Dashboard:
    return Dashboard(daemon, address, token, daemon.clock)


@pytest.mark.parametrize("address", ["127.0.0.1:0", "localhost:0", "[::1]:0", "127.0.0.2:0"])
def test_it_serves_on_loopback_without_a_token_and_tells_where(daemon: FakeDaemon, address: str) -> None:
    with dashboard(daemon, address) as served:
        assert httpx.get(f"{served.url}healthz", timeout=30).text == "ok\n"
        assert not served.url.endswith(":0/")
        assert httpx.get(served.url, headers={"accept": "text/html"}, timeout=30).status_code == 200


@pytest.mark.parametrize("address", ["0.0.0.0:0", "[::]:0"])
def test_beyond_loopback_it_starts_with_a_token_alone(daemon: FakeDaemon, address: str) -> None:
    for token in (None, ""):
        with pytest.raises(
            UsageError, match="the dashboard needs a token to be reachable from other machines"
        ) as refused:
            dashboard(daemon, address, token).start()
        assert "LINKWATCH_DASHBOARD_TOKEN" in refused.value.remedy
    with dashboard(daemon, address, "a-long-random-token") as served:
        assert httpx.get(f"{served.url}healthz", timeout=30).text == "ok\n"
        assert httpx.get(f"{served.url}runs", timeout=30).status_code == 401


@pytest.mark.parametrize(
    "address",
    [
        "",
        "8440",
        ":8440",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:65536",
        "127.0.0.1:http",
        "::1:8440",
        "[x]:1",
        "a b:1",
        "\x1b:1",
    ],
)
def test_what_is_no_address_is_refused_with_an_example(daemon: FakeDaemon, address: str) -> None:
    with pytest.raises(UsageError, match="not an address") as refused:
        dashboard(daemon, address).start()
    assert "127.0.0.1:8440" in refused.value.remedy
    assert "\x1b" not in refused.value.message


def test_a_host_that_is_unknown_is_refused(daemon: FakeDaemon) -> None:
    with pytest.raises(UsageError, match="unknown host"):
        dashboard(daemon, "nothing.invalid:8440").start()


def test_an_address_that_is_not_of_this_machine_is_refused(daemon: FakeDaemon) -> None:
    with pytest.raises(UsageError, match="this machine has no such address"):
        dashboard(daemon, "192.0.2.1:0", "a-long-random-token").start()


def test_an_address_in_use_is_refused_at_once(daemon: FakeDaemon) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(UsageError, match=f"{address}: the port is already in use"):
            dashboard(daemon, address).start()


def test_the_address_is_free_again_once_it_was_stopped_whoever_is_still_connected(daemon: FakeDaemon) -> None:
    first = dashboard(daemon, "127.0.0.1:0")
    first.start()
    with httpx.Client(base_url=first.url, timeout=30) as lingering:
        assert lingering.get("/healthz").status_code == 200
        first.stop()
        with dashboard(daemon, first.url.removeprefix("http://").rstrip("/")) as second:
            assert httpx.get(f"{second.url}healthz", timeout=30).status_code == 200
    first.stop()


def test_stopping_waits_for_nobody_who_keeps_a_request_half_sent(daemon: FakeDaemon) -> None:
    served = dashboard(daemon, "127.0.0.1:0")
    served.start()
    host, _, port = served.url.removeprefix("http://").rstrip("/").partition(":")
    with closing(socket.create_connection((host, int(port)))) as slow:
        slow.sendall(b"POST /check HTTP/1.1\r\nHost: " + f"{host}:{port}".encode() + b"\r\nContent-Length: 9\r\n\r\nx")
        assert httpx.get(f"{served.url}healthz", timeout=30).status_code == 200
        served.stop()
        with closing(socket.create_server((host, int(port)))):
            pass


def test_it_is_started_again_after_it_was_stopped(daemon: FakeDaemon) -> None:
    """A daemon shows it while it leads, and may lead again."""
    served = dashboard(daemon, "127.0.0.1:0")
    for _ in range(2):
        served.start()
        assert httpx.get(f"{served.url}healthz", timeout=30).text == "ok\n"
        served.stop()


def test_it_has_no_address_before_it_was_started(daemon: FakeDaemon) -> None:
    with pytest.raises(RuntimeError, match="not started"):
        _ = dashboard(daemon, "127.0.0.1:0").url
