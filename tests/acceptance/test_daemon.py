"""The daemon as people run it: one process, its signals, its dashboard, and another one that waits."""

import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from acceptance.command import (
    KEY,
    TIMEOUT_SECONDS,
    CommandResult,
    GatedYouTube,
    environment,
    linkwatch,
    start_process,
    wait_for_exit,
    write_list,
)
from acceptance.youtube_servers import AVAILABLE, COURSE, LECTURE, NOON, UNAVAILABLE, WATCH, youtube_server
from databases import rows

from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.world import World

pytestmark = pytest.mark.long  # whole processes, which look every few seconds at what is due


class Daemon:
    """A daemon in a process of its own; `said` waits for a word in its log."""

    def __init__(self, *arguments: str, cwd: Path, env: dict[str, str]) -> None:
        self.process = start_process("daemon", "--bind", "127.0.0.1:0", *arguments, cwd=cwd, env=env)
        self.log: list[str] = []

    def said(self, pattern: str) -> "re.Match[str]":
        """Wait until a line of the log has it."""
        assert self.process.stderr is not None
        for raw in self.process.stderr:
            self.log.append(raw.decode().rstrip())
            if found := re.search(pattern, self.log[-1]):
                return found
        raise AssertionError(f"{pattern!r} was never said: {self.log}")

    def dashboard(self) -> str:
        """The address, once it answers."""
        return self.said(r"dashboard: (\S+)/$")[1]

    def end(self, number: signal.Signals = signal.SIGTERM) -> CommandResult:
        """Send a signal and wait for the end; what was left of its log is in it too."""
        self.process.send_signal(number)
        return wait_for_exit(self.process)


@contextmanager
def running(*arguments: str, cwd: Path, env: dict[str, str]) -> Iterator[Daemon]:
    daemon = Daemon(*arguments, cwd=cwd, env=env)
    try:
        yield daemon
    finally:
        daemon.process.kill()
        daemon.process.communicate()


def test_it_checks_shows_and_ends_within_seconds_at_a_sigterm(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, WATCH, UNAVAILABLE)
    with youtube_server() as server, running(cwd=tmp_path, env=environment(server)) as daemon:
        url = daemon.dashboard()
        daemon.said(r"resources.csv: checked all links; 3 links, 1 error")
        assert httpx.get(f"{url}/readyz", timeout=30).status_code == 200
        page = httpx.get(f"{url}/", timeout=30).text
        assert COURSE.title in page or UNAVAILABLE.partition("list=")[2] in page
        ran = daemon.end()
    assert ran.code == 0, ran.err
    assert "stopped; results so far are saved" in ran.err
    assert rows(tmp_path / "linkwatch.db", "select holder from leases") == [(None,)]
    report = linkwatch("report", cwd=tmp_path)
    assert "3 links" in report.out


def test_ctrl_c_is_an_interruption(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server, running(cwd=tmp_path, env=environment(server)) as daemon:
        daemon.said("resources.csv: checked")
        assert daemon.end(signal.SIGINT).code == 130


def test_a_sigterm_in_the_middle_of_a_check_keeps_what_was_learned(tmp_path: Path) -> None:
    videos = [f"https://www.youtube.com/watch?v={n:010d}A" for n in range(400)]
    write_list(tmp_path, *videos)
    youtube = GatedYouTube(World([COURSE, LECTURE]), lambda: NOON, answers=5)
    with YouTubeServer(youtube) as server, running(cwd=tmp_path, env=environment(server)) as daemon:
        daemon.dashboard()
        assert youtube.reached.wait(TIMEOUT_SECONDS)
        ran = daemon.end()
        youtube.gate.set()
    assert ran.code == 0, ran.err
    ((finished, reason),) = rows(
        tmp_path / "linkwatch.db", "select finished_at is not null, incomplete_reason from runs"
    )
    assert (finished, reason) == (1, "interrupted")


def test_a_hangup_reads_the_settings_again(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    write_list(tmp_path, WATCH, name="more.csv")
    with youtube_server() as server, running(cwd=tmp_path, env=environment(server)) as daemon:
        daemon.said("resources.csv: checked all links; 1 link")
        (tmp_path / "linkwatch.toml").write_text('lists = ["resources.csv", "more.csv"]\n', "utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.said("settings reloaded")
        daemon.said("resources.csv and 1 more: checked.*; 2 links")
        (tmp_path / "linkwatch.toml").write_text("lists = 7\n", "utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        assert daemon.said(r"settings not reloaded: linkwatch\.toml:1: ")


def test_a_second_daemon_waits_and_takes_over_when_the_first_ends(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server, running(cwd=tmp_path, env=environment(server)) as first:
        first.said("resources.csv: checked")
        with running(cwd=tmp_path, env=environment(server)) as second:
            second.said("this one is on standby")
            first.end()
            second.said(r"started \(active\)")
            second.dashboard()
    assert len(rows(tmp_path / "linkwatch.db", "select 1 from runs")) == 1


def test_a_daemon_on_standby_is_healthy_and_not_ready(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with youtube_server() as server, running(cwd=tmp_path, env=environment(server)) as first:
        first.said("resources.csv: checked")
        with running("--bind", address, cwd=tmp_path, env=environment(server)) as second:
            second.said("this one is on standby")
            answers = {path: httpx.get(f"http://{address}{path}") for path in ("/healthz", "/readyz", "/")}
            assert {path: answer.status_code for path, answer in answers.items()} == {
                "/healthz": 200,
                "/readyz": 503,
                "/": 503,
            }
            assert "another daemon is active" in answers["/readyz"].text
            first.end()
            second.said(r"started \(active\)")
            second.dashboard()
            assert httpx.get(f"http://{address}/readyz").status_code == 200


def test_systemd_hears_when_it_is_ready_and_when_it_stops(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.bind(str(tmp_path / "notify"))
    channel.settimeout(TIMEOUT_SECONDS)
    with channel, youtube_server() as server:
        env = environment(server, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="60000000")
        with running(cwd=tmp_path, env=env) as daemon:
            assert channel.recv(4096) == b"READY=1"
            daemon.process.send_signal(signal.SIGHUP)
            heard = [channel.recv(4096).split(b"\n")[0] for _ in range(4)]
            assert b"RELOADING=1" in heard
            daemon.end()
            channel.setblocking(False)
            rest = []
            while True:
                try:
                    rest.append(channel.recv(4096))
                except BlockingIOError:
                    break
            assert b"STOPPING=1" in rest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.csv",), "missing.csv: does not exist"),
        (("-",), "the daemon can't read lists from standard input"),
        (("--bind", "0.0.0.0:0"), "LINKWATCH_DASHBOARD_TOKEN"),
        (("--bind", "nonsense"), "--bind must be an address and a port"),
    ],
)
def test_what_can_not_begin_says_why(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    write_list(tmp_path, AVAILABLE)
    with youtube_server() as server:
        ran = linkwatch("daemon", *arguments, cwd=tmp_path, env=environment(server))
    assert ran.code == 2, ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_neither_the_key_nor_the_token_is_in_the_log_the_pages_or_the_database(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    env = environment(None, LINKWATCH_DASHBOARD_TOKEN="t0ken-that-is-secret")
    with youtube_server() as server:
        env |= {"LINKWATCH_DATA_API_URL": server.url, "LINKWATCH_OEMBED_URL": server.oembed_url}
        with running("-vv", cwd=tmp_path, env=env) as daemon:
            url = daemon.dashboard()
            daemon.said("resources.csv: checked")
            pages = [
                httpx.get(f"{url}{path}", timeout=30).text
                for path in ("/", "/settings", "/runs", "/metrics", "/api/v1/openapi.json")
            ]
            ran = daemon.end()
    everything = "\n".join([*daemon.log, ran.err, ran.out, *pages]).encode()
    everything += b"".join(file.read_bytes() for file in tmp_path.glob("linkwatch.db*"))
    assert KEY.encode() not in everything
    assert b"t0ken-that-is-secret" not in everything


def test_a_port_that_is_taken_is_an_error_at_the_start(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE)
    with socket.create_server(("127.0.0.1", 0)) as taken, youtube_server() as server:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = linkwatch("daemon", "--bind", address, cwd=tmp_path, env=environment(server))
    assert ran.code == 2
    assert address in ran.err or str(taken) in ran.err


def test_it_starts_without_a_list_and_takes_up_those_of_the_command_and_of_the_dashboard(tmp_path: Path) -> None:
    with youtube_server() as server, running(cwd=tmp_path, env=environment(server)) as daemon:
        url = daemon.dashboard()
        assert "No lists yet" in httpx.get(f"{url}/", timeout=30).text
        assert linkwatch("list", "add", "talks", AVAILABLE, cwd=tmp_path).code == 0
        daemon.said("talks: added")
        daemon.said("talks: checked all links; 1 link, no problems found")
        with httpx.Client(base_url=url, timeout=30, follow_redirects=True) as browser:
            form = re.search(r'name="form" value="([\w-]+)"', browser.get("/add-list").text)
            assert form is not None
            fields = {"form": form[1], "how": "links", "name": "more", "links": f"{WATCH}\n{UNAVAILABLE}"}
            added = browser.post("/add-list", data=fields)
            assert added.url.path == "/lists/more"
            assert "“more” was added" in added.text
            daemon.said("more: checked all links; 2 links, 1 error")
            browser.post("/remove/talks", data={"form": form[1]})
            daemon.said("talks: removed")
        assert daemon.end().code == 0
    assert "list:more  2 links" in linkwatch("list", cwd=tmp_path).out
    assert linkwatch("report", cwd=tmp_path).code == 1, "of the lists in the database, where there is none here"
