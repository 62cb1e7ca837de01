"""Whether the witnesses answer, how the day's quota stands, and whether the clock is right; asks YouTube."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx

from linkwatch.cli.doctor.result import DoctorResult, problem
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.clock import utc_now
from linkwatch.models.observation import Answer
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import Call, Method
from linkwatch.services.dependencies import data_api
from linkwatch.settings import Settings
from linkwatch.store.database import Database
from linkwatch.store.quota import StoredQuotaAccount, load_quota_day
from linkwatch.youtube.http import ClientFactory, Clients
from linkwatch.youtube.oembed import OEmbed
from linkwatch.youtube.retry import RetryPolicy

KNOWN_VIDEO = Resource(Kind.VIDEO, "jNQXAC9IVRw")
"""The first video of YouTube, from 2005: asked about to see whether the witnesses answer at all."""

SKEW = timedelta(minutes=5)
"""How far the clock may be off: spacing of strikes and quota days are reckoned with it."""

_DOUBT = (
    "Ask again in an hour; if it stays so, see whether $LINKWATCH_DATA_API_URL and $LINKWATCH_OEMBED_URL are right."
)


def examine_network(
    settings: Settings, database: Database | None, client_factory: ClientFactory
) -> Iterator[DoctorResult]:
    """The key and its quota, oEmbed, and the clock.

    Args:
        settings: The settings.
        database: Where units are booked; None: it can't be opened, and the key is not tried.
        client_factory: Makes the clients.
    """
    dates: list[str] = []
    clients = Clients(lambda: _listening(client_factory(), dates))
    retry = RetryPolicy(attempts=2)
    if not settings.api_key:
        yield DoctorResult(
            "key",
            True,
            "none: oEmbed is asked, which knows no counts and no channels",
            "For more, set YOUTUBE_API_KEY: README.md, “A key in three steps”.",
        )
    elif database is not None:
        yield _key(settings, StoredQuotaAccount(database, settings.quota_per_day, utc_now), retry, clients)
        yield _quota(settings, database)
    (answer,) = OEmbed(url=settings.oembed_url, clients=clients, retry=retry, requests_in_flight=1).ask([KNOWN_VIDEO])
    if answer.failure is not None:
        yield problem("oEmbed", answer.failure)
    else:
        found = "answers" if answer.answer is Answer.PRESENT else f"answers, but finds a known video {answer.answer}"
        yield DoctorResult(
            "oEmbed",
            answer.answer is Answer.PRESENT,
            found,
            "" if answer.answer is Answer.PRESENT else _DOUBT,
            exit_code=0 if answer.answer is Answer.PRESENT else ExitCode.INCOMPLETE,
        )
    if dates:
        yield _clock(parsedate_to_datetime(dates[-1]), utc_now())


def _key(settings: Settings, ledger: StoredQuotaAccount, retry: RetryPolicy, clients: Clients) -> DoctorResult:
    (answer,) = data_api(settings, ledger, retry, clients).ask([Call(Method.VIDEOS, (KNOWN_VIDEO,))])
    if answer.failure is not None:
        return problem("key", answer.failure)
    if not answer.found:
        doubted = "the Data API answers, but finds a known video missing"
        return DoctorResult("key", False, doubted, _DOUBT, ExitCode.INCOMPLETE)
    return DoctorResult("key", True, "the Data API answers")


def _quota(settings: Settings, database: Database) -> DoctorResult:
    with database.read() as connection:
        day = load_quota_day(connection, utc_now(), settings.quota_per_day)
    if day.left == 0:
        remedy = "Check again when it has begun; if that is so every day, check less often, or raise the quota."
        return DoctorResult("quota", False, day.why_spent, remedy, ExitCode.INCOMPLETE)
    return DoctorResult(
        "quota", True, f"{day.left:,} of {day.limit:,} units left until {day.turns_at:%Y-%m-%d %H:%M} UTC"
    )


def _clock(theirs: datetime, ours: datetime) -> DoctorResult:
    off = abs(ours - theirs)
    if off > SKEW:
        return DoctorResult(
            "clock",
            False,
            f"{off} away from YouTube's",
            "Set the clock, for example with NTP.",
            exit_code=ExitCode.INCOMPLETE,
        )
    return DoctorResult("clock", True, "agrees with YouTube's")


def _listening(client: httpx.Client, dates: list[str]) -> httpx.Client:
    """The client, telling the date of every answer."""

    def note(response: httpx.Response) -> None:
        if date := response.headers.get("date"):
            dates.append(date)

    client.event_hooks = {"response": [note]}
    return client
