"""`make bench-peers`: installs the other tools, runs them all, and updates the tables of docs/comparison.md."""

import argparse
import os
import platform
import sys
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bench.peers.cases import Case, Fate, cases, long_list
from bench.peers.certificate import Certificate, make_certificate
from bench.peers.install import FOLDER, PEERS, Peer, install
from bench.peers.reading import Verdicts
from bench.peers.running import LATENCY, Ran, Stage, run
from bench.peers.tables import Cost, cost_table, trouble_table, verdict_table, winners
from bench.peers.tools import JUDGED, TIMED, Tool
from bench.serving import ROOT
from linkwatch.simulator.entities import Entity
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface

DOCUMENT = ROOT / "docs" / "comparison.md"
BEGIN, END = "<!-- from here: make bench-peers -->", "<!-- to here -->"


def troubles() -> dict[str, tuple[FaultPeriod, ...]]:
    """Faults while everything is available: an hour of each, around now."""
    now, hour = datetime.now(UTC), timedelta(hours=1)
    since, until = now - hour / 2, now + hour / 2
    return {
        "too many requests: 429 everywhere": tuple(
            FaultPeriod(Fault.RATE_LIMIT_429, since, until, surface=surface) for surface in Surface
        ),
        "an outage: 503 everywhere": (FaultPeriod(Fault.SERVICE_UNAVAILABLE_503, since, until),),
        "the Data API omits everything": (FaultPeriod(Fault.LEFT_OUT, since, until),),
    }


def timed(
    tools: Sequence[Tool], listed: Sequence[Case], world: Sequence[Entity], rounds: int, certificate: Certificate
) -> dict[str, Cost]:
    """The long list, by each tool in each round."""
    runs: dict[str, list[Ran]] = {tool.name: [] for tool in tools}
    for number in range(rounds):
        for tool in tools:
            progress(f"round {number + 1} of {rounds}: {tool.name}")
            runs[tool.name].append(run(tool, Stage(listed, world), certificate))
    return {
        name: Cost(
            [each.seconds for each in ran],
            [each.cpu for each in ran],
            [each.requests for each in ran],
            ran[-1].verdicts,
        )
        for name, ran in runs.items()
    }


def judged(tools: Sequence[Tool], certificate: Certificate) -> dict[str, Verdicts]:
    """Every URL form in every state, by each tool."""
    listed, world = cases()
    verdicts = {}
    for tool in tools:
        progress(f"verdicts: {tool.name}")
        verdicts[tool.name] = run(tool, Stage(listed, world), certificate).verdicts
    return verdicts


def troubled(tools: Sequence[Tool], certificate: Certificate) -> dict[str, dict[str, tuple[Verdicts, float]]]:
    """An available link of every URL form during each fault, by each tool."""
    every, world = cases()
    listed = [case for case in every if case.fate is Fate.ALIVE]
    results: dict[str, dict[str, tuple[Verdicts, float]]] = {}
    for trouble, faults in troubles().items():
        results[trouble] = {}
        for tool in tools:
            progress(f"{trouble}: {tool.name}")
            ran = run(tool, Stage(listed, world, faults), certificate)
            results[trouble][tool.name] = ran.verdicts, ran.seconds
    return results


def measured(links: int, rounds: int) -> Iterator[str]:
    """Everything, paragraph by paragraph."""
    missing = install()
    yield circumstances(rounds)
    yield from (
        f"{peer.package} {peer.version} is missing: it can't be installed here ({why})."
        for peer, why in missing.items()
    )
    certificate = make_certificate(FOLDER)
    listed, world = long_list(links)
    every, _ = cases()
    costs = timed(there(TIMED, missing), listed, world, rounds, certificate)
    verdicts = judged(there(JUDGED, missing), certificate)
    troubles = troubled(there(JUDGED, missing), certificate)
    alive = [case for case in every if case.fate is Fate.ALIVE]
    yield f"### {links:,} links\n\n{cost_table(costs, listed)}"
    yield f"### Right and wrong\n\n{verdict_table(verdicts, every)}"
    yield f"### When something is wrong with YouTube\n\n{trouble_table(troubles, alive)}"
    yield f"### Winners\n\n{winners(costs, listed, verdicts, every, troubles)}"


def circumstances(rounds: int) -> str:
    """Which versions, when, on which machine."""
    versions = ", ".join(f"{peer.package} {peer.version}" for peer in PEERS)
    day = datetime.now(UTC).date().isoformat()
    machine = f"Python {platform.python_version()} on {os.cpu_count()} processors"
    runs = f"the median of {rounds} runs" if rounds > 1 else "one run"
    return f"{versions}. {day}, {machine}, {LATENCY * 1000:.0f} ms of latency, {runs}."


def there(tools: Sequence[Tool], missing: Collection[Peer]) -> list[Tool]:
    """The tools that can be run."""
    return [tool for tool in tools if tool.peer not in missing]


def progress(line: str) -> None:
    """Print a step on stderr."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # a bench prints


def renewed(document: str, results: str) -> str:
    """The document with other tables between its marks.

    Raises:
        SystemExit: It has no such marks.
    """
    before, began, rest = document.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not began or not ended:
        raise SystemExit(f"docs/comparison.md lacks the marks {BEGIN} and {END}: add them around the tables")
    return f"{before}{BEGIN}\n\n{results}\n\n{END}{after}"


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    document = DOCUMENT.read_text("utf-8")
    renewed(document, "")  # fail now, not in half an hour, if the marks are missing
    paragraphs = []
    for paragraph in measured(arguments.links, arguments.rounds):
        print(f"{paragraph}\n", flush=True)  # noqa: T201  # as above
        paragraphs.append(paragraph)
    DOCUMENT.write_text(renewed(document, "\n\n".join(paragraphs)), "utf-8")


if __name__ == "__main__":
    main()
