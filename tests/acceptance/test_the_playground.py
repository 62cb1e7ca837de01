"""The simulated YouTube as the user meets it: `demo` and `simulate`."""

import re
import signal
from collections import Counter
from pathlib import Path

import httpx
import pytest
from acceptance.command import (
    UNREACHABLE,
    environment,
    linkwatch,
    linkwatch_process,
    start_process,
    wait_for_exit,
    write_list,
)
from acceptance.youtube_servers import AVAILABLE, UNAVAILABLE

pytestmark = pytest.mark.long  # each test is some processes


def test_demo_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    ran = linkwatch_process("demo", cwd=home, env=environment(UNREACHABLE, key=None, TMPDIR=str(temporary)))
    assert (ran.code, ran.err) == (0, "")
    assert "simulated" in ran.out.splitlines()[0]
    assert "on a simulated YouTube" in ran.out
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []


def test_demo_is_the_same_whatever_key_and_database_are_set(tmp_path: Path) -> None:
    bare = linkwatch("demo", cwd=tmp_path, env=environment(UNREACHABLE, key=None))
    set_up = linkwatch("demo", cwd=tmp_path, env=environment(UNREACHABLE, LINKWATCH_DATABASE_URL="sqlite:///mine.db"))
    assert bare.out == set_up.out
    assert list(tmp_path.iterdir()) == []
    days = [int(day) for day in re.findall(r"Simulated day (\d+)", bare.out)]
    assert days == sorted(days)
    for day in (3, 6, 8, 10, 12, 14, 17, 20, 22, 25, 28):
        assert day in days


def test_demo_ends_with_what_to_do_next(tmp_path: Path) -> None:
    ran = linkwatch("demo", cwd=tmp_path, env=environment(UNREACHABLE, key=None))
    commands = re.findall(r"linkwatch (\w+)(?: (--\w+))?", ran.out.partition("Your own list:")[2])
    assert commands == [("check", ""), ("demo", "--dashboard"), ("doctor", "")]
    assert "linkwatch show" not in ran.out, "the database of the demo is gone"


def test_demo_shows_the_month_in_the_dashboard(tmp_path: Path) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    home.mkdir()
    temporary.mkdir()
    env = environment(UNREACHABLE, key=None, TMPDIR=str(temporary))
    process = start_process("demo", "--dashboard", "--bind", "127.0.0.1:0", cwd=home, env=env)
    assert process.stderr is not None
    lines = (line.decode().rstrip() for line in process.stderr)
    url = next(found[1] for line in lines if (found := re.search(r"dashboard: (\S+)/$", line)))
    page = httpx.get(f"{url}/", timeout=30).text
    assert "2 errors" in page
    assert "Statistics and econometrics" in page
    runs = httpx.get(f"{url}/api/v1/runs", timeout=30).json()
    assert runs["total"] == 30
    process.send_signal(signal.SIGINT)
    assert wait_for_exit(process).code == 130
    assert list(home.iterdir()) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_simulate_serves_until_it_is_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    process = start_process("simulate", "--port", "0", "--quiet", cwd=tmp_path, env=environment(key=None))
    assert process.stdout is not None
    told = [process.stdout.readline().decode() for _ in range(5)]
    exports = dict(line.removeprefix("export ").strip().split("=", 1) for line in told[1:])
    assert "simulated" in told[0]
    assert set(exports) == {
        "LINKWATCH_DATA_API_URL",
        "LINKWATCH_OEMBED_URL",
        "YOUTUBE_API_KEY",
        "LINKWATCH_DATABASE_URL",
    }
    seed = Path(__file__).parents[2] / "resources.csv"
    ran = linkwatch("check", seed, cwd=tmp_path, env=environment(exports, key=None))
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"links · \S+ s · 46 of 10,000 units$", ran.out.rstrip())
    assert (tmp_path / "simulated.db").exists()
    process.send_signal(stop)
    stopped = wait_for_exit(process)
    assert (stopped.code, stopped.out, stopped.err) == (0, "", "")


def test_simulate_on_a_day_has_the_deaths_of_that_day(tmp_path: Path) -> None:
    process = start_process(
        "simulate", "--port", "0", "--quiet", "--day", "10", "--latency", "1", cwd=tmp_path, env=environment(key=None)
    )
    assert process.stdout is not None
    told = [process.stdout.readline().decode() for _ in range(5)]
    exports = dict(line.removeprefix("export ").strip().split("=", 1) for line in told[1:])
    seed = Path(__file__).parents[2] / "resources.csv"
    ran = linkwatch("check", seed, cwd=tmp_path, env=environment(exports, key=None))
    process.send_signal(signal.SIGINT)
    assert wait_for_exit(process).code == 0
    assert ran.code == 1
    assert re.search(r"error\[dead\]  .*\n    \S*resources\.csv:23:1 · new", ran.out)


def test_simulate_of_a_list_lets_everything_in_it_live(tmp_path: Path) -> None:
    write_list(tmp_path, AVAILABLE, UNAVAILABLE)
    process = start_process("simulate", "resources.csv", "--port", "0", cwd=tmp_path, env=environment(key=None))
    assert process.stdout is not None
    told = [process.stdout.readline().decode() for _ in range(5)]
    exports = dict(line.removeprefix("export ").strip().split("=", 1) for line in told[1:])
    ran = linkwatch("check", cwd=tmp_path, env=environment(exports, key=None))
    process.send_signal(signal.SIGINT)
    stopped = wait_for_exit(process)
    assert (ran.code, stopped.code) == (0, 0)
    asked = re.findall(r'^simulated: "GET /youtube/v3/(\w+)\?.*" 200 -$', stopped.err, re.MULTILINE)
    assert Counter(asked)["playlists"] == 1
    assert set(asked) == {"playlists", "playlistItems"}


def test_a_taken_port_is_wrong_use(tmp_path: Path) -> None:
    first = start_process("simulate", "--port", "0", cwd=tmp_path, env=environment(key=None))
    assert first.stdout is not None
    first.stdout.readline()
    match = re.search(r":(\d+)/", first.stdout.readline().decode())
    assert match is not None
    second = linkwatch("simulate", "--port", match[1], cwd=tmp_path)
    first.send_signal(signal.SIGINT)
    assert wait_for_exit(first).code == 0
    assert second.code == 2
    assert f"port {match[1]}" in second.err
    assert "--port" in second.err
