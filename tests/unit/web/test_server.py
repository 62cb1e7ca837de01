"""Which names an address is called by: those are let in, and no others."""

import socket
from contextlib import closing

import pytest

from linkwatch.web.server import BoundSocket, bind


def bound(host: str, port: int, *, loopback: bool) -> BoundSocket:
    with closing(socket.socket()) as unused:
        return BoundSocket(unused, host, port, loopback)


def test_on_loopback_its_own_names_with_the_port() -> None:
    named = bound("127.0.0.1", 8440, loopback=True).hosts or frozenset()
    assert set(named) == {"127.0.0.1:8440", "localhost:8440", "[::1]:8440"}
    assert "127.0.0.2:8440" in (bound("127.0.0.2", 8440, loopback=True).hosts or ())


def test_at_the_port_that_browsers_leave_out_without_it_too() -> None:
    assert {"localhost", "localhost:80"} <= (bound("127.0.0.1", 80, loopback=True).hosts or set())


def test_beyond_loopback_any() -> None:
    assert bound("192.168.1.2", 8440, loopback=False).hosts is None


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8440/"),
        ("[::1]", "http://[::1]:8440/"),
        ("0.0.0.0", "http://127.0.0.1:8440/"),  # noqa: S104 - it is a name here
        ("[::]", "http://[::1]:8440/"),
        ("links.example", "http://links.example:8440/"),
    ],
)
def test_the_url_is_one_that_can_be_opened(host: str, url: str) -> None:
    assert bound(host, 8440, loopback=False).url == url


def test_what_listens_sends_small_pieces_at_once() -> None:
    """Answers come in two pieces, and the second would wait 40 ms for the first to be confirmed."""
    with closing(bind("127.0.0.1:0", token=None).socket) as listening:
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
