"""What inspections of playlists cost: `python -m bench.inside`; part of `make bench`.

The simulated YouTube runs in the same process, so the seconds include its time; the units are counted by both sides.
A year of changes is written to the store directly; its rows and bytes are measured.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import func, select

from linkwatch.catalogue.catalogue import Catalogue, catalogue_links
from linkwatch.models import rules
from linkwatch.models.link import Link
from linkwatch.models.observation import Member, MemberState, PlaylistItem, PlaylistListing
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.formats.json import render
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import check_context
from linkwatch.services.report import report_of_lists
from linkwatch.settings import InspectMode, Settings
from linkwatch.simulator.entities import Entity, SimPlaylist, SimVideo
from linkwatch.simulator.scenario import demo_scenario
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.sources import read_lists
from linkwatch.store.database import Database
from linkwatch.store.overlaps import update_overlaps
from linkwatch.store.playlists import StoredInspection, load_members, save_inspections
from linkwatch.store.runs import insert_run, load_run
from linkwatch.store.schema import open_database
from linkwatch.store.tables import member_events, memberships, overlaps, resources
from linkwatch.verdict.playlist_diff import compare_members

START = datetime(2026, 9, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
COPY_EVERY = 20
"""One in so many playlists is a copy of the one before it, except for a tenth of its videos."""


@dataclass
class Setup:
    """A list, a simulated YouTube and a database, and their time."""

    catalogue: Catalogue
    youtube: SimulatedYouTube
    database: Database
    settings: Settings
    now: datetime = START

    def check(self) -> str:
        """Check once; returns the units, the pages of playlists and the seconds, as text."""
        before = len(self.youtube.log)
        context = check_context(
            self.settings,
            self.database,
            clock=lambda: self.now,
            client_factory=lambda: httpx.Client(transport=httpx.MockTransport(self.youtube)),
        )
        began = time.process_time()
        checked = run_check(self.catalogue, ["list.csv"], context)
        seconds = time.process_time() - began
        with self.database.read() as connection:
            units = load_run(connection, checked.run_id).quota_units
        pages = sum(call.method == "playlistItems.list" for call in self.youtube.log[before:])
        return f"{units:,} units ({pages:,} of them pages of playlists), {seconds:.1f} s of CPU"


def playlist_id(number: int) -> str:
    """The id of a numbered playlist."""
    return f"PL{number:032d}"


def video_id(playlist: int, place: int) -> str:
    """The id of a video; the copies share nine of ten with the playlist before them."""
    original = playlist - 1 if playlist % COPY_EVERY == COPY_EVERY - 1 and place % 10 else playlist
    return f"{original:06d}{place:04d}A"


def numbered(playlists: int, videos: int) -> Callable[[str], Entity | None]:
    """A world with this number of playlists and of videos in each, made when asked for."""

    def entity(id_: str) -> Entity | None:
        if id_.startswith("PL") and id_[2:].isdecimal() and int(id_[2:]) < playlists:
            number = int(id_[2:])
            inside = [video_id(number, place) for place in range(videos)]
            return SimPlaylist(id_, f"Course {number}", video_ids=inside)
        return SimVideo(id_, f"Lecture {id_}") if len(id_) == 11 else None

    return entity


def listed(ids: Iterator[str]) -> Catalogue:
    """A list of playlists."""
    urls = (f"https://www.youtube.com/playlist?list={id_}" for id_ in ids)
    return catalogue_links(Link(url, "list.csv", line, 1) for line, url in enumerate(urls, start=2))


def show(name: str, figures: str) -> None:
    """Print one line."""
    print(f"{name:<58} {figures}", flush=True)  # noqa: T201  # a bench prints


def seed(folder: Path) -> None:
    """The playlists of `resources.csv`, inspected with the state of each video."""
    world = demo_scenario(START).world
    seed_list = str(Path(__file__).parents[1] / "resources.csv")
    named = catalogue_links(read_lists([seed_list], stdin=sys.stdin.buffer)).resources()
    ids = [resource.id for resource in named if resource.kind is Kind.PLAYLIST]
    settings = Settings(api_key="bench", inside=InspectMode.FULL)
    with open_database(f"sqlite:///{folder}/seed.db") as database:
        setup = Setup(listed(iter(ids)), SimulatedYouTube(world, lambda: START), database, settings)
        show(f"the {len(ids)} playlists of resources.csv, inspected in full", setup.check())


def many(folder: Path, playlists: int, videos: int) -> None:
    """A long list: the first inspection, a day without changes, and the overlaps."""
    settings = replace(Settings(api_key="bench"), quota_per_day=10_000_000)
    world = World((), source=numbered(playlists, videos))
    with open_database(f"sqlite:///{folder}/many.db") as database:
        youtube = SimulatedYouTube(world, lambda: setup.now, quota_per_day=10_000_000)
        setup = Setup(listed(map(playlist_id, range(playlists))), youtube, database, settings)
        show(f"{playlists:,} playlists of {videos} videos, first inspection", setup.check())
        setup.now += DAY
        show("the day after, nothing changed", setup.check())
        with database.read() as connection:
            ids = list(connection.execute(select(resources.c.id)).scalars())
        began = time.process_time()
        with database.write() as connection:
            update_overlaps(connection, ids)
        seconds = time.process_time() - began
        with database.read() as connection:
            grouped = connection.execute(select(func.count()).select_from(overlaps)).scalar_one()
        show(f"overlaps, all {playlists:,} compared again", f"{grouped:,} playlists in groups, {seconds:.1f} s of CPU")
        year(database, folder / "many.db", playlists, videos)


def copies(folder: Path, playlists: int, videos: int) -> None:
    """Playlists that all have the same videos: what is stored and reported of that."""

    def entity(id_: str) -> Entity | None:
        if id_.startswith("PL"):
            return SimPlaylist(id_, "Course", video_ids=[f"{place:010d}A" for place in range(videos)])
        return SimVideo(id_, f"Lecture {id_}") if len(id_) == 11 else None

    settings = replace(Settings(api_key="bench"), quota_per_day=10_000_000)
    with open_database(f"sqlite:///{folder}/copies.db") as database:
        youtube = SimulatedYouTube(World((), source=entity), lambda: START, quota_per_day=10_000_000)
        setup = Setup(listed(map(playlist_id, range(playlists))), youtube, database, settings)
        show(f"{playlists:,} playlists with the same {videos} videos", setup.check())
        with database.read() as connection:
            rows = connection.execute(select(func.count()).select_from(overlaps)).scalar_one()
        began = time.process_time()
        report = report_of_lists(setup.catalogue, ["list.csv"], database=database, settings=settings, now=START)
        size = len(render(report))
        seconds = time.process_time() - began
        found = sum(finding.rule is rules.OVERLAP for finding in report.findings)
        show("their groups", f"{rows:,} rows, {found:,} findings, {size:,} characters of JSON, {seconds:.1f} s of CPU")


def year(database: Database, file: Path, playlists: int, videos: int) -> None:
    """For a year one playlist in a hundred loses a video and gets another one every day."""
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    before, rows = file.stat().st_size, row_count(database)
    daily = max(1, playlists // 100)
    for day in range(365):
        now = START + (2 + day) * DAY
        chosen = [Resource(Kind.PLAYLIST, playlist_id((day * daily + n) % playlists)) for n in range(daily)]
        with database.write() as connection:
            run_id = insert_run(connection, scope="list.csv", source="simulator", now=now)
            kept = []
            for playlist, stored in load_members(connection, chosen).items():
                listing = PlaylistListing(playlist, changed(stored.members, day))
                fates = {stored.members[0].video_id: MemberState.DELETED}
                kept.append(
                    StoredInspection(
                        stored, listing, compare_members(stored.members, listing.items, fates, {}, now), None, videos
                    )
                )
            save_inspections(connection, run_id, kept, now)
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    grown = file.stat().st_size - before
    show(f"a year, {daily:,} of them change every day", f"{row_count(database) - rows:,} rows, {grown / 1e6:.1f} MB")
    show("  the database before it", f"{rows:,} rows, {before / 1e6:.1f} MB")


def changed(members: Sequence[Member], day: int) -> tuple[PlaylistItem, ...]:
    """The listing without its first video, and with another one at its end."""
    kept = [
        PlaylistItem(each.video_id, place, MemberState.AVAILABLE, each.title, each.owner_id, each.owner_title)
        for place, each in enumerate(members[1:])
    ]
    return (*kept, PlaylistItem(f"new{day:07d}A", len(kept), MemberState.AVAILABLE, f"Another lecture, of day {day}"))


def row_count(database: Database) -> int:
    """Rows of members and of their events."""
    with database.read() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (memberships, member_events)
        )


def first_inspection(playlists: int, videos: int) -> None:
    """The first inspection of a long list alone, for a profile."""
    settings = replace(Settings(api_key="bench"), quota_per_day=10_000_000)
    world = World((), source=numbered(playlists, videos))
    with tempfile.TemporaryDirectory() as folder, open_database(f"sqlite:///{folder}/first.db") as database:
        youtube = SimulatedYouTube(world, lambda: START, quota_per_day=10_000_000)
        setup = Setup(listed(map(playlist_id, range(playlists))), youtube, database, settings)
        show(f"{playlists:,} playlists of {videos} videos, first inspection", setup.check())


def inside(playlists: int = 10_000, videos: int = 50) -> None:
    """Measure and print all of it."""
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder))
        many(Path(folder), playlists, videos)
        copies(Path(folder), 600, 50)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--playlists", type=int, default=10_000)
    parser.add_argument("--videos", type=int, default=50)
    parser.add_argument("--first", action="store_true", help="the first inspection of a long list alone")
    arguments = parser.parse_args()
    (first_inspection if arguments.first else inside)(arguments.playlists, arguments.videos)
