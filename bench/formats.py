"""Every format of one large report, as a ratio to `json.dumps` of the same data.

The report: 100,000 listed playlists, a tenth of them dead, a hundredth listed twice and a hundredth mislabelled, with
the states after the last 30 checks and the last 200 events. It is built once. Each format is rendered in a forked
process of its own, and so is the yardstick, just before it: `json.dumps` of the data of the JSON report, which are
plain dictionaries before the clock starts. Measured are the CPU of that process from the report (or the dictionaries)
to the text, and the peak growth of its memory: the report itself is in the memory of each process, and would hide
the difference.
"""

import json
import multiprocessing
import random
import resource
import string
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from linkwatch.catalogue.catalogue import catalogue_links
from linkwatch.models.events import Event, EventKind
from linkwatch.models.link import Link
from linkwatch.models.observation import Answer, Facts, Reason, ResourceRecord, State
from linkwatch.models.records import CheckHistory, Run, StoredEvent
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.build import build_report
from linkwatch.report.formats import FORMATS, render
from linkwatch.report.input import ReportInput
from linkwatch.report.model import Report
from linkwatch.settings import Settings

YARDSTICK = "json.dumps"
MOST = 3
"""The limit, as a multiple of the yardstick, in CPU and in memory."""

MOST_FOR = {"html": 5}
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
FIRST = NOW - timedelta(days=100)
RUN = Run(30, "data-api", NOW - timedelta(minutes=5), NOW, 2_000, True, None, None)
CHECKS = 30
EVENTS = 200


@dataclass(frozen=True, slots=True)
class Rendering:
    """What one rendering cost its process."""

    cpu: float
    """Seconds."""

    memory: float
    """Growth at the peak, in MB of 1,000,000 bytes."""


@dataclass(frozen=True, slots=True)
class Ratios:
    """A format against the yardstick, round by round."""

    name: str
    cpu: list[float]
    memory: list[float]

    @property
    def limit(self) -> int:
        """Of both ratios."""
        return MOST_FOR.get(self.name, MOST)


def measured(report: Report, rounds: int) -> Iterator[Ratios]:
    """Measure every format."""
    results = [Ratios(name, [], []) for name in FORMATS]
    for _ in range(rounds):
        for ratios in results:
            yardstick = in_a_process(YARDSTICK, report)
            cost = in_a_process(ratios.name, report)
            ratios.cpu.append(cost.cpu / yardstick.cpu)
            ratios.memory.append(cost.memory / yardstick.memory)
    yield from results


def in_a_process(name: str, report: Report) -> Rendering:
    """Render in a fork of this process, which has the report already."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    child = fork.Process(target=_render, args=(name, report, theirs))
    child.start()
    theirs.close()
    cost: Rendering = ours.recv()
    child.join()
    return cost


def _render(name: str, report: Report, to: Connection) -> None:
    work = _work(name, report)
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # resets the peak
    before, began = _resident(), time.process_time()
    work()
    cpu = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    to.send(Rendering(cpu, (peak - before) / 1e6))


def _work(name: str, report: Report) -> Callable[[], str]:
    if name != YARDSTICK:
        return lambda: render(name, report)
    data = json.loads(render("json", report))
    return lambda: json.dumps(data)


def _resident() -> int:
    """Bytes in memory now, as the kernel counts them for this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def large_report(resources: int) -> Report:
    """The report that is rendered."""
    rng = random.Random(1)  # noqa: S311  # the same report every time
    letters = string.ascii_letters + string.digits + "-_"
    named = [Resource(Kind.PLAYLIST, "PL" + "".join(rng.choices(letters, k=32))) for _ in range(resources)]
    listed = named + named[::100]
    return build_report(
        ReportInput(
            now=NOW,
            catalogue=catalogue_links(_link(at, what) for at, what in enumerate(listed)),
            records={what: _record(at) for at, what in enumerate(named)},
            first_seen=lambda _: FIRST,
            run=RUN,
            settings=Settings(),
            check_history=CheckHistory(
                tuple(NOW - timedelta(days=day) for day in range(CHECKS, 0, -1)),
                {what: (State.AVAILABLE,) * (CHECKS - 1) + (_record(at).state,) for at, what in enumerate(named)},
            ),
            recent_events=[
                StoredEvent(what, Event(EventKind.DIED, "available", "unavailable"), NOW, 30) for what in named[:EVENTS]
            ],
        )
    )


def _link(at: int, what: Resource) -> Link:
    file, line, section = f"list{at // 10_000}.csv", at % 10_000 + 2, f"Section {at // 100}"
    if at % 100 == 51:
        return Link(what.url, file, line, 1, "Organic chemistry", section)
    return Link(what.url, file, line, 1, f"Lecture course {at}", section, f"Channel {at}")


def _record(at: int) -> ResourceRecord:
    facts = Facts(f"Lecture course {at}", f"UC{at:022}", f"Channel {at}", at % 300 + 1, ())
    if at % 10 == 0:
        return ResourceRecord(
            State.UNAVAILABLE, NOW, FIRST, Reason.NOT_FOUND, NOW, FIRST, 0, None, Answer.ABSENT, Answer.ABSENT, facts
        )
    return ResourceRecord(State.AVAILABLE, FIRST, FIRST, None, NOW, NOW, 0, None, Answer.PRESENT, None, facts)
