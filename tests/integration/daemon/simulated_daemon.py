"""A daemon in simulated time: a world, a YouTube, lists on disk, and the messages that were sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from databases import url_of
from integration.check.harness import DEFAULT_OPTIONS, KEYED, MORNING, resource_of
from sqlalchemy import select

from linkwatch.daemon.context import DaemonContext
from linkwatch.daemon.scheduler import Scheduler
from linkwatch.models.records import Run
from linkwatch.notifications.urls import NotSentError
from linkwatch.settings import Notify, Schedule, Settings
from linkwatch.simulator.entities import Entity
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.store.database import Database
from linkwatch.store.outbox import Message
from linkwatch.store.runs import load_run
from linkwatch.store.schema import open_database
from linkwatch.store.tables import runs

LONGEST_STEP = timedelta(hours=1)
"""A real daemon looks every few seconds; a simulated one when something is due, and at least so often."""

TO_TEAM = Notify(name="team", url="json://team.example", place="linkwatch.toml:1")


@dataclass
class DaemonHarness:
    """Somebody who runs daemons on one folder; time passes only when a test says so."""

    folder: Path
    entities: Sequence[Entity] = ()
    settings: Settings = KEYED
    youtube_quota: int = 10_000
    keys: tuple[str, ...] | None = None
    options: Options = DEFAULT_OPTIONS
    now: datetime = MORNING
    log: list[str] = field(default_factory=list)
    sent: list[tuple[datetime, Message]] = field(default_factory=list)
    deaf: bool = False
    """The service that takes the messages does not answer."""

    def __post_init__(self) -> None:
        self.world = World(self.entities)
        self.youtube = SimulatedYouTube(
            self.world, lambda: self.now, quota_per_day=self.youtube_quota, keys=self.keys, options=self.options
        )
        self.transport: Callable[[httpx.Request], httpx.Response] = self.youtube
        self.databases: list[Database] = []
        self.settings = replace(self.settings, database_url=url_of(self.folder / "linkwatch.db"))

    def write(self, file: str, *named: str) -> None:
        """Write a list: URLs or ids, one a line."""
        lines = [each if "://" in each or " " in each else resource_of(each).url for each in named]
        (self.folder / file).write_text("\n".join(["url", *lines]) + "\n", "utf-8")

    def daemon(self, *named: str, holder: str = "one") -> Scheduler:
        """Start a daemon."""
        database = open_database(self.settings.database_url)
        self.databases.append(database)
        context = DaemonContext(
            log=self.log.append,
            clock=lambda: self.now,
            sleep=self._sleep,
            client_factory=lambda: httpx.Client(transport=httpx.MockTransport(self.transport)),
            deliver=self._deliver,
        )
        return Scheduler(
            self.settings, named, database=database, holder=holder, load=lambda: self.settings, context=context
        )

    def live(self, scheduler: Scheduler, length: timedelta) -> None:
        """Let a daemon work for a time."""
        until = self.now + length
        while self.now < until:
            due = scheduler.run_due()
            self.now = min(until, max(self.now + timedelta(seconds=5), min(due, self.now + LONGEST_STEP)))

    def runs(self) -> list[Run]:
        """Every check, oldest first."""
        with open_database(self.settings.database_url) as database, database.read() as connection:
            return [load_run(connection, id_) for id_ in connection.execute(select(runs.c.id)).scalars()]

    def close(self) -> None:
        """Close what daemons left open."""
        for database in self.databases:
            database.close()
        self.databases.clear()

    def _sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def _deliver(self, target: Notify, message: Message) -> None:
        if self.deaf:
            raise NotSentError("no connection, or no response in time")
        self.sent.append((self.now, message))


def schedule(name: str, *lists: str, cadence: object = timedelta(days=1)) -> Schedule:
    """A schedule as the settings would have it."""
    return Schedule(name=name, lists=lists, cadence=cadence)  # type: ignore[arg-type]
