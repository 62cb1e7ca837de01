"""A harness with everything in it but YouTube: a world, a clock, a list and a database, and the check between them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import httpx
from databases import url_of
from sqlalchemy import select

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links, resolve_aliases
from linkwatch.models.link import Link
from linkwatch.models.observation import ResourceRecord, State
from linkwatch.models.records import Run
from linkwatch.models.resource import Resource
from linkwatch.report.model import Finding, Report
from linkwatch.services.check import run_check
from linkwatch.services.context import CheckContext
from linkwatch.services.dependencies import check_context
from linkwatch.services.executor import Executor
from linkwatch.services.report import report_of_lists
from linkwatch.services.tally import CheckResult, OnProgress, no_progress
from linkwatch.settings import InspectMode, Settings
from linkwatch.simulator.entities import Entity, SimPlaylist, SimVideo
from linkwatch.simulator.options import Options
from linkwatch.simulator.quota import pacific_day
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.store.channels import load_aliases
from linkwatch.store.database import Database
from linkwatch.store.resources import load_resources
from linkwatch.store.schema import open_database
from linkwatch.store.tables import events, resources, runs
from linkwatch.urls.parse import parse_reference
from linkwatch.youtube.quota import QuotaAccount

MORNING = datetime(2026, 11, 22, 9, tzinfo=UTC)
"""The first check: a Sunday, one hour after YouTube's day began (08:00 UTC in winter)."""

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIST = "resources.csv"
KEYED = Settings(api_key="AIzaSimulated", inside=InspectMode.OFF)
INSIDE = Settings(api_key="AIzaSimulated")
KEYLESS = Settings()
DEFAULT_OPTIONS = Options()


OPEN_HARNESSES: list["Harness"] = []
"""Those of the running test; a fixture closes their databases."""


def playlist_id(number: int) -> str:
    """A playlist's id, the same for the same number."""
    return f"PL{number:032d}"


def video_id(number: int) -> str:
    """A video's id, with a last character that YouTube gives out."""
    return f"{number:010d}A"


def channel_id(number: int) -> str:
    """A channel's id, with a last character that YouTube gives out."""
    return f"UC{number:021d}A"


def playlists(count: int) -> list[SimPlaylist]:
    """Living playlists, numbered from 0."""
    return [SimPlaylist(playlist_id(n), f"Course {n}", item_count=10) for n in range(count)]


def videos(count: int) -> list[SimVideo]:
    """Living videos, numbered from 0."""
    return [SimVideo(video_id(n), f"Lecture {n}") for n in range(count)]


@lru_cache(maxsize=16)
def listing(*named: str, file: str = LIST) -> Catalogue:
    """A list of URLs or ids, one a line below a header, without labels."""
    urls = (each if each.startswith("http") else resource_of(each).url for each in named)
    return catalogue_links(Link(url, file, line, 1, None, None, None) for line, url in enumerate(urls, start=2))


def resource_of(name: str) -> Resource:
    """What a URL or id names."""
    resource = parse_reference(name)
    assert resource is not None
    return resource


@dataclass
class Harness:
    """One list, one database, one YouTube; time passes only when it is told to."""

    folder: Path
    entities: Sequence[Entity] = ()
    listed: Sequence[str] | None = None
    """URLs and ids of the list; None: the ids of the entities."""

    settings: Settings = KEYED
    options: Options = DEFAULT_OPTIONS
    youtube_quota: int = 10_000
    """Units a day by YouTube's own count."""

    keys: tuple[str, ...] | None = None
    """The keys that YouTube takes; None for any."""

    now: datetime = MORNING
    waited: list[float] = field(default_factory=list)
    """Seconds of every wait between retries; none of them was waited."""

    checked: CheckResult | None = None
    """The last check."""

    def __post_init__(self) -> None:
        self.world = World(self.entities)
        self.catalogue = listing(*([each.id for each in self.entities] if self.listed is None else self.listed))
        self.database: Database = open_database(url_of(self.folder / "linkwatch.db"))
        OPEN_HARNESSES.append(self)
        self.youtube = SimulatedYouTube(
            self.world, lambda: self.now, quota_per_day=self.youtube_quota, keys=self.keys, options=self.options
        )

    def settle(self, world: World) -> None:
        """Live in another world from the beginning."""
        self.world = self.youtube.world = world

    def check(
        self,
        *,
        after: timedelta = timedelta(),
        catalogue: Catalogue | None = None,
        files: Iterable[str] = (LIST,),
        progress: OnProgress = no_progress,
        transport: Callable[[httpx.Request], httpx.Response] | None = None,
        executor: Executor | None = None,
    ) -> Report:
        """Let time pass, check, and report."""
        files = tuple(files)
        self.run(
            after=after, catalogue=catalogue, files=files, progress=progress, transport=transport, executor=executor
        )
        return self.report(catalogue=catalogue, files=files)

    def run(
        self,
        *,
        after: timedelta = timedelta(),
        catalogue: Catalogue | None = None,
        files: Iterable[str] = (LIST,),
        progress: OnProgress = no_progress,
        transport: Callable[[httpx.Request], httpx.Response] | None = None,
        executor: Executor | None = None,
    ) -> None:
        """Let time pass, and check: the same without a report, which takes a third as long as the check."""
        self.now += after
        context = replace(self.check_context(transport), progress=progress, executor=executor)
        self.checked = run_check(catalogue or self.catalogue, tuple(files), context)

    def check_context(
        self,
        transport: Callable[[httpx.Request], httpx.Response] | None = None,
        account: QuotaAccount | None = None,
    ) -> CheckContext:
        """What a check here works with."""
        return check_context(
            self.settings,
            self.database,
            clock=lambda: self.now,
            sleep=self.waited.append,
            client_factory=lambda: self.client(transport),
            account=account,
        )

    def client(self, transport: Callable[[httpx.Request], httpx.Response] | None = None) -> httpx.Client:
        """A client of this YouTube."""
        return httpx.Client(transport=httpx.MockTransport(transport or self.youtube))

    def report(self, *, catalogue: Catalogue | None = None, files: Iterable[str] = (LIST,)) -> Report:
        """What is remembered now."""
        return report_of_lists(
            catalogue or self.catalogue, files, database=self.database, settings=self.settings, now=self.now
        )

    def known(self, name: str) -> ResourceRecord:
        """What is remembered of one resource of the list, by its id or URL."""
        return self.all_known()[resource_of(name)]

    def all_known(self) -> dict[Resource, ResourceRecord]:
        """What is remembered of everything in the list."""
        with self.database.read() as connection:
            catalogue = resolve_aliases(self.catalogue, load_aliases(connection))
            stored = load_resources(connection, catalogue.links_of)
        return {resource: stored[resource].record for resource in catalogue.links_of if resource in stored}

    def state(self, name: str) -> State:
        """The state of one resource."""
        return self.known(name).state

    def events(self) -> list[tuple[str, str]]:
        """Everything that ever happened, as id and kind of event, oldest first."""
        query = select(resources.c.youtube_id, events.c.kind).join_from(events, resources).order_by(events.c.id)
        with self.database.read() as connection:
            return [(row.youtube_id, row.kind) for row in connection.execute(query)]

    def unfinished_runs(self) -> int:
        """Runs that never ended."""
        with self.database.read() as connection:
            return len(connection.execute(select(runs.c.id).where(runs.c.finished_at.is_(None))).all())

    @property
    def units(self) -> int:
        """What YouTube charged on this Pacific day."""
        return self.youtube.units_used(pacific_day(self.now))

    def asked(self, method: str) -> list[str]:
        """Every id that was asked for by a method, in order."""
        return [id_ for asked in self.youtube.log if asked.method == method for id_ in asked.ids]


def run_of(report: Report) -> Run:
    """The check that a report rests on."""
    assert report.run is not None
    return report.run


def rules(report: Report) -> list[str]:
    """The rules of the findings, as they are ordered."""
    return [finding.rule.name for finding in report.findings]


def finding_of(report: Report, rule: str) -> Finding:
    """The one finding of a rule."""
    (found,) = [finding for finding in report.findings if finding.rule.name == rule]
    return found
