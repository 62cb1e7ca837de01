"""What looks inside playlists cost: `python -m bench.inside`; part of `make bench`.

The simulated YouTube answers in the same process, so its time is in the seconds; the units are counted by both sides.
A year of changes is written to the store directly: what is measured there are rows and bytes.
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
from linkwatch.models.link import Link
from linkwatch.models.observation import Member, MemberState, PlaylistItem, PlaylistListing
from linkwatch.models.resource import Kind, Resource
from linkwatch.services.check import run_check
from linkwatch.services.dependencies import check_context
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
TWIN_OF = 20
"""Every so many playlists one is the copy of the one before it, but for a tenth of its videos."""


@dataclass
class Place:
    """A list, a YouTube and a database, and the time there."""

    catalogue: Catalogue
    youtube: SimulatedYouTube
    database: Database
    settings: Settings
    now: datetime = START

    def check(self) -> str:
        """Check once; returns units, seconds and how many looks were made, as text."""
        before = len(self.youtube.log)
        using = check_context(
            self.settings,
            self.database,
            clock=lambda: self.now,
            client_factory=lambda: httpx.Client(transport=httpx.MockTransport(self.youtube)),
        )
        began = time.process_time()
        checked = run_check(self.catalogue, ["list.csv"], using)
        seconds = time.process_time() - began
        with self.database.read() as connection:
            units = load_run(connection, checked.run_id).quota_units
        pages = sum(asked.method == "playlistItems.list" for asked in self.youtube.log[before:])
        return f"{units:,} units ({pages:,} of them pages of playlists), {seconds:.1f} s of CPU"


def playlist_id(number: int) -> str:
    """The id of a numbered playlist."""
    return f"PL{number:032d}"


def video_id(playlist: int, place: int) -> str:
    """The id of a video; the copies share nine of ten with the playlist before them."""
    original = playlist - 1 if playlist % TWIN_OF == TWIN_OF - 1 and place % 10 else playlist
    return f"{original:06d}{place:04d}A"


def numbered(playlists: int, videos: int) -> Callable[[str], Entity | None]:
    """A world of so many playlists of so many videos, made when asked for."""

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


def tell(what: str, told: str) -> None:
    """Print one line."""
    print(f"{what:<58} {told}", flush=True)  # noqa: T201  # a bench prints


def seed(folder: Path) -> None:
    """The playlists of the seed list, looked into with the state of each video."""
    world = demo_scenario(START).world
    seed_list = str(Path(__file__).parents[1] / "resources.csv")
    named = catalogue_links(read_lists([seed_list], stdin=sys.stdin.buffer)).resources()
    ids = [resource.id for resource in named if resource.kind is Kind.PLAYLIST]
    settings = Settings(api_key="bench", inside=InspectMode.FULL)
    with open_database(f"sqlite:///{folder}/seed.db") as database:
        place = Place(listed(iter(ids)), SimulatedYouTube(world, lambda: START), database, settings)
        tell(f"the seed list's {len(ids)} playlists, a full look inside", place.check())


def many(folder: Path, playlists: int, videos: int) -> None:
    """A long list: the first look, a steady day, and who is alike."""
    settings = replace(Settings(api_key="bench"), quota_per_day=10_000_000)
    world = World((), source=numbered(playlists, videos))
    with open_database(f"sqlite:///{folder}/many.db") as database:
        youtube = SimulatedYouTube(world, lambda: place.now, quota_per_day=10_000_000)
        place = Place(listed(map(playlist_id, range(playlists))), youtube, database, settings)
        tell(f"{playlists:,} playlists of {videos} videos, first look", place.check())
        place.now += DAY
        tell("the day after, nothing moved", place.check())
        with database.read() as connection:
            ids = list(connection.execute(select(resources.c.id)).scalars())
        began = time.process_time()
        with database.write() as connection:
            update_overlaps(connection, ids)
        seconds = time.process_time() - began
        with database.read() as connection:
            found = connection.execute(select(func.count()).select_from(overlaps)).scalar_one()
        tell(f"who is alike, all {playlists:,} compared anew", f"{found:,} pairs, {seconds:.1f} s of CPU")
        year(database, folder / "many.db", playlists, videos)


def year(database: Database, file: Path, playlists: int, videos: int) -> None:
    """One playlist in a hundred changes every day, by a video that leaves and another that comes, for a year."""
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
            for playlist, recalled in load_members(connection, chosen).items():
                look = PlaylistListing(playlist, moved_on(recalled.members, day))
                fates = {recalled.members[0].video_id: MemberState.DELETED}
                kept.append(
                    StoredInspection(
                        recalled, look, compare_members(recalled.members, look.items, fates, {}, now), None, videos
                    )
                )
            save_inspections(connection, run_id, kept, now)
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    grown = file.stat().st_size - before
    tell(f"a year, {daily:,} of them change every day", f"{row_count(database) - rows:,} rows, {grown / 1e6:.1f} MB")
    tell("  the database before it", f"{rows:,} rows, {before / 1e6:.1f} MB")


def moved_on(members: Sequence[Member], day: int) -> tuple[PlaylistItem, ...]:
    """The listing without its first video, and with another one at its end."""
    stay = [
        PlaylistItem(each.video_id, place, MemberState.AVAILABLE, each.title, each.owner_id, each.owner_title)
        for place, each in enumerate(members[1:])
    ]
    return (*stay, PlaylistItem(f"new{day:07d}A", len(stay), MemberState.AVAILABLE, f"Another lecture, of day {day}"))


def row_count(database: Database) -> int:
    """Rows of members and of what happened to them."""
    with database.read() as connection:
        return sum(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (memberships, member_events)
        )


def inside(playlists: int = 10_000, videos: int = 50) -> None:
    """Measure and print all of it."""
    with tempfile.TemporaryDirectory() as folder:
        seed(Path(folder))
        many(Path(folder), playlists, videos)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--playlists", type=int, default=10_000)
    parser.add_argument("--videos", type=int, default=50)
    inside(**vars(parser.parse_args()))
