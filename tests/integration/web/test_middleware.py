"""Who may ask: our own names on loopback, the token beyond it; and what every answer carries."""

import re
from base64 import b64encode
from datetime import timedelta

import httpx
import pytest
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_pages import text_of

TOKEN = "a-long-random-token"
BEYOND = "0.0.0.0:0"
SECRETIVE = [
    "/",
    "/lists/courses",
    "/runs",
    "/settings",
    "/metrics",
    "/feed.atom",
    "/badge/courses.svg",
    "/api/v1/runs",
]


def log_in(client: httpx.Client, token: str = TOKEN, wanted: str = "/runs") -> httpx.Response:
    page = client.get("/login", params={"next": wanted}).text
    form = re.search(r'name="form" value="([\w-]+)"', page)
    assert form is not None
    return client.post("/login", data={"form": form[1], "next": wanted, "token": token})


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/static/dashboard.css", "/nothing", "/api/v1/runs", "/api/v1/nothing"]
)
def test_every_answer_carries_the_headers_that_keep_a_page_to_itself(
    serve: Serve, month: FakeDaemon, path: str
) -> None:
    headers = serve(month).get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for rule in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"):
        assert rule in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize(
    "path", ["/", "/lists/courses", "/static/dashboard.css", "/feed.atom", "/api/v1/reports/courses", "/metrics"]
)
def test_responses_are_compressed_for_who_takes_that(serve: Serve, month: FakeDaemon, path: str) -> None:
    client = serve(month)
    plain = client.get(path, headers={"accept-encoding": "identity"})
    packed = client.get(path, headers={"accept-encoding": "gzip"})
    assert ("content-encoding" in plain.headers, packed.headers["content-encoding"]) == (False, "gzip")
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert "content-encoding" not in client.get("/healthz", headers={"accept-encoding": "gzip"}).headers


def test_pages_are_kept_by_nobody(serve: Serve, month: FakeDaemon) -> None:
    assert serve(month).get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:1", "127.0.0.1.evil.example:{port}", ""])
def test_a_name_that_was_rebound_to_loopback_is_refused(serve: Serve, month: FakeDaemon, host: str) -> None:
    client = serve(month)
    answer = client.get("/", headers={"host": host.format(port=client.base_url.port)})
    assert answer.status_code == 400
    assert "resources.csv" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_the_names_of_loopback_are_ours(serve: Serve, month: FakeDaemon, host: str) -> None:
    client = serve(month)
    assert client.get("/", headers={"host": f"{host}:{client.base_url.port}"}).status_code == 200


def test_on_loopback_nobody_is_asked_for_a_token_that_is_not_set(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month)
    assert client.get("/").status_code == 200
    assert client.get("/login?next=/runs").headers["location"] == "/runs"


def test_a_token_that_is_set_is_asked_for_on_loopback_too(serve: Serve, month: FakeDaemon) -> None:
    """A reverse proxy makes loopback public."""
    client = serve(month, token=TOKEN)
    assert client.get("/").headers["location"] == "/login?next=%2F"
    assert log_in(client).headers["location"] == "/runs"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", SECRETIVE)
def test_beyond_loopback_people_are_led_to_the_login_and_programs_are_refused(
    serve: Serve, month: FakeDaemon, path: str
) -> None:
    client = serve(month, BEYOND, TOKEN)
    for host in ("links.example", "127.0.0.1"):
        answer = client.get(path, headers={"host": host})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next={path.replace('/', '%2F')}")
    refused = client.get(path, headers={"accept": "*/*"})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert "resources.csv" not in refused.text


@pytest.mark.parametrize("path", SECRETIVE)
def test_the_token_opens_everything_to_programs(serve: Serve, month: FakeDaemon, path: str) -> None:
    client = serve(month, BEYOND, TOKEN)
    assert client.get(path, headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    by_password = b64encode(f"reader:{TOKEN}".encode()).decode()
    assert client.get(path, headers={"authorization": f"Basic {by_password}"}).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    ["Bearer", "Bearer wrong", f"Bearer {TOKEN}x", f"Token {TOKEN}", "Basic !!!", "Basic w7w=", "Basic /w=="],
)
def test_what_is_not_the_token_opens_nothing(serve: Serve, month: FakeDaemon, authorization: str) -> None:
    headers = {"authorization": authorization, "accept": "*/*"}
    assert serve(month, BEYOND, TOKEN).get("/metrics", headers=headers).status_code == 401


def test_whoever_gives_the_token_is_logged_in_and_led_on(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month, BEYOND, TOKEN)
    answer = log_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert TOKEN not in cookie
    assert client.get("/runs").status_code == 200


def test_a_wrong_token_is_refused_and_said(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month, BEYOND, TOKEN)
    answer = log_in(client, "guessed")
    assert answer.status_code == 403
    assert "Wrong token" in text_of(answer)
    assert client.get("/runs").status_code == 303


def test_behind_tls_the_session_is_for_tls_alone(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month, BEYOND, TOKEN, ("127.0.0.1",))
    client.headers["x-forwarded-proto"] = "https"
    assert "secure" in log_in(client).headers["set-cookie"].lower()


def test_nobody_but_a_trusted_proxy_says_that_it_is_tls(serve: Serve, month: FakeDaemon) -> None:
    for trusted in ((), ("192.0.2.0/24",)):
        client = serve(month, BEYOND, TOKEN, trusted)
        client.headers["x-forwarded-proto"] = "https"
        assert "secure" not in log_in(client).headers["set-cookie"].lower()


def test_a_session_ends_after_a_week_and_by_logging_out(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week, BEYOND, TOKEN)
    log_in(client)
    page = client.get("/runs")
    form = re.search(r'action="/logout".*?name="form" value="([\w-]+)"', page.text)
    assert form is not None
    week.now += timedelta(days=7, seconds=1)
    assert client.get("/runs").status_code == 303
    log_in(client)
    client.post("/logout", data={"form": form[1]})
    assert client.get("/runs").status_code == 200, "a form of another session is not ours"
    form = re.search(r'action="/logout".*?name="form" value="([\w-]+)"', client.get("/runs").text)
    assert form is not None
    assert client.post("/logout", data={"form": form[1]}).headers["location"] == "/login"
    assert client.get("/runs").status_code == 303


def test_a_session_that_somebody_made_up_is_none(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month, BEYOND, TOKEN)
    for session in ("", ".", "99999999999.", "99999999999." + "0" * 64, "ü.ü"):
        cookie = f"linkwatch_session={session}".encode("latin-1")
        assert client.get("/runs", headers={b"cookie": cookie, b"accept": b"text/html"}).status_code == 303


def test_the_login_page_shows_nothing_of_the_lists(serve: Serve, month: FakeDaemon) -> None:
    answer = serve(month, BEYOND, TOKEN).get("/login")
    assert answer.status_code == 200
    assert "resources.csv" not in answer.text
    assert "courses" not in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/dashboard.css", "/static/icon.svg"])
def test_what_tells_nothing_is_open_to_all(serve: Serve, month: FakeDaemon, path: str) -> None:
    assert serve(month, BEYOND, TOKEN).get(path).status_code == 200


def test_the_token_is_on_no_page(serve: Serve, month: FakeDaemon) -> None:
    client = serve(month, BEYOND, TOKEN)
    log_in(client)
    for path in (*SECRETIVE, "/login"):
        answer = client.get(path)
        assert TOKEN not in answer.text
        assert TOKEN not in str(answer.headers)
