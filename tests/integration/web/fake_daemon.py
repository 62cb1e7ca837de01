"""A fake daemon for the dashboard: a real database, filled by real checks against the simulator."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from shutil import copyfile

import databases
import httpx
import msgspec
from databases import url_of

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.daemon.api import DaemonApi, Progress, ScheduleState
from linkwatch.daemon.schedules import schedules_of
from linkwatch.errors import UsageError
from linkwatch.models.resource import Resource
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import check_context
from linkwatch.services.lists import ReadLists, read_named_lists
from linkwatch.services.stored_lists import stored_lists
from linkwatch.settings import Notify, Schedule, Settings
from linkwatch.simulator.scenario import demo_scenario
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.sources import read_lists
from linkwatch.store.database import Database
from linkwatch.store.schema import open_database

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
SEED_LIST = "resources.csv"
DAY = timedelta(days=1)


def seed_catalogue() -> Catalogue:
    """The links of the seed list, under its own name wherever it lies."""
    listed = Path(str(files("linkwatch.simulator") / SEED_LIST))
    return catalogue_links(
        msgspec.structs.replace(link, file=SEED_LIST) for link in read_lists([str(listed)], stdin=sys.stdin.buffer)
    )


@dataclass
class FakeDaemon:
    """What a dashboard is given; everything in it can be changed under its eyes."""

    database: Database
    settings: Settings
    now: datetime = START
    settings_problem: str | None = None
    states: list[ScheduleState] = field(default_factory=list)
    lists: dict[str, ReadLists | UsageError] = field(default_factory=dict)
    """By schedule."""

    running: Progress | None = None
    last_heartbeat: datetime | None = None
    requested_checks: list[str] = field(default_factory=list)
    """Names of the schedules, of one resource with its kind and id."""

    read_count: int = 0

    def clock(self) -> datetime:
        """The present time, which passes only when a test says so."""
        return self.now

    def schedules(self) -> Sequence[ScheduleState]:
        """The schedules."""
        return tuple(self.states)

    def read(self, state: ScheduleState) -> ReadLists:
        """The lists of a schedule."""
        self.read_count += 1
        read = self.lists[state.schedule.name]
        if isinstance(read, UsageError):
            raise read
        return read

    def progress(self) -> Progress | None:
        """The check that is running."""
        return self.running

    def heartbeat(self) -> datetime | None:
        """When it last ran."""
        return self.last_heartbeat

    def request_check(self, schedule: str, resource: Resource | None = None) -> None:
        """Note the request."""
        if schedule not in self.lists:
            raise KeyError(schedule)
        self.requested_checks.append(schedule if resource is None else f"{schedule} {resource.kind} {resource.id}")

    def refresh_stored_lists(self) -> None:
        """Watch the lists that are stored, and those alone that others have."""
        stored = stored_lists(self.database)
        own = [state for state in self.states if state.schedule.stored_list is None]
        self.states = own[:]
        for schedule in schedules_of(self.settings, [state.schedule.name for state in own], stored)[bool(own) :]:
            read = read_named_lists(schedule.lists, self.settings, allow_empty=True)
            self.states.append(ScheduleState(schedule, read.files, None))
            self.lists[schedule.name] = read

    def set_paused(self, schedule: str, *, paused: bool) -> None:
        """Note it in the state of the schedule."""
        at = next((at for at, state in enumerate(self.states) if state.schedule.name == schedule), None)
        if at is None:
            raise KeyError(schedule)
        self.states[at] = replace(self.states[at], next_check_at=None, paused_at=self.now if paused else None)

    def add_schedule(self, name: str, catalogue: Catalogue, *named: str, next_check_at: datetime | None = None) -> None:
        """Watch more lists from now on."""
        self.states.append(ScheduleState(Schedule(name=name, lists=named, cadence=DAY), named, next_check_at))
        self.lists[name] = ReadLists(catalogue, named)

    def check(self, name: str, youtube: Callable[[httpx.Request], httpx.Response]) -> None:
        """Check a schedule's lists, for real but for YouTube."""
        read = self.lists[name]
        assert isinstance(read, ReadLists)
        context = check_context(
            self.settings,
            self.database,
            clock=self.clock,
            sleep=lambda seconds: None,
            client_factory=lambda: httpx.Client(transport=httpx.MockTransport(youtube)),
            source="simulator",
        )
        run_check(read.catalogue, read.files, context)
        self.last_heartbeat = self.now


def is_daemon_api(daemon: FakeDaemon) -> DaemonApi:
    """The type checker compares the fake with the protocol."""
    return daemon


def settings_in(folder: Path, **more: object) -> Settings:
    """Settings with a database and a file of acknowledgements in a folder."""
    values = {
        "database_url": url_of(folder / "linkwatch.db"),
        "acks_file": str(folder / "linkwatch-acks.toml"),
        "api_key": "AIzaSimulated",
        "notify": (Notify(name="team", url="json://hook.example/secret-path", place="linkwatch.toml:3"),),
        "ping_url": "https://ping.example/secret-uuid",
        **more,
    }
    return Settings(**values)  # type: ignore[arg-type]  # each by its name


def empty_daemon(folder: Path, **more: object) -> FakeDaemon:
    """A daemon that watches nothing yet."""
    settings = settings_in(folder, **more)
    return FakeDaemon(open_database(settings.database_url), settings)


def copy_daemon(daemon: FakeDaemon, folder: Path) -> FakeDaemon:
    """The same as it stands, with a database of its own; that of the original is closed."""
    original, copy = Path(daemon.settings.acks_file).with_name("linkwatch.db"), folder / "linkwatch.db"
    databases.copy(original, copy)
    if original.exists():
        copyfile(original, copy)
    settings = settings_in(folder)
    return replace(
        daemon,
        database=open_database(settings.database_url),
        settings=settings,
        states=[*daemon.states],
        lists={**daemon.lists},
        requested_checks=[],
    )


def played_month(daemon: FakeDaemon, days: int = 30) -> FakeDaemon:
    """The simulated month of the seed list, or its beginning: checked every day."""
    story = demo_scenario(START)
    youtube = SimulatedYouTube(story.world, daemon.clock, quota_per_day=daemon.settings.quota_per_day)
    daemon.add_schedule("courses", seed_catalogue(), SEED_LIST)
    for day in story.days[:days]:
        daemon.now = day.at
        daemon.check("courses", youtube)
    daemon.now += timedelta(minutes=40)
    daemon.last_heartbeat = daemon.now
    daemon.states[0] = ScheduleState(daemon.states[0].schedule, (SEED_LIST,), story.days[days - 1].at + DAY)
    return daemon


def simulated_youtube(daemon: FakeDaemon, world: World) -> SimulatedYouTube:
    """The YouTube of another world."""
    return SimulatedYouTube(world, daemon.clock)
