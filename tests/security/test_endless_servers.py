"""Nobody that is asked or notified can hold a check up, fill its memory or lead it elsewhere."""

import gzip
import shutil
import ssl
import zlib
from collections.abc import Callable
from pathlib import Path

import certifi
import pytest
from acceptance.command import KEY
from integration.notifications.webhook import Webhook
from security.endless import CHUNKED, HEAD, SILENCE, Endless

from linkwatch.exchange import Limits, TransientError, new_client, send
from linkwatch.notifications import apprise_transport
from linkwatch.notifications.apprise_process import Order, send_order
from linkwatch.notifications.apprise_transport import apprise_delivery
from linkwatch.notifications.heartbeat import ping
from linkwatch.notifications.urls import NotSentError
from linkwatch.settings import Notify
from linkwatch.store.outbox import Message, Tone
from linkwatch.youtube.http import Clients, GoogleTransport, RefusedError

LIMITS = Limits(seconds=0.5, body=1_000_000)
MESSAGE = Message("1", "team", Tone.INFO, "title", "body")


def data_api(url: str) -> None:
    clients = Clients(new_client, LIMITS)
    try:
        GoogleTransport(clients, KEY).request(url)
    finally:
        clients.release()


def oembed(url: str) -> None:
    with new_client() as client:
        send(client, "GET", url, limits=LIMITS)


def heartbeat(url: str) -> None:
    ping(url, {}, allow_private=True, limits=LIMITS)


def webhook(url: str) -> None:
    target = Notify(name="team", url=url.replace("http://", "json://"), place="linkwatch.toml:1")
    apprise_delivery({}, allow_private=True, limits=LIMITS)(target, MESSAGE)


def webhook_here(url: str) -> None:
    """What the process does, within this one: for what ends by itself."""
    order = Order(url.replace("http://", "json://"), "title", "body", "info", True, 30.0, LIMITS.body)
    if reason := send_order(order):
        raise NotSentError(reason)


ASKING = [data_api, oembed, heartbeat]


def headed(encoding: str, body: bytes) -> bytes:
    """An answer with this body."""
    return HEAD + f"Content-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def bomb(size: int, *, times: int = 1) -> bytes:
    """So many zeros in gzip, and that in gzip again."""
    packed = bytes(size)
    for _ in range(times):
        packed = gzip.compress(packed, mtime=0)
    return packed


SLOW = {
    "no answer": (b"", SILENCE),
    "no answer after the headers": (HEAD + b"Content-Length: 10\r\n\r\n{", SILENCE),
    "no answer after a chunk": (CHUNKED + b"1\r\nx\r\n", SILENCE),
    "body": (HEAD + b"Content-Length: 1000000\r\n\r\n", b"x"),
    "chunks": (CHUNKED, b"1\r\nx\r\n"),
    "headers": (HEAD, b"x"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "102 Processing": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "after the end of gzip": (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"{}"), b"\0"),
    "gzip of nothing": (HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")),
    "an interim answer with headers": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"),
}
LONG = {
    "gzip": headed("gzip", bomb(40_000_000)),
    "deflate": headed("deflate", zlib.compress(bytes(40_000_000))),
    "gzip in gzip": headed("gzip, gzip", bomb(40_000_000, times=2)),
    "five times gzip": headed("gzip, gzip, gzip, gzip, gzip", bomb(40_000_000, times=5)),
    "gzip in deflate": headed("deflate, gzip", zlib.compress(bomb(40_000_000))),
    "identity": headed("identity", bytes(1_000_001)),
}
STRANGE = {
    "br": headed("br", b"\x0b\x02\x80{}\x03"),
    "zstd": headed("zstd", b"{}"),
    "cut": headed("gzip", bomb(1_000)[:-9]),
    "no gzip": headed("gzip", b"no gzip"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.9\r\n\r\n",
    "no status": b"HTTP/1.1 many OK\r\n\r\n",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"x" * 900) for n in range(500)),
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    "a length below 0": HEAD + b"Content-Length: -1\r\n\r\n{}",
    "a chunk of no size": CHUNKED + b"zz\r\n{}\r\n",
    "hangs up": HEAD + b"Content-Length: 100\r\n\r\n{}",
}


@pytest.mark.parametrize("asking", [*ASKING, webhook])
@pytest.mark.parametrize("name", SLOW)
def test_an_answer_without_end_is_cut_off(asking: Callable[[str], None], name: str) -> None:
    first, then = SLOW[name]
    with Endless(first, then, pause=0.01) as server, pytest.raises((TransientError, NotSentError)):
        asking(server.url)


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("then", [b"x", SILENCE], ids=["slow", "silent"])
def test_a_handshake_without_end_is_cut_off(asking: Callable[[str], None], then: bytes) -> None:
    with Endless(b"\x16\x03\x03\x40\x00", then, pause=0.01) as server, pytest.raises((TransientError, NotSentError)):
        asking(server.url.replace("http://", "https://"))


@pytest.mark.parametrize("asking", [*ASKING, webhook_here])
@pytest.mark.parametrize("name", LONG)
def test_an_answer_that_is_too_long_is_none(asking: Callable[[str], None], name: str) -> None:
    with Endless(LONG[name], b"") as server, pytest.raises((TransientError, NotSentError)):
        asking(server.url)


@pytest.mark.parametrize("asking", ASKING)
@pytest.mark.parametrize("name", STRANGE)
def test_an_answer_that_cannot_be_read_is_none(asking: Callable[[str], None], name: str) -> None:
    with Endless(STRANGE[name], b"") as server, pytest.raises((TransientError, NotSentError)):
        asking(server.url)


@pytest.mark.parametrize("name", STRANGE)
def test_an_answer_of_a_service_that_cannot_be_read_hides_its_address(name: str) -> None:
    """Of some it is read as far as it is one: the status is all that counts for a message."""
    with Endless(STRANGE[name], b"") as server:
        order = Order(server.url.replace("http://", "json://"), "title", "body", "info", True, 30.0, LIMITS.body)
        assert server.url.removeprefix("http://") not in (send_order(order) or "")


def test_an_answer_of_the_maximum_size_is_accepted() -> None:
    with Endless(headed("gzip", bomb(1_000_000)), b"") as server, new_client() as client:
        assert send(client, "GET", server.url, limits=LIMITS).content == bytes(1_000_000)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("asking", [*ASKING, webhook_here])
def test_no_redirect_is_followed_least_of_all_with_the_key(asking: Callable[[str], None], status: int) -> None:
    with Webhook() as elsewhere:
        head = f"HTTP/1.1 {status} Moved\r\nLocation: http://{elsewhere.place}/\r\nContent-Length: 0\r\n\r\n".encode()
        with Endless(head, b"") as server:
            if asking is oembed:
                oembed(server.url)
            else:
                with pytest.raises((RefusedError, NotSentError)):
                    asking(server.url)
        assert elsewhere.paths == []


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("asking", [data_api, oembed, heartbeat])
def test_a_proxy_of_the_environment_is_used(
    asking: Callable[[str], None], variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Webhook() as proxy:
        monkeypatch.setenv(variable, f"http://{proxy.place}")
        asking("http://youtube.example/x")
        assert proxy.paths == ["http://youtube.example/x"]


def test_but_not_for_the_hosts_of_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with Webhook() as proxy, Webhook() as host:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.place}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        data_api(f"http://{host.place}/x")
        assert (proxy.paths, host.paths) == ([], ["/x"])


@pytest.mark.parametrize(("variable", "argument"), [("SSL_CERT_FILE", "cafile"), ("SSL_CERT_DIR", "capath")])
def test_the_certificates_of_the_environment_are_used(
    variable: str, argument: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificates = tmp_path / "authorities.pem"
    shutil.copy(certifi.where(), certificates)
    named = str(certificates if argument == "cafile" else tmp_path)
    loaded: list[dict[str, str]] = []

    def context(**given: str) -> ssl.SSLContext:
        loaded.append(given)
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("ssl.create_default_context", context)
    monkeypatch.setenv(variable, named)
    new_client().close()
    assert loaded[0] == {argument: named}
    assert apprise_transport.environment_of_process()["REQUESTS_CA_BUNDLE"] == named
