"""A daemon's stand-in for its dashboard: a real database, filled by real checks against the simulator."""

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
from linkwatch.errors import UsageError
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import check_context
from linkwatch.services.lists import ReadLists
from linkwatch.settings import Notify, Schedule, Settings
from linkwatch.simulator.scenario import seed_story
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
class StandIn:
    """What a dashboard is given; everything in it can be changed under its eyes."""

    database: Database
    settings: Settings
    now: datetime = START
    settings_problem: str | None = None
    schedules: list[ScheduleState] = field(default_factory=list)
    lists: dict[str, ReadLists | UsageError] = field(default_factory=dict)
    """By schedule."""

    running: Progress | None = None
    beat: datetime | None = None
    wishes: list[str] = field(default_factory=list)
    """The schedules that were to be checked soon."""

    reads: int = 0

    def clock(self) -> datetime:
        """The present time, which passes only when it is told to."""
        return self.now

    def watches(self) -> Sequence[ScheduleState]:
        """The schedules."""
        return tuple(self.schedules)

    def read(self, watch: ScheduleState) -> ReadLists:
        """The lists of a schedule."""
        self.reads += 1
        read = self.lists[watch.schedule.name]
        if isinstance(read, UsageError):
            raise read
        return read

    def progress(self) -> Progress | None:
        """The check that is running."""
        return self.running

    def heartbeat(self) -> datetime | None:
        """When it last turned."""
        return self.beat

    def check_soon(self, schedule: str) -> None:
        """Note the wish."""
        if schedule not in self.lists:
            raise KeyError(schedule)
        self.wishes.append(schedule)

    def watch(self, name: str, catalogue: Catalogue, *named: str, next_check_at: datetime | None = None) -> None:
        """Watch lists from now on."""
        self.schedules.append(ScheduleState(Schedule(name=name, lists=named, cadence=DAY), named, next_check_at))
        self.lists[name] = ReadLists(catalogue, named)

    def check(self, name: str, youtube: Callable[[httpx.Request], httpx.Response]) -> None:
        """Check a schedule's lists, for real but for YouTube."""
        read = self.lists[name]
        assert isinstance(read, ReadLists)
        using = check_context(
            self.settings,
            self.database,
            clock=self.clock,
            sleep=lambda seconds: None,
            client_factory=lambda: httpx.Client(transport=httpx.MockTransport(youtube)),
            source="simulator",
        )
        run_check(read.catalogue, read.files, using)
        self.beat = self.now


def is_watching(standin: StandIn) -> DaemonApi:
    """What the type checker holds the stand-in to."""
    return standin


def settings_in(folder: Path, **more: object) -> Settings:
    """Settings with a database and a file of acknowledgements in a folder."""
    told = {
        "database_url": url_of(folder / "linkwatch.db"),
        "acks_file": str(folder / "linkwatch-acks.toml"),
        "api_key": "AIzaSimulated",
        "notify": (Notify(name="team", url="json://hook.example/secret-path", place="linkwatch.toml:3"),),
        "ping_url": "https://ping.example/secret-uuid",
        **more,
    }
    return Settings(**told)  # type: ignore[arg-type]  # each by its name


def empty(folder: Path, **more: object) -> StandIn:
    """A daemon that watches nothing yet."""
    settings = settings_in(folder, **more)
    return StandIn(open_database(settings.database_url), settings)


def copied(standin: StandIn, folder: Path) -> StandIn:
    """The same as it stands, with a database of its own; that of the original is closed."""
    original, copy = Path(standin.settings.acks_file).with_name("linkwatch.db"), folder / "linkwatch.db"
    databases.copy(original, copy)
    if original.exists():
        copyfile(original, copy)
    settings = settings_in(folder)
    return replace(
        standin,
        database=open_database(settings.database_url),
        settings=settings,
        schedules=[*standin.schedules],
        lists={**standin.lists},
        wishes=[],
    )


def played(standin: StandIn, days: int = 30) -> StandIn:
    """The simulated month of the seed list, or its beginning: checked every day."""
    story = seed_story(START)
    youtube = SimulatedYouTube(story.world, standin.clock, quota_per_day=standin.settings.quota_per_day)
    standin.watch("courses", seed_catalogue(), SEED_LIST)
    for day in story.days[:days]:
        standin.now = day.at
        standin.check("courses", youtube)
    standin.now += timedelta(minutes=40)
    standin.beat = standin.now
    standin.schedules[0] = ScheduleState(standin.schedules[0].schedule, (SEED_LIST,), story.days[days - 1].at + DAY)
    return standin


def living_in(standin: StandIn, world: World) -> SimulatedYouTube:
    """The YouTube of another world."""
    return SimulatedYouTube(world, standin.clock)
