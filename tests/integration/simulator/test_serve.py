"""The simulated YouTube on loopback answers as it does in memory."""

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from shutil import which
from ssl import PROTOCOL_TLS_SERVER, SSLContext, create_default_context
from subprocess import DEVNULL, run

import httpx
import pytest
from loopback import PLAIN_HTTP
from unit.simulator.api_calls import CHANNEL, KEY, NOW, PLAYLIST, PRIVATE_PLAYLIST, VIDEO, youtube

from linkwatch.simulator.faults import TRANSPORT_ERRORS, Fault, FaultPeriod
from linkwatch.simulator.serve import YouTubeServer

HOUR = timedelta(hours=1)
PATHS = [
    f"youtube/v3/videos?part=snippet,status&id={VIDEO.id},zzzzzzzzzzA",
    f"youtube/v3/playlistItems?part=snippet&playlistId={PLAYLIST.id}&maxResults=2",
    f"youtube/v3/playlistItems?part=snippet&playlistId={PRIVATE_PLAYLIST.id}",
    "youtube/v3/channels?part=id&forHandle=%40achannel",
    "youtube/v3/videos?part=id",
    f"oembed?url=https%3A%2F%2Fyoutu.be%2F{VIDEO.id}&format=json",
    f"oembed?url=https%3A%2F%2Fwww.youtube.com%2Fchannel%2F{CHANNEL.id}&format=json",
    "watch?v=zzzzzzzzzzA",
    "nothing",
]


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
@pytest.mark.parametrize("path", PATHS)
def test_served_and_in_memory_are_the_same(path: str, encoding: str) -> None:
    headers = KEY | {"accept-encoding": encoding}
    in_memory = youtube()(httpx.Request("GET", f"https://www.youtube.com/{path}", headers=headers))
    with YouTubeServer(youtube()) as server, httpx.Client(verify=PLAIN_HTTP, timeout=30) as client:
        served = client.get(server.url + path, headers=headers)
    assert served.status_code == in_memory.status_code
    assert served.content == in_memory.content
    assert served.headers.get("content-encoding") == in_memory.headers.get("content-encoding")
    assert served.headers.get("content-type") == in_memory.headers.get("content-type")
    assert int(served.headers["content-length"]) == int(in_memory.headers["content-length"])


def test_a_connection_is_kept() -> None:
    with YouTubeServer(youtube()) as server, httpx.Client(verify=PLAIN_HTTP, timeout=30) as client:
        ports = {
            client.get(server.url + path).extensions["network_stream"].get_extra_info("client_addr")[1]
            for path in PATHS
        }
    assert len(ports) == 1


@pytest.mark.parametrize("fault", TRANSPORT_ERRORS)
def test_a_dropped_request_is_a_closed_connection(fault: Fault) -> None:
    dropped = FaultPeriod(fault, NOW, NOW + HOUR, attempts=1)
    with YouTubeServer(youtube(faults=(dropped,))) as server, httpx.Client(verify=PLAIN_HTTP, timeout=30) as client:
        url = f"{server.url}youtube/v3/videos?part=id&id={VIDEO.id}"
        with pytest.raises(httpx.TransportError):
            client.get(url, headers=KEY)
        assert client.get(url, headers=KEY).status_code == 200


def test_an_unchanged_response_has_no_body() -> None:
    with YouTubeServer(youtube()) as server, httpx.Client(verify=PLAIN_HTTP, timeout=30) as client:
        url = f"{server.url}youtube/v3/videos?part=id&id={VIDEO.id}"
        tag = client.get(url, headers=KEY).json()["etag"]
        again = client.get(url, headers=KEY | {"if-none-match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(url, headers=KEY).status_code == 200


def test_a_head_request_is_answered() -> None:
    with YouTubeServer(youtube()) as server, httpx.Client(verify=PLAIN_HTTP, timeout=30) as client:
        head = client.head(f"{server.url}watch?v=zzzzzzzzzzA")
    assert (head.status_code, head.content) == (200, b"")


def test_concurrent_requests_are_all_counted() -> None:
    simulated = youtube()
    with (
        YouTubeServer(simulated) as server,
        httpx.Client(verify=PLAIN_HTTP, timeout=30) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        url = f"{server.url}youtube/v3/videos?part=id&id={VIDEO.id}"
        statuses = list(pool.map(lambda _: client.get(url, headers=KEY).status_code, range(200)))
    assert statuses == [200] * 200
    assert simulated.units_used(date(2026, 11, 22)) == 200


def test_it_logs_only_on_request(capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    for log in (None, lines.append):
        with YouTubeServer(youtube(), log=log) as server, httpx.Client(verify=PLAIN_HTTP, timeout=30) as client:
            client.get(f"{server.url}watch?v=x")
    assert lines == ['"GET /watch?v=x HTTP/1.1" 200 -']
    assert capfd.readouterr() == ("", "")


def test_the_port_can_be_chosen_and_is_free_again() -> None:
    with YouTubeServer(youtube()) as server:
        url, port = server.url, httpx.URL(server.url).port
        assert server.oembed_url == f"{url}oembed"
        with pytest.raises(OSError, match="in use"):
            YouTubeServer(youtube(), port or 0)
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port or 0))


def test_every_response_has_the_latency() -> None:
    waited: list[float] = []
    dropped = FaultPeriod(Fault.CONNECTION_RESET, NOW, NOW + HOUR, attempts=1)
    with (
        YouTubeServer(youtube(faults=(dropped,)), latency=0.06, sleep=waited.append) as server,
        httpx.Client(verify=PLAIN_HTTP, timeout=30) as client,
    ):
        with pytest.raises(httpx.TransportError):
            client.get(f"{server.url}watch?v=x")
        client.get(f"{server.url}watch?v=x")
        client.head(f"{server.url}watch?v=x")
    assert waited == [0.06] * 3


@pytest.mark.skipif(which("openssl") is None, reason="openssl makes the certificate")
def test_it_serves_https(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subject = ("-subj", "/CN=youtu.be", "-addext", "subjectAltName=IP:127.0.0.1")
    made = ("-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    run(["openssl", "req", *made, *subject, "-keyout", key, "-out", certificate], check=True, stderr=DEVNULL)
    tls = SSLContext(PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    trusting = create_default_context(cafile=str(certificate))
    with YouTubeServer(youtube(), tls=tls) as server:
        assert server.url.startswith("https://127.0.0.1:")
        with httpx.Client(timeout=30) as stranger, pytest.raises(httpx.ConnectError, match="certificate"):
            stranger.get(f"{server.url}watch?v=x")
        with httpx.Client(verify=trusting, timeout=30) as client:
            assert client.get(f"{server.url}watch?v=x").status_code == 200
            led = client.get(f"{server.url}{VIDEO.id}", headers={"host": "youtu.be"})
    assert led.headers["location"].startswith("https://www.youtube.com/")
    assert capfd.readouterr() == ("", "")


def test_a_stopped_server_closes_its_connections() -> None:
    server = YouTubeServer(youtube())
    server.start()
    with httpx.Client(timeout=30) as client:
        assert client.get(f"{server.url}watch?v=x").status_code == 200
        server.stop()
        with pytest.raises(httpx.TransportError):
            client.get(f"{server.url}watch?v=x")
