"""What `linkwatch doctor` looks at, in the order in which one thing needs another."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from linkwatch.catalogue.resource import Kind, Resource
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.clock import utc_now
from linkwatch.errors import IncompleteError, LinkwatchError
from linkwatch.notify.addresses import unset_variable
from linkwatch.observation import Answer
from linkwatch.plan.calls import Call, Method
from linkwatch.probe.oembed import OEmbed
from linkwatch.probe.retrying import RetryPolicy
from linkwatch.probe.transport import ClientFactory, Clients, new_client
from linkwatch.report.groups import counted
from linkwatch.settings import DEFAULT_LIST, Settings, load_settings
from linkwatch.sources import list_files
from linkwatch.store.database import Database, sqlite_file
from linkwatch.store.ledger import StoreLedger, quota_day
from linkwatch.store.outbox import standings
from linkwatch.store.runs import last_run
from linkwatch.store.schema import HEAD, open_database
from linkwatch.wiring import data_api

KNOWN_VIDEO = Resource(Kind.VIDEO, "jNQXAC9IVRw")
"""The first video of YouTube, from 2005: asked about to see whether the witnesses answer at all."""

SKEW = timedelta(minutes=5)
"""How far the clock may be off: spacing of strikes and quota days are reckoned with it."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One line of the examination."""

    subject: str
    works: bool
    message: str
    remedy: str = ""
    exit_code: int = ExitCode.OK


def examine(
    config: str | None, database: str | None, *, client_factory: ClientFactory = new_client
) -> Iterator[Examined]:
    """Examine the settings, the lists, the database, and, over the network, the witnesses and the clock."""
    try:
        settings = load_settings(config=config, database=database)
    except LinkwatchError as error:
        yield _problem("settings", error)
        return
    yield Examined(
        "settings",
        True,
        f"read from {settings.origin}" if settings.origin else "no settings file: defaults and environment",
    )
    yield _lists(settings)
    opened: Database | None = None
    try:
        opened = open_database(settings.database_url)
        yield _database(settings, opened)
        yield from _outbox(settings, opened)
    except LinkwatchError as error:
        yield _problem("database", error)
    yield from _network(settings, opened, client_factory)
    if opened is not None:
        opened.close()


def _lists(settings: Settings) -> Examined:
    named = settings.lists or ((DEFAULT_LIST,) if Path(DEFAULT_LIST).is_file() else ())
    if not named:
        return Examined(
            "lists", True, f"none by default: there is no {DEFAULT_LIST} here; name one on the command line"
        )
    try:
        files = list_files(named)
    except LinkwatchError as error:
        return _problem("lists", error)
    return Examined("lists", True, ", ".join(file.name for file in files[:5]) + (" …" if len(files) > 5 else ""))


def _database(settings: Settings, database: Database) -> Examined:
    with database.write() as connection:
        run = last_run(connection)
    file = sqlite_file(settings.database_url)
    size = f", {file.stat().st_size:,} bytes" if file is not None else ""
    checked = f"last check {run.started_at:%Y-%m-%d %H:%M} UTC" if run else "no check yet"
    return Examined("database", True, f"version {HEAD}{size}, {checked}")


def _outbox(settings: Settings, database: Database) -> Iterator[Examined]:
    """Who is to be told and can't be, and what was not sent; nothing when nobody is to be told."""
    with database.read() as connection:
        unsent = standings(connection)
    for target in settings.notify:
        if unset := unset_variable(target.url, os.environ):
            remedy = f"Set it, or take the table out: {target.place}"
            yield Examined("notify", False, f"{target.name}: ${unset} is not set", remedy, ExitCode.INCOMPLETE)
    dead = [f"{each.target}: {counted(each.dead, 'message')}, {each.failure}" for each in unsent if each.dead]
    waiting = sum(each.waiting for each in unsent)
    if dead:
        remedy = "Mend what “linkwatch notify test” names, then: linkwatch notify send --retry"
        yield Examined("notify", False, f"given up: {'; '.join(dead)}", remedy, ExitCode.INCOMPLETE)
    if settings.notify or waiting:
        to = f"{counted(len(settings.notify), 'target')}"
        waits = f"{counted(waiting, 'message')} to be sent: linkwatch notify send" if waiting else "nothing waits"
        yield Examined("notify", True, f"{to}, {waits}")


def _network(settings: Settings, database: Database | None, client_factory: ClientFactory) -> Iterator[Examined]:
    dates: list[str] = []
    clients = Clients(lambda: _listening(client_factory(), dates))
    retry = RetryPolicy(attempts=2)
    if not settings.api_key:
        yield Examined(
            "key",
            True,
            "none: oEmbed is asked, which knows no counts and no channels",
            "For more, set YOUTUBE_API_KEY: README.md, “A key in three steps”.",
        )
    elif database is not None:
        yield _key(settings, StoreLedger(database, settings.quota_per_day, utc_now), retry, clients)
        yield _quota(settings, database)
    (answer,) = OEmbed(url=settings.oembed_url, clients=clients, retry=retry, requests_in_flight=1).ask([KNOWN_VIDEO])
    if answer.failure is not None:
        yield _problem("oEmbed", answer.failure)
    else:
        found = "answers" if answer.answer is Answer.PRESENT else f"answers, but finds a known video {answer.answer}"
        yield Examined(
            "oEmbed",
            answer.answer is Answer.PRESENT,
            found,
            exit_code=0 if answer.answer is Answer.PRESENT else ExitCode.INCOMPLETE,
        )
    if dates:
        yield _clock(parsedate_to_datetime(dates[-1]), utc_now())


def _key(settings: Settings, ledger: StoreLedger, retry: RetryPolicy, clients: Clients) -> Examined:
    (answer,) = data_api(settings, ledger, retry, clients).ask([Call(Method.VIDEOS, (KNOWN_VIDEO,))])
    if answer.failure is not None:
        return _problem("key", answer.failure)
    if not answer.found:
        return Examined(
            "key", False, "the Data API answers, but finds a known video missing", exit_code=ExitCode.INCOMPLETE
        )
    return Examined("key", True, "the Data API answers")


def _quota(settings: Settings, database: Database) -> Examined:
    with database.read() as connection:
        day = quota_day(connection, utc_now(), settings.quota_per_day)
    if day.left == 0:
        return Examined("quota", False, day.why_spent, exit_code=ExitCode.INCOMPLETE)
    return Examined("quota", True, f"{day.left:,} of {day.limit:,} units left until {day.turns_at:%Y-%m-%d %H:%M} UTC")


def _clock(theirs: datetime, ours: datetime) -> Examined:
    off = abs(ours - theirs)
    if off > SKEW:
        return Examined(
            "clock",
            False,
            f"{off} away from YouTube's",
            "Set the clock, for example with NTP.",
            exit_code=ExitCode.INCOMPLETE,
        )
    return Examined("clock", True, "agrees with YouTube's")


def _listening(client: httpx.Client, dates: list[str]) -> httpx.Client:
    """The client, telling the date of every answer."""

    def note(response: httpx.Response) -> None:
        if date := response.headers.get("date"):
            dates.append(date)

    client.event_hooks = {"response": [note]}
    return client


def _problem(subject: str, error: LinkwatchError) -> Examined:
    code = ExitCode.INCOMPLETE if isinstance(error, IncompleteError) else ExitCode.USAGE
    return Examined(subject, False, error.message, error.remedy, code)
