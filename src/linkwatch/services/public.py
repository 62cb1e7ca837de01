"""The public pages of lists: their secret addresses, and what a status page needs beside the report."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import quote

from linkwatch.errors import UsageError
from linkwatch.models.observation import Member
from linkwatch.models.resource import Kind, Resource
from linkwatch.report.status import LOST_FOR, MOST_ENTRIES
from linkwatch.settings import Schedule, Settings
from linkwatch.settings.schedule import PublicAddress, PublicPage
from linkwatch.store.database import Database
from linkwatch.store.inspection_results import load_last_lost_members
from linkwatch.store.public_addresses import load_public_secrets, save_public_secrets
from linkwatch.store.schema import open_database
from linkwatch.text import visible

PAGES = {
    PublicPage.STATUS: ("status",),
    PublicPage.BADGE: ("badge.svg", "badge.json"),
    PublicPage.FEED: ("feed.atom",),
}
"""The last parts of the paths of each public page."""

_SECRET_BYTES = 24
"""192 bits, as 32 characters of a URL."""


def public_secrets(database: Database, schedules: Iterable[Schedule]) -> dict[str, str]:
    """The secrets of the schedules that are public at a secret address, by their keys; those that lack one get it.

    Raises:
        StoreError: The database can't be read, or a secret not be written.
    """
    keys = [each.key for each in schedules if each.public and each.public_address is PublicAddress.SECRET]
    with database.read() as connection:
        known = load_public_secrets(connection)
    if any(key not in known for key in keys):
        with database.write() as connection:
            known = load_public_secrets(connection)
            new = {key: _new_secret() for key in keys if key not in known}
            save_public_secrets(connection, new.items())
        known |= new
    return {key: known[key] for key in keys}


def renew_secrets(database: Database, keys: Collection[str]) -> None:
    """Give schedules new secret addresses; the former ones lead nowhere any more.

    Raises:
        StoreError: The database can't be written.
    """
    with database.write() as connection:
        save_public_secrets(connection, [(key, _new_secret()) for key in keys])


def _new_secret() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)


def public_paths(schedule: Schedule, known: dict[str, str]) -> Iterator[tuple[PublicPage, str]]:
    """The paths of the public pages of a schedule, each with what it shows.

    Args:
        schedule: The schedule.
        known: Secrets by keys of schedules, as from `public_secrets`.
    """
    is_plain = schedule.public_address is PublicAddress.PLAIN
    address = quote(schedule.name, safe="@", errors="replace") if is_plain else known.get(schedule.key)
    if address is not None:
        for page in schedule.public:
            yield from ((page, f"/public/{address}/{name}") for name in PAGES[page])


def base_of(settings: Settings) -> str:
    """Where the dashboard can be reached, with a slash at the end."""
    return settings.base_url or f"http://{settings.bind}/"


def lost_videos(
    database: Database, resources: Iterable[Resource], now: datetime
) -> tuple[list[tuple[Resource, Member]], int]:
    """The videos that are missing from playlists, the last to go first, and how many there are in all."""
    playlists = (resource for resource in resources if resource.kind is Kind.PLAYLIST)
    with database.read() as connection:
        return load_last_lost_members(connection, playlists, now - LOST_FOR, MOST_ENTRIES)


def describe_public_pages(settings: Settings, schedules: Sequence[Schedule], renew: Collection[str]) -> list[str]:
    """The addresses of the public pages of all schedules, a line each.

    Args:
        settings: With the database, and where the dashboard can be reached.
        schedules: All of them.
        renew: Names of schedules that get a new secret address first.

    Raises:
        UsageError: A schedule that is to be renewed has no secret address.
        StoreError: The database can't be read or written.
    """
    public = [schedule for schedule in schedules if schedule.public]
    keys = [_secret_key(name, public) for name in renew]
    if not public:
        return ['Nothing is public. To publish pages of a list, set for example: public = ["badge", "status"]']
    with open_database(settings.database_url) as database:
        if keys:
            renew_secrets(database, keys)
        known = public_secrets(database, public)
    base, lines = base_of(settings), []
    for schedule in public:
        lines.append(f"{visible(schedule.name)} ({schedule.public_address})")
        lines += [f"  {page:<6}  {base}{path.removeprefix('/')}" for page, path in public_paths(schedule, known)]
    return lines


def _secret_key(name: str, public: Iterable[Schedule]) -> str:
    secret = [each for each in public if each.public_address is PublicAddress.SECRET]
    key = next((each.key for each in secret if each.name == name), None)
    if key is None:
        names = ", ".join(visible(each.name) for each in secret)
        remedy = f"Those with one: {names}." if names else 'Set public = ["status"] first.'
        raise UsageError(f"no list named {visible(name)!r} has a secret address", remedy=remedy)
    return key
