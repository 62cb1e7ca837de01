"""No secret is in what a command prints, logs or writes, whatever it is asked for and whatever is wrong."""

import logging
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from acceptance.command import KEY, UNREACHABLE, CommandResult, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE, youtube_server
from hypothesis import given
from hypothesis import strategies as st
from integration.notifications.webhook import Webhook

from linkwatch import masking
from linkwatch.exchange import new_client
from linkwatch.masking import MaskedStream, hide, hide_addresses, hide_environment, mask
from linkwatch.notifications.apprise_process import Order, send_order
from linkwatch.notifications.digest import sanitize

PASSWORD = "pa55word-of-this-test"
TOKEN = "t0ken-of-the-dashboard-in-this-test"
HOOK = "h00k-path-of-this-test"
SECRETS = (KEY, PASSWORD, TOKEN, HOOK)


@pytest.fixture(autouse=True)
def _known_again() -> Iterator[None]:
    """Each test with the secrets that it makes known itself."""
    known, pattern = set(masking._secrets), masking._pattern
    masking._secrets.clear()
    masking._pattern = None
    yield
    masking._secrets.clear()
    masking._secrets.update(known)
    masking._pattern = pattern


def assert_hidden(folder: Path, ran: CommandResult, *secrets: str) -> None:
    for secret in secrets or SECRETS:
        assert secret not in ran.out + ran.err
        for file in folder.rglob("*"):
            if file.is_file() and file.name != "linkwatch.toml":
                assert secret.encode() not in file.read_bytes(), file


COMMANDS = [
    ("check",),
    ("check", "--format", "json", "--output", "report.json", "--format", "html", "--output", "report.html"),
    ("report",),
    ("report", "--format", "markdown"),
    ("plan",),
    ("extract", "resources.csv"),
    ("show", AVAILABLE),
    ("diff", "--since", "2020-01-01"),
    ("ack", AVAILABLE, "--reason", "so"),
    ("ack", "--list"),
    ("fix",),
    ("notify", "test"),
    ("notify", "send"),
    ("doctor",),
    ("db", "upgrade"),
    ("db", "backup", "backup.db"),
    ("db", "prune"),
    ("db", "copy", f"postgresql://me:{PASSWORD}@127.0.0.1:9/x"),
    ("daemon", "--bind", f"me:{PASSWORD}@a..b:1"),
    ("worker",),
    ("check", "--database", f"me:{PASSWORD}@db.example/x"),
    ("check", "--database", f"mysql://me:{PASSWORD}@db.example/x"),
    ("check", "--nonsense"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("reachable", [True, False])  # without an answer a check waits for some seconds
def test_no_command_shows_one(tmp_path: Path, arguments: tuple[str, ...], reachable: bool) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    secrets = {
        "LINKWATCH_DASHBOARD_TOKEN": TOKEN,
        "HTTPS_PROXY": f"http://me:{PASSWORD}@127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "LINKWATCH_HOOK": HOOK,
    }
    with youtube_server() as youtube, Webhook() as hook:
        (tmp_path / "linkwatch.toml").write_text(
            f'allow_private = true\nping_url = "http://{hook.place}/$LINKWATCH_HOOK"\n'
            f'[[notify]]\nurl = "json://me:{PASSWORD}@{hook.place}/{HOOK}"\n'
        )
        hook.statuses = [500, 404]
        env = environment(youtube if reachable else UNREACHABLE) | secrets
        ran = linkwatch(*arguments, "-vv", cwd=tmp_path, env=env)
    assert ran.code in {0, 1, 2, 3}
    assert_hidden(tmp_path, ran)


WRONG = [
    ("YOUTUBE_API_KEY", f"AIza\n{PASSWORD}"),
    ("YOUTUBE_API_KEY", f"{PASSWORD}\r\nX-Header: y"),
    ("YOUTUBE_API_KEY", f"é{PASSWORD}"),
    ("YOUTUBE_API_KEY", f"{PASSWORD} and more"),
    ("LINKWATCH_DASHBOARD_TOKEN", f"{PASSWORD}\ttab"),
    ("LINKWATCH_DATA_API_URL", f"me:{PASSWORD}@host"),
    ("LINKWATCH_DATA_API_URL", f"http://me:{PASSWORD}@a..b/"),
    ("LINKWATCH_DATA_API_URL", f"http://me:{PASSWORD}@host:99999/"),
    ("LINKWATCH_DATA_API_URL", f"http://me:{PASSWORD}@[::1/"),
    ("LINKWATCH_DATA_API_URL", f"http://me:{PASSWORD}@/x"),
    ("LINKWATCH_DATA_API_URL", f"http://me:{PASSWORD}@{'a' * 64}.example/"),
    ("LINKWATCH_OEMBED_URL", f"ftp://me:{PASSWORD}@host/"),
    ("LINKWATCH_OEMBED_URL", f"http://me:{PASSWORD}@.example/"),
    ("LINKWATCH_BIND", f"me:{PASSWORD}@host"),
    ("HTTP_PROXY", f"foo://me:{PASSWORD}@host"),
    ("HTTP_PROXY", f"http://me:{PASSWORD}@a..b:80"),
    ("HTTPS_PROXY", f"http://me:{PASSWORD}@host:99999"),
    ("https_proxy", f"http://me:{PASSWORD}@"),
    ("ALL_PROXY", f"socks5://me:{PASSWORD}@host"),
    ("all_proxy", f"http://me:{PASSWORD}@["),
    ("NO_PROXY", "[::1]:x"),
    ("SSL_CERT_FILE", "/nonexistent"),
    ("SSL_CERT_FILE", "/"),
    ("SSL_CERT_FILE", "resources.csv"),
    ("SSL_CERT_DIR", "/nonexistent"),
    ("LINKWATCH_QUOTA_PER_DAY", "many"),
    ("LINKWATCH_INSIDE", "nothing"),
    ("LINKWATCH_NOTIFICATIONS", "maybe"),
]


@pytest.mark.parametrize("command", ["check", "doctor"])
@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_is_wrong_in_the_environment_is_named_and_not_shown(
    tmp_path: Path, command: str, name: str, value: str
) -> None:
    write_list(tmp_path, AVAILABLE)
    ran = linkwatch(command, cwd=tmp_path, env=environment(UNREACHABLE) | {name: value})
    assert ran.code == 2
    assert f"${name}" in ran.out + ran.err
    assert_hidden(tmp_path, ran)


@pytest.mark.parametrize(
    "url",
    [
        f"me:{PASSWORD}@db.example/x",
        f"postgresql://me:{PASSWORD}@db.example:port/x",
        f"postgresql://me:{PASSWORD}@a..b/x",
        f"postgresql://me:{PASSWORD}/@/@127.0.0.1:9/x",
        f"postgresql://127.0.0.1:9/x?password={PASSWORD}&user=me",
        f"mysql://me:{PASSWORD}@db.example/x",
        f"sqlite://me:{PASSWORD}@db.example/x",
        f"postgresql//me:{PASSWORD}@db.example/x",
    ],
)
@pytest.mark.parametrize("command", ["check", "report", "db upgrade", "doctor"])
def test_a_wrong_address_of_a_database_is_not_shown(tmp_path: Path, url: str, command: str) -> None:
    write_list(tmp_path, AVAILABLE)
    env = environment(UNREACHABLE) | {"LINKWATCH_DATABASE_URL": url}
    ran = linkwatch(*command.split(), "-vv", cwd=tmp_path, env=env)
    assert ran.code == 2 or (command, ran.code) == ("report", 0), "a file that is not there is empty for a report"
    assert_hidden(tmp_path, ran)


def _raise(*_: object, **__: object) -> None:
    raise LookupError(" ".join(SECRETS))


@pytest.mark.parametrize("chained", [False, True])
def test_a_bug_does_not_write_them_to_its_crash_file(tmp_path: Path, chained: bool) -> None:
    write_list(tmp_path, AVAILABLE)
    (tmp_path / "linkwatch.toml").write_text(f'ping_url = "https://ping.example/{HOOK}"\n')
    secrets = {"LINKWATCH_DASHBOARD_TOKEN": TOKEN, "LINKWATCH_DATABASE_URL": "linkwatch.db", "PGPASSWORD": PASSWORD}

    def fail(*_: object, **__: object) -> None:
        try:
            _raise()
        except LookupError as error:
            raise ValueError(f"for {KEY}") from error

    with patch("linkwatch.services.check_lists.run_check", fail if chained else _raise):
        ran = linkwatch("check", cwd=tmp_path, env=environment(UNREACHABLE) | secrets)
    assert ran.code == 4
    (crash,) = tmp_path.glob("linkwatch-crash-*.log")
    assert "LookupError" in crash.read_text()
    assert_hidden(tmp_path, ran)


@pytest.mark.parametrize("level", [logging.WARNING, logging.DEBUG])
def test_what_a_library_logs_is_masked(level: int) -> None:
    hide_environment({"YOUTUBE_API_KEY": KEY})
    below = StringIO()
    logger = logging.Logger("library")
    logger.addHandler(logging.StreamHandler(MaskedStream(below)))
    try:
        _raise()
    except LookupError:
        logger.log(level, "headers %r", [(b"x-goog-api-key", KEY.encode())], exc_info=True)
    assert "x-goog-api-key" in below.getvalue()
    assert KEY not in below.getvalue()


def test_so_is_what_a_thread_dies_of() -> None:
    hide(KEY)
    below = StringIO()
    with patch.object(sys, "stderr", MaskedStream(below)):
        try:
            _raise()
        except LookupError:
            sys.excepthook(*sys.exc_info())
    assert "LookupError" in below.getvalue()
    assert KEY not in below.getvalue()


def test_a_broken_proxy_is_named_by_whoever_makes_a_client(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1,.example.org")
    new_client().close()


TEXTS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40)


@given(secret=TEXTS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_secret_is_masked_wherever_it_stands(secret: str, before: str, after: str) -> None:
    hide(secret)
    for form in (secret, repr(secret)[1:-1]):
        assert form not in mask(f"{before}{form}{after}").replace(masking.HIDDEN, "\0")


@given(password=TEXTS.filter(lambda text: not text.isdigit()))
def test_so_is_a_password_however_it_is_written_into_an_address(password: str) -> None:
    url = f"postgresql://me:{password}@db.example/x"
    hide_environment({"LINKWATCH_DATABASE_URL": url})
    assert f":{password}@" not in mask(f"can't connect to {url}: no")


@pytest.mark.parametrize(
    ("address", "password", "shown"),
    [
        ("postgresql+psycopg://marvin@db.example:5432/x", None, "postgresql+psycopg://…@db.example:5432/x"),
        ("postgresql+psycopg://marvin:pass-word-1@db.example/x", "pass-word-1", "postgresql+psycopg://…@db.example/x"),
        ("postgresql://marvin@tenant:pass-word-2@db.example/x", "pass-word-2", "postgresql://…@db.example/x"),
        ("postgresql://marvin:pass/word?3@db.example/x", "pass/word?3", None),
        ("postgresql://marvin:pass@word-4@db.example/x", "pass@word-4", None),
        ("redis://:pass-word-5@db.example/x", "pass-word-5", "redis://…@db.example/x"),
        ("marvin:pass-word-6@proxy.example:3128", "pass-word-6", "…@proxy.example:3128"),
        ("http:marvin:pass-word-7@proxy.example", "pass-word-7", None),
        ("marvin:/pass-word-8@proxy.example", "/pass-word-8", None),
        ("http:/marvin:pass-word-9@proxy.example", "pass-word-9", None),
    ],
)
def test_of_an_address_the_scheme_and_the_host_are_shown(address: str, password: str | None, shown: str | None) -> None:
    hide_environment({"LINKWATCH_DATABASE_URL": address})
    if shown is not None:
        assert mask(f"the work failed: {address}: refused") == f"the work failed: {shown}: refused"
    if password is not None:
        assert password not in mask(f"the work failed: {address}: refused")
        assert password not in mask(f"can't split {password!r} off")
    assert mask("marvin uses postgresql+psycopg") == "marvin uses postgresql+psycopg"


@pytest.mark.parametrize(
    "text",
    [
        "https://www.youtube.com/@handle is no longer available",
        "resources.csv:14:1: playlist “Statistics”",
        "checked 2026-11-28 05:41:53 UTC",
        "write to me@example.org",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    hide_addresses("https://hooks.example/services/T000/B000")
    assert mask(text) == text


def test_what_only_sounds_like_a_secret_stays(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    hide_environment({"KEYS_FOLDER": str(tmp_path / "lists"), "KEYRING": "disabled", "GITHUB_TOKEN": "ghs_0123456789"})
    text = f"{tmp_path}/lists/README.md: disabled"
    assert mask(text) == text
    assert mask("ghs_0123456789") == masking.HIDDEN


# Titles in messages


ATTACKS = [
    "@everyone",
    "@here",
    "@channel",
    "<!channel>",
    "<!here|here>",
    "<@U012AB3CD>",
    "<@&123456789012345678>",
    "<#123456789012345678>",
    "[free money](https://evil.example/)",
    "[free money][1]",
    "https://evil.example/",
    "HTTP://evil.example",
    "www.evil.example",
    "<https://evil.example|youtube.com>",
    "tg://user?id=1",
    "[x]: https://evil.example",
]
SERVICES = {
    "discord": "discord://123456789012345678/abcdefghijklmnopqrstuvwxyz-abcdefghijklmnopqrstuvwxyz-0123456789",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
    "mattermost": "mmost://mm.example/3ccdd113474722377935511fc85d3dd4",
    "telegram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "rocketchat": "rocket://web:hook@rc.example/#general",
    "json": "json://hook.example/",
}


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("service", SERVICES)
def test_a_title_mentions_nobody_and_is_no_link(service: str, attack: str) -> None:
    sent: list[str] = []

    def post(_url: str, *, data: Any = None, json: Any = None, **_: Any) -> Any:
        import requests  # noqa: PLC0415  # it loads slowly

        sent.append(f"{data}{json}")
        answer = requests.Response()
        answer.status_code, answer._content = 200, b"{}"
        return answer

    title = sanitize(f"playlist “{attack}” is no longer available")
    with patch("requests.post", post), patch("requests.request", lambda _method, url, **given: post(url, **given)):
        send_order(Order(SERVICES[service], title, f"- {title}", "info", True, 30.0, 1_000_000))
    assert sent, "Apprise sends in another way"
    for text in sent:
        for token in ("@everyone", "@here", "@channel", "<!", "<@", "<#", "](", "][", "://evil", "www.evil", "tg://"):
            assert token not in text
