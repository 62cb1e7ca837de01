"""What a page of the dashboard costs: `python -m bench.pages`; part of `make bench`.

10,000 playlists with a year of daily checks, of which one in a hundred changes every day: it is retitled, or becomes
unavailable and recovers a month later. The first check is a real one against the simulated YouTube; the year after it
is evaluated and saved day by day, without requests. Each page is fetched over loopback from the dashboard in this
process; the yardstick reads the rows that the page shows with `sqlite3`, by statements written for that page, into
tuples, without evaluation, text or HTML. Printed are the median ratio of the rounds, milliseconds and bytes.

Then the CPU of each page when it is the first one after a check, and its ratio to that of reading by hand the links,
the records and the former states of all resources.
"""

import argparse
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
from sqlalchemy import update

from bench.inside import listed, numbered, playlist_id
from linkwatch.daemon.api import Progress, ScheduleState
from linkwatch.models.observation import Answer, Facts, Observation
from linkwatch.models.resource import Kind, Resource
from linkwatch.models.times import to_millis
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import check_context
from linkwatch.services.lists import ReadLists
from linkwatch.settings import InspectMode, Schedule, Settings
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.store.database import Database
from linkwatch.store.resources import load_resources, save_verdicts
from linkwatch.store.runs import finish_run, insert_run, run_scope
from linkwatch.store.schema import open_database
from linkwatch.store.tables import resources
from linkwatch.verdict.judge import judge
from linkwatch.verdict.policy import Policy
from linkwatch.web.server import Dashboard

START = datetime(2025, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS = 365
LIST = "list.csv"


@dataclass
class FakeDaemon:
    """A daemon for the dashboard: one schedule, and a clock that stands still."""

    database: Database
    settings: Settings
    lists: ReadLists
    now: datetime = START
    settings_problem: str | None = None

    def schedules(self) -> Sequence[ScheduleState]:
        """The only one."""
        return (ScheduleState(Schedule(name="many", lists=(LIST,), cadence=DAY), (LIST,), self.now + DAY),)

    def read(self, state: ScheduleState) -> ReadLists:
        """Its lists."""
        return self.lists

    def progress(self) -> Progress | None:
        """No check runs."""
        return None

    def heartbeat(self) -> datetime | None:
        """Just now."""
        return self.now

    def request_check(self, schedule: str, resource: Resource | None = None) -> None:
        """No check is requested here."""

    def refresh_stored_lists(self) -> None:
        """No list is stored here."""

    def set_paused(self, schedule: str, *, paused: bool) -> None:
        """No schedule is paused here."""


class MeasuredPage(NamedTuple):
    """A page, and the statements that read its rows by hand."""

    name: str
    path: str
    by_hand: Sequence[tuple[str, Sequence[Any]]]


_RESOURCE = "SELECT * FROM resources r JOIN links l ON l.resource_id = r.id"
_PAST = "SELECT * FROM spans WHERE resource_id IN (SELECT r.id FROM resources r JOIN links l ON l.resource_id = r.id"
_IN_ORDER = "ORDER BY l.line LIMIT 50 OFFSET ?"
_STATES = ("SELECT state, count(*) FROM resources GROUP BY state", ())


_EVERYTHING = (
    (_RESOURCE, ()),
    ("SELECT * FROM spans", ()),
    ("SELECT * FROM events ORDER BY id DESC LIMIT 200", ()),
)
"""What a report of all lists is made from."""

FIRST_PAGES = (
    ("overview", "/"),
    ("lists", "/lists"),
    ("a list", "/lists/many"),
    ("search", "/search?q=Course+77"),
    ("issues", "/incidents"),
    ("acknowledged issues", "/incidents?show=accepted"),
    ("resolved issues", "/incidents?show=over"),
    ("duplicates", "/duplicates"),
    ("one resource", f"/resources/playlist/{playlist_id(7)}"),
    ("runs", "/runs"),
    ("settings", "/settings"),
)
"""Every page, with its path."""


def measured_pages(playlists: int) -> list[MeasuredPage]:
    """The pages that are measured."""
    half = playlists // 2 // 50 + 1
    one = playlist_id(playlists // 2)
    dead = f"{_RESOURCE} WHERE r.state = 'unavailable' ORDER BY l.line LIMIT ?"
    like = "%Course 77%"
    return [
        MeasuredPage("overview", "/", [_STATES, (dead, [8])]),
        MeasuredPage(
            "a list, a page in the middle",
            f"/lists/many?page={half}",
            [(f"{_RESOURCE} {_IN_ORDER}", [(half - 1) * 50]), (f"{_PAST} {_IN_ORDER})", [(half - 1) * 50])],
        ),
        MeasuredPage(
            "a list, filtered by text",
            "/lists/many?q=Course+77",
            [(f"{_RESOURCE} WHERE r.title LIKE ? LIMIT 50", [like])],
        ),
        MeasuredPage("issues", "/incidents", [(dead, [50])]),
        MeasuredPage(
            "one resource",
            f"/resources/playlist/{one}",
            [
                (f"{_RESOURCE} WHERE r.youtube_id = ?", [one]),
                ("SELECT * FROM spans WHERE resource_id = (SELECT id FROM resources WHERE youtube_id = ?)", [one]),
                ("SELECT * FROM events WHERE resource_id = (SELECT id FROM resources WHERE youtube_id = ?)", [one]),
            ],
        ),
        MeasuredPage("runs", "/runs", [("SELECT * FROM runs ORDER BY id DESC LIMIT 50", ())]),
        MeasuredPage("metrics", "/metrics", [_STATES]),
        MeasuredPage(
            "feed",
            "/feed.atom",
            [("SELECT * FROM events e JOIN resources r ON r.id = e.resource_id ORDER BY e.id DESC LIMIT 200", ())],
        ),
        MeasuredPage("report as JSON", "/api/v1/reports/many", [(_RESOURCE, ())]),
    ]


def filled(folder: Path, playlists: int) -> FakeDaemon:
    """The database, after its year."""
    settings = Settings(
        api_key="bench",
        inside=InspectMode.OFF,
        database_url=f"sqlite:///{folder}/pages.db",
        acks_file=str(folder / "acks.toml"),
    )
    catalogue = listed(map(playlist_id, range(playlists)))
    daemon = FakeDaemon(open_database(settings.database_url), settings, ReadLists(catalogue, (LIST,)))
    youtube = SimulatedYouTube(World((), source=numbered(playlists, 1)), lambda: daemon.now)
    context = check_context(
        settings,
        daemon.database,
        clock=lambda: daemon.now,
        client_factory=lambda: httpx.Client(transport=httpx.MockTransport(youtube)),
    )
    run_check(catalogue, [LIST], context)
    for day in range(1, DAYS):
        daemon.now += DAY
        another_day(daemon, day, playlists)
    with daemon.database.write() as connection:
        connection.execute(update(resources).values(last_checked_at=to_millis(daemon.now)))
    daemon.now += timedelta(hours=1)
    return daemon


def another_day(daemon: FakeDaemon, day: int, playlists: int) -> None:
    """One playlist in a hundred changes: nine of ten are retitled, one becomes unavailable; last month's recover."""
    at_once = max(1, playlists // 100)
    first = day * at_once

    def named(number: int) -> Resource:
        return Resource(Kind.PLAYLIST, playlist_id(number % playlists))

    changed = {named(first + n): n % 10 != 0 for n in range(at_once)}
    if day > 30:
        changed |= {named((day - 30) * at_once + n): True for n in range(0, at_once, 10)}
    with daemon.database.write() as connection:
        run_id = insert_run(connection, scope=LIST, source="simulator", now=daemon.now)
        before = load_resources(connection, changed)
        observations = {resource: _observation(resource, day, there=there) for resource, there in changed.items()}
        verdicts = {each: judge(before[each].record, observations[each], Policy(), daemon.now) for each in changed}
        save_verdicts(connection, run_id, before, verdicts, daemon.now)
        finish_run(
            connection, run_id, now=daemon.now, units=playlists // 50, incomplete_reason=None, held=False, note=None
        )


def _observation(resource: Resource, day: int, *, there: bool) -> Observation:
    if not there:
        return Observation(resource, api=Answer.ABSENT, oembed=Answer.ABSENT)
    facts = Facts(f"Course {int(resource.id[2:])}, edition {day}", f"UC{1:021d}A", "Channel 1", 1, ())
    return Observation(resource, api=Answer.PRESENT, facts=facts)


def finished_check(daemon: FakeDaemon) -> None:
    """A check that finds all as it was: whatever was made from the database before is out of date."""
    daemon.now += timedelta(minutes=1)
    with daemon.database.write() as connection:
        run_id = insert_run(connection, scope=run_scope([LIST]), source="simulator", now=daemon.now)
        finish_run(connection, run_id, now=daemon.now, units=0, incomplete_reason=None, held=False, note=None)


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU of this process, dashboard and browser together."""
    began = time.process_time()
    work()
    return time.process_time() - began


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def pages(playlists: int = 10_000, rounds: int = 15) -> None:
    """Measure and print all of it."""
    with tempfile.TemporaryDirectory() as folder:
        daemon = filled(Path(folder), playlists)
        with (
            daemon.database,
            closing(sqlite3.connect(f"{folder}/pages.db")) as by_hand,
            Dashboard(daemon, "127.0.0.1:0", None, lambda: daemon.now) as dashboard,
        ):
            rows = {name: by_hand.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("spans", "events")}  # noqa: S608 - our own names
            counts = ", ".join(f"{count:,} {name}" for name, count in rows.items())
            print(f"{playlists:,} resources, {DAYS} checks: {counts}")  # noqa: T201  # a bench prints
            address = urlsplit(dashboard.url)
            with closing(HTTPConnection(str(address.hostname), address.port)) as browser:
                measure(browser, by_hand, daemon, playlists, rounds)


def measure(
    browser: HTTPConnection, by_hand: sqlite3.Connection, daemon: FakeDaemon, playlists: int, rounds: int
) -> None:
    """Each page against its rows, and the cost of the first page after a change."""

    def fetch(path: str) -> bytes:
        browser.request("GET", path)
        response = browser.getresponse()
        body = response.read()
        if response.status != 200:
            raise SystemExit(f"{path}: HTTP {response.status}")
        return body

    def read(statements: Sequence[tuple[str, Sequence[Any]]]) -> None:
        for statement, values in statements:
            by_hand.execute(statement, values).fetchall()

    rebuilt = []
    for _ in range(max(1, rounds // 3)):
        daemon.now += timedelta(minutes=6)  # longer than a report is cached
        rebuilt.append(timed(lambda: fetch("/")))
    print(f"{'the first page, some minutes later':<32} {median(rebuilt) * 1e3:>38,.0f} ms")  # noqa: T201
    for page in measured_pages(playlists):
        body = fetch(page.path)
        read(page.by_hand)
        one, other = partial(fetch, page.path), partial(read, page.by_hand)
        pairs = [(timed(one), timed(other)) for _ in range(rounds)]
        ratio = median(ours / theirs for ours, theirs in pairs)
        ours, theirs = (median(times) * 1e3 for times in zip(*pairs, strict=True))
        figures = f"{ratio:>8,.1f} × {theirs:>8.2f} ms = {ours:>8.1f} ms {len(body):>10,} bytes"
        print(f"{page.name:<32} {figures}", flush=True)  # noqa: T201
    print("first page after a check, CPU / reading everything by hand")  # noqa: T201
    for name, path in FIRST_PAGES:
        pairs = []
        for _ in range(max(1, rounds // 3)):
            finished_check(daemon)
            pairs.append((cpu(partial(fetch, path)), cpu(partial(read, _EVERYTHING))))
        ratio = median(ours / theirs for ours, theirs in pairs)
        ours, theirs = (median(times) * 1e3 for times in zip(*pairs, strict=True))
        print(f"{name:<32} {ratio:>8,.1f} × {theirs:>8.0f} ms = {ours:>8.0f} ms", flush=True)  # noqa: T201


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--playlists", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=15)
    pages(**vars(parser.parse_args()))
