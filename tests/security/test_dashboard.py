"""Browsers and programs that reach the dashboard can't guess a token, keep a session, hold it up or make it fail."""

import asyncio
import logging
import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from acceptance.command import environment, linkwatch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integration.web.fake_daemon import FakeDaemon, empty_daemon

from linkwatch.daemon.api import DaemonApi
from linkwatch.daemon.view import DaemonView
from linkwatch.errors import SettingsError, UsageError
from linkwatch.settings import load_settings
from linkwatch.store.database import connect
from linkwatch.web.app import ROUTES
from linkwatch.web.attempts import Attempts
from linkwatch.web.connections import bounded_protocol
from linkwatch.web.server import Dashboard
from linkwatch.web.sessions import REFRESH_SECONDS

TOKEN = "k3Jd-92mNq_Lx7Rt0vWz"
BEYOND = "0.0.0.0:0"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[FakeDaemon]:
    daemon = empty_daemon(tmp_path)
    yield daemon
    daemon.database.close()


@pytest.fixture
def opened(daemon: FakeDaemon) -> Iterator[Any]:
    """Start a dashboard, and get a browser for it."""
    with ExitStack() as stack:

        def start(address: str = "127.0.0.1:0", token: str | None = None, **given: Any) -> httpx.Client:
            given.setdefault("attempts", Attempts(delay=0))
            served = stack.enter_context(Dashboard(daemon, address, token, daemon.clock, **given))
            return stack.enter_context(httpx.Client(base_url=served.url, headers={"accept": "text/html"}, timeout=30))

        yield start


def log_in(client: httpx.Client, token: str = TOKEN) -> httpx.Response:
    form = re.search(r'name="form" value="([\w-]+)"', client.get("/login").text)
    assert form is not None
    return client.post("/login", data={"form": form[1], "token": token})


# Tokens


WEAK = [
    "x",
    "token",
    "password",
    "123456789012345",
    "aaaaaaaaaaaaaaaaaaaaaaaa",
    "abababababababababab",
    "0000000000000001",
]


@pytest.mark.parametrize("token", WEAK)
@pytest.mark.parametrize("address", [BEYOND, "[::]:0"])
def test_a_token_that_could_be_guessed_is_refused_beyond_loopback(daemon: FakeDaemon, token: str, address: str) -> None:
    with pytest.raises(UsageError, match="could be guessed") as refused:
        Dashboard(daemon, address, token, daemon.clock).start()
    assert token not in refused.value.message.replace("token could", "")
    assert "openssl" in refused.value.remedy


@pytest.mark.parametrize("address", ["127.0.0.1:0", "[::1]:0", BEYOND])
def test_a_token_that_is_set_is_asked_for_everywhere(opened: Any, address: str) -> None:
    client = opened(address, TOKEN)
    for path in ROUTES:
        named = path.replace("{schedule:path}", "x").replace("{kind}", "video").replace("{id:path}", "x")
        answer = client.get(named.replace("{address:path}", "courses"))
        if path.startswith("/public/"):  # where nothing is public
            assert (answer.status_code, answer.text) == (404, "Not Found\n"), path
        else:
            assert answer.status_code in ({200, 503} if path in {"/healthz", "/readyz", "/login"} else {303}), path


def test_guesses_are_slowed_logged_and_not_listened_to_any_more(opened: Any, caplog: pytest.LogCaptureFixture) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    now = [0.0]
    client = opened(token=TOKEN, attempts=Attempts(monotonic=lambda: now[0], sleep=sleep))
    with caplog.at_level(logging.WARNING):
        statuses = [log_in(client, f"guess {number}").status_code for number in range(12)]
    assert statuses == [403] * 10 + [429] * 2
    assert len(waits) == 10
    assert min(waits) > 0
    assert caplog.text.count("a wrong token from 127.0.0.1") == 10
    assert "guess" not in caplog.text
    for authorization in (f"Bearer {TOKEN}", "Bearer wrong"):
        refused = client.get("/runs", headers={"authorization": authorization})
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert log_in(client).status_code == 429
    now[0] += 61
    assert log_in(client).status_code == 303


def test_guesses_in_headers_count_as_well(opened: Any) -> None:
    client = opened(token=TOKEN)
    statuses = [
        client.get("/runs", headers={"authorization": f"Bearer {n}", "accept": "*/*"}).status_code for n in range(11)
    ]
    assert statuses == [401] * 10 + [429]


def test_who_is_remembered_is_bounded_and_a_network_is_one_client() -> None:
    attempts = Attempts(most=2, delay=0)

    async def guess() -> None:
        for number in range(10_100):
            await attempts.failed(f"10.0.{number // 250}.{number % 250}")
        for number in range(2):
            await attempts.failed(f"2001:db8::{number}")

    asyncio.run(guess())
    assert len(attempts._failures) == 10_000
    assert attempts.is_blocked("2001:db8::ffff")
    assert not attempts.is_blocked("2001:db8:1::1")
    assert not attempts.is_blocked("no address")


# Sessions


def test_a_copy_of_the_cookie_is_worth_nothing_after_logging_out(opened: Any, daemon: FakeDaemon) -> None:
    client, thief, other = opened(token=TOKEN), opened(token=TOKEN), opened(token=TOKEN)
    log_in(client)
    log_in(other)
    thief.cookies = httpx.Cookies(dict(client.cookies))
    assert thief.get("/runs").status_code == 200
    form = re.search(r'action="/logout".*?name="form" value="([\w-]+)"', client.get("/runs").text)
    assert form is not None
    client.post("/logout", data={"form": form[1]})
    copy = opened(token=TOKEN)
    copy.cookies = httpx.Cookies(dict(thief.cookies))
    assert copy.get("/runs").status_code == 303, "also after a restart of the daemon"
    assert other.get("/runs").status_code == 200
    assert str(dict(thief.cookies)) not in repr(daemon.database.engine.url)


def test_revoking_ends_every_session_that_has_begun(
    opened: Any, daemon: FakeDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linkwatch.web.sessions.REFRESH_SECONDS", 0.0)
    clients = [opened(token=TOKEN) for _ in range(3)]
    for client in clients:
        log_in(client)
    url = daemon.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("linkwatch.cli.commands.token.datetime", _Clock(daemon))
    assert linkwatch("token", "revoke", "--database", url, cwd=tmp_path, env=environment(key=None)).code == 0
    assert [client.get("/runs").status_code for client in clients] == [303] * 3
    daemon.now += timedelta(seconds=2)
    assert log_in(clients[0]).status_code == 303
    assert clients[0].get("/runs").status_code == 200
    assert REFRESH_SECONDS <= 5


class _Clock:
    def __init__(self, daemon: FakeDaemon) -> None:
        self._daemon = daemon

    def now(self, _zone: object) -> object:
        return self._daemon.now


@pytest.mark.parametrize(
    ("trusted", "scheme", "secure"),
    [
        (("127.0.0.1",), "https", True),
        (("127.0.0.0/8",), "https", True),
        (("127.0.0.1",), "http", False),
        (("192.0.2.1",), "https", False),
        ((), "https", False),
    ],
)
def test_a_cookie_is_for_tls_alone_behind_a_proxy_that_is_trusted(
    opened: Any, trusted: tuple[str, ...], scheme: str, secure: bool
) -> None:
    client = opened(token=TOKEN, trusted_proxies=trusted)
    client.headers["x-forwarded-proto"] = scheme
    assert ("secure" in log_in(client).headers["set-cookie"].lower()) is secure


@pytest.mark.parametrize("value", ['["proxy.example"]', '["10.0.0.0/33"]', '["*"]', '"127.0.0.1"', "[1]"])
def test_a_trusted_proxy_is_an_address(tmp_path: Path, value: str) -> None:
    (tmp_path / "linkwatch.toml").write_text(f"trusted_proxies = {value}\n")
    with pytest.raises(SettingsError, match="trusted_proxies must be an array of addresses"):
        load_settings(config=str(tmp_path / "linkwatch.toml"), environ={})


# Connections


def _connect(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=30)


HALF_SENT = {
    "nothing": b"",
    "a line": b"GET /healthz HTTP/1.1\r\n",
    "headers": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: 1\r\n",
    "a body": b"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n\r\nform=",
    "a request, and the next one": b"GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\nGET /he",
}


@pytest.mark.parametrize("name", HALF_SENT)
def test_who_sends_nothing_more_is_dropped(opened: Any, name: str) -> None:
    client = opened(protocol=lambda: bounded_protocol(timeout=0.2))
    host = f"{client.base_url.host}:{client.base_url.port}".encode()
    with closing(_connect(client)) as slow:
        slow.sendall(HALF_SENT[name].replace(b"{host}", host))
        try:
            while slow.recv(65536):
                pass
        except ConnectionResetError:
            pass
    assert client.get("/healthz").status_code == 200


def _send_bytes_until_dropped(slow: socket.socket, most: int) -> bool:
    """Send a byte whenever nothing has come for a while; returns whether the other side ended it."""
    for _ in range(most):
        try:
            slow.sendall(b"G")
            if not slow.recv(1):
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def test_a_byte_now_and_then_gives_no_more_time(opened: Any) -> None:
    client = opened(protocol=lambda: bounded_protocol(timeout=0.3))
    with closing(_connect(client)) as slow:
        slow.settimeout(0.02)
        assert _send_bytes_until_dropped(slow, most=10_000)
    assert client.get("/healthz").status_code == 200


def test_any_number_of_idle_connections_keeps_nobody_out(opened: Any, caplog: pytest.LogCaptureFixture) -> None:
    client = opened(protocol=lambda: bounded_protocol(most=20))
    with ExitStack() as stack:
        idle = [stack.enter_context(closing(_connect(client))) for _ in range(100)]
        for number in range(5):
            assert httpx.get(f"{client.base_url}healthz", timeout=30).text == "ok\n", number
        assert len(idle) == 100
    assert "Traceback" not in caplog.text
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("sent", [b"", b"form=x", b"form=" + b"x" * 50])
def test_who_hangs_up_is_no_error(opened: Any, caplog: pytest.LogCaptureFixture, sent: bytes) -> None:
    client = opened()
    host = f"{client.base_url.host}:{client.base_url.port}"
    head = f"POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: {FORM}\r\nContent-Length: 99\r\n\r\n"
    for _ in range(5):
        with closing(_connect(client)) as leaving:
            leaving.sendall(head.encode() + sent)
    assert client.get("/healthz").status_code == 200
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_the_dashboard_has_connections_to_the_database_of_its_own(daemon: FakeDaemon) -> None:
    """It uses up none of those that a check takes."""
    url = daemon.database.engine.url.render_as_string(hide_password=False)
    with connect(url) as own:
        view: DaemonApi = DaemonView(daemon, own)
        assert view.database.engine.pool is not daemon.database.engine.pool
        with Dashboard(view, "127.0.0.1:0", None, daemon.clock) as served, ExitStack() as stack:
            for _ in range(14):
                stack.enter_context(daemon.database.read())
            assert httpx.get(f"{served.url}runs", timeout=30).status_code == 200


# Requests


@pytest.mark.parametrize(
    "origin", ["http://[", "http://[::1", "null", "", "http://evil.example", "https://127.0.0.1", "http://]", "\xff"]
)
def test_a_strange_origin_is_refused(opened: Any, caplog: pytest.LogCaptureFixture, origin: str) -> None:
    answer = opened().post("/check", data={"schedule": "x"}, headers={"origin": origin.encode("latin-1")})
    assert answer.status_code == 403
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


BODIES = {
    "no multipart": ("multipart/form-data; boundary=x", b"nothing"),
    "no boundary": ("multipart/form-data", b"--x\r\n"),
    "cut multipart": ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
    "many files": (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="a"; filename="b"\r\n\r\nc\r\n--x--',
    ),
    "many fields": ("application/x-www-form-urlencoded", b"&".join(b"a%d=b" % n for n in range(1_000))),
    "no UTF-8": ("application/x-www-form-urlencoded", b"form=%ff%fe&schedule=\xff"),
    "JSON": ("application/json", b'{"form": 1}'),
    "NUL": ("application/x-www-form-urlencoded", b"form=%00&until=date&day=%00"),
    "unknown charset": ("application/x-www-form-urlencoded; charset=nonsense", b"form=x"),
}


@pytest.mark.parametrize(
    "path", ["/login", "/logout", "/acks", "/acks/remove", "/check", "/add-list", "/edit/x", "/remove/x", "/patch/x"]
)
@pytest.mark.parametrize("name", BODIES)
def test_a_strange_body_is_refused(opened: Any, caplog: pytest.LogCaptureFixture, path: str, name: str) -> None:
    kind, body = BODIES[name]
    answer = opened().post(path, content=body, headers={"content-type": kind})
    assert answer.status_code in {400, 403}
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/", "GET, HEAD"),
        ("POST", "/runs", "GET, HEAD"),
        ("PUT", "/login", "GET, HEAD, POST"),
        ("GET", "/logout", "POST"),
        ("PATCH", "/api/v1/runs", "GET, HEAD"),
        ("OPTIONS", "/healthz", "GET, HEAD"),
    ],
)
def test_what_is_not_allowed_says_what_is(opened: Any, method: str, path: str, allowed: str) -> None:
    answer = opened().request(method, path, content=b"")
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@pytest.mark.parametrize("path", ["/runs", "/api/v1/runs"])
@pytest.mark.parametrize("page", ["0", "-1", "1e9", "9" * 5_000, "", "x", "١", "%00", "1.5"])
def test_a_page_that_is_none_is_the_first_one(opened: Any, path: str, page: str) -> None:
    client = opened()
    answer = client.get(path, params={"page": page})
    assert answer.status_code == 200
    if path == "/api/v1/runs":
        assert answer.json()["page"] == 1
        description = client.get("/api/v1/openapi.json").json()
        (parameter,) = next(
            route["get"]["parameters"]
            for route_path, route in description["paths"].items()
            if route_path.endswith("/runs")
        )
        assert parameter["schema"] == {"type": "integer", "minimum": 1}
        assert "another value is 1" in parameter["description"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(sorted(ROUTES)),
    part=st.text(max_size=30),
    query=st.dictionaries(st.sampled_from(["page", "next", "state", "q", "kind", "rule", "x"]), st.text(max_size=30)),
    cookie=st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=";,"), max_size=60),
)
def test_no_request_is_a_bug(opened: Any, path: str, part: str, query: dict[str, str], cookie: str) -> None:
    client = _shared(opened)
    filled = re.sub(r"\{[^}]+\}", lambda _: httpx.QueryParams({"x": part}).__str__()[2:], path)
    answer = client.get(
        filled, params=query, headers={"cookie": f"linkwatch_session={cookie}; linkwatch_said={cookie}"}
    )
    assert answer.status_code < 500 or answer.status_code == 503


def _shared(opened: Any) -> httpx.Client:
    """One dashboard for all examples of a test."""
    if not hasattr(opened, "client"):
        opened.client = opened()
    client: httpx.Client = opened.client
    return client
