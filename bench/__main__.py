"""`make bench`: the CPU of whole processes, each as a ratio to a yardstick run beside it; the median of several rounds.

Ratios stay the same where absolute times drift. The yardsticks: a bare interpreter (`python -c pass`) for starting,
bench/floor.py for checks, and `json.dumps` for the formats (bench/formats.py). What people wait for is in seconds. The
Data API is bench/loopback.py, in a process of its own. Inspections are measured in units, seconds and bytes
(bench/inside.py), large inputs in seconds and MB (bench/sources.py), the memory of a daemon in MB (bench/idle.py), the
pages of the dashboard as ratios to reading their rows by hand (bench/pages.py).
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench.formats import large_report, measured
from bench.idle import idle
from bench.inside import inside
from bench.pages import pages
from bench.processes import cost
from bench.serving import LINKWATCH, loopback, settings_of, write_list
from bench.sources import sources
from linkwatch.simulator.scenario import demo_scenario
from linkwatch.simulator.serve import YouTubeServer
from linkwatch.simulator.youtube import SimulatedYouTube

BARE = [sys.executable, "-c", "pass"]


def show(name: str, ratios: Sequence[float], limit: float, more: str = "") -> None:
    """Print one line: the median, the smallest and largest, and the limit."""
    figures = f"{median(ratios):6.2f}   {min(ratios):6.2f} – {max(ratios):<6.2f}  {limit:>5}"
    print(f"{name:<44} {figures}  {more}", flush=True)  # noqa: T201  # a bench prints


def start_up(rounds: int) -> None:
    """`--help`, and a report of `resources.csv`, against a bare interpreter."""
    with tempfile.TemporaryDirectory() as folder:
        with YouTubeServer(
            SimulatedYouTube(demo_scenario(datetime.now(UTC)).world, lambda: datetime.now(UTC))
        ) as youtube:
            settings = {
                "LINKWATCH_DATA_API_URL": youtube.url,
                "LINKWATCH_OEMBED_URL": youtube.oembed_url,
                "YOUTUBE_API_KEY": "simulated",
                "LINKWATCH_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            }
            cost([LINKWATCH, "check", "--quiet", "resources.csv"], settings)
        for name, command, limit in (
            ("linkwatch --help / bare interpreter", [LINKWATCH, "--help"], 4),
            ("linkwatch report / bare interpreter", [LINKWATCH, "report", "resources.csv"], 30),
        ):
            ratios = []
            for _ in range(rounds):
                # Several of each: one start takes less than two ticks of the CPU clock.
                ours = [cost(command, settings).cpu for _ in range(10)]
                bare = [cost(BARE).cpu for _ in range(10)]
                ratios.append(sum(ours) / sum(bare))
            show(name, ratios, limit)


def waiting(rounds: int) -> None:
    """What people wait for: a check of `resources.csv` with a new database, where each response takes 60 ms."""
    youtube = SimulatedYouTube(demo_scenario(datetime.now(UTC)).world, lambda: datetime.now(UTC))
    seconds: dict[str, list[float]] = {"": [], "simulated": []}
    with tempfile.TemporaryDirectory() as folder, YouTubeServer(youtube, latency=0.06) as server:
        for number in range(rounds):
            for key, walls in seconds.items():
                settings = {
                    "LINKWATCH_DATA_API_URL": server.url,
                    "LINKWATCH_OEMBED_URL": server.oembed_url,
                    "YOUTUBE_API_KEY": key,
                    "LINKWATCH_DATABASE_URL": f"sqlite:///{folder}/waiting{key}{number}.db",
                }
                walls.append(cost([LINKWATCH, "check", "--quiet", "resources.csv"], settings).wall)
    show("cold check at 60 ms, with a key, seconds", seconds["simulated"], 1.2)
    show("cold check at 60 ms, without a key, seconds", seconds[""], 1.2)


def checks(rounds: int, resources: int) -> None:
    """A first and a second check of many playlists, against the floor."""
    with tempfile.TemporaryDirectory() as folder, loopback() as url:
        listed = write_list(Path(folder) / "many.csv", resources)
        first, second, memory = [], [], []
        for number in range(rounds):
            settings = settings_of(url, f"sqlite:///{folder}/ours{number}.db")
            command = [LINKWATCH, "check", "--quiet", str(listed)]
            floor = cost([sys.executable, "-m", "bench.floor", str(listed), f"{folder}/floor{number}.db", url])
            ours, again = cost(command, settings), cost(command, settings)
            first.append(ours.cpu / floor.cpu)
            second.append(again.cpu / floor.cpu)
            memory.append(max(ours.memory, again.memory))
        show(f"first check of {resources:,} / floor", first, 2, f"(the floor of the last round: {floor.cpu:.1f} s)")
        show("second check, nothing changed / floor", second, 1.7)
        show("peak memory of a check, MB", memory, 250)


def formats(rounds: int, resources: int) -> None:
    """Each format of a large report against `json.dumps` of the same data."""
    for ratios in measured(large_report(resources), rounds):
        show(f"format {ratios.name} / json.dumps, CPU", ratios.cpu, ratios.limit)
        show(f"format {ratios.name} / json.dumps, memory", ratios.memory, ratios.limit)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--resources", type=int, default=100_000)
    arguments = parser.parse_args()
    print(f"{'CPU of whole processes, as ratios':<44} median   smallest – largest  limit")  # noqa: T201
    start_up(arguments.rounds)
    waiting(arguments.rounds)
    checks(arguments.rounds, arguments.resources)
    formats(arguments.rounds, arguments.resources)
    inside()
    idle()
    pages()
    sources()


if __name__ == "__main__":
    main()
