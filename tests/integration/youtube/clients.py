"""The clients of the Data API and oEmbed over a simulated YouTube or another transport, without waits."""

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import httpx

from linkwatch.errors import QuotaSpentError
from linkwatch.models.resource import Kind, Resource
from linkwatch.planner.calls import Call, Method, plan_with_key
from linkwatch.simulator.entities import Entity, SimVideo
from linkwatch.simulator.faults import FaultPeriod
from linkwatch.simulator.options import Options
from linkwatch.simulator.world import World
from linkwatch.simulator.youtube import SimulatedYouTube
from linkwatch.youtube.data_api import DataApi
from linkwatch.youtube.http import Clients
from linkwatch.youtube.oembed import OEmbed
from linkwatch.youtube.retry import RetryPolicy

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
UNTIL = datetime(2026, 11, 23, 9, tzinfo=UTC)
KEY = "AIzaSySecretSecretSecretSecretSecret012"
Answering = Callable[[httpx.Request], httpx.Response]


class Units:
    """A quota account without a database."""

    def __init__(self, limit: int = 10_000) -> None:
        self.units = 0
        self.exhausted = 0
        self._limit = limit
        self._lock = threading.Lock()

    def book(self) -> None:
        with self._lock:
            if self.units >= self._limit:
                raise QuotaSpentError("the day's units are spent", remedy="Wait.")
            self.units += 1

    def exhaust(self) -> QuotaSpentError:
        with self._lock:
            self.exhausted += 1
        return QuotaSpentError("YouTube said that the day is spent", remedy="Wait.")


def video_ids(count: int) -> list[str]:
    return [f"v{number:09d}A" for number in range(count)]


def videos(ids: Iterable[str]) -> tuple[Resource, ...]:
    return tuple(Resource(Kind.VIDEO, id_) for id_ in ids)


def youtube(
    *entities: Entity, faults: Iterable[FaultPeriod] = (), quota: int = 10_000, **options: Any
) -> SimulatedYouTube:
    return SimulatedYouTube(
        World(entities, faults=faults), lambda: NOW, quota_per_day=quota, keys=[KEY], options=Options(**options)
    )


def youtube_with_videos(count: int, *faults: FaultPeriod, quota: int = 10_000, **options: Any) -> SimulatedYouTube:
    """A YouTube on which so many videos live."""
    ids = video_ids(count)
    return youtube(*(SimVideo(id_, f"Title of {id_}") for id_ in ids), faults=faults, quota=quota, **options)


def calls_for(resources: Iterable[Resource]) -> Sequence[Call]:
    return plan_with_key(((-1, resource) for resource in resources), 10_000).calls


def single_calls(resources: Iterable[Resource]) -> list[Call]:
    """One call a resource: many calls without thousands of ids."""
    return [Call(Method.VIDEOS, (resource,)) for resource in resources]


def data_api(
    answering: Answering,
    *,
    units: Units | None = None,
    attempts: int = 4,
    in_flight: int = 1,
    key: str = KEY,
    slept: list[float] | None = None,
) -> DataApi:
    naps: list[float] = [] if slept is None else slept
    return DataApi(
        key=key,
        api_url="https://youtube.googleapis.com/",
        clients=Clients(lambda: httpx.Client(transport=httpx.MockTransport(answering))),
        account=units or Units(),
        retry=RetryPolicy(attempts=attempts, sleep=naps.append),
        calls_in_flight=in_flight,
    )


def oembed(answering: Answering, *, in_flight: int = 1, attempts: int = 4, slept: list[float] | None = None) -> OEmbed:
    naps: list[float] = [] if slept is None else slept
    return OEmbed(
        url="https://www.youtube.com/oembed",
        clients=Clients(lambda: httpx.Client(transport=httpx.MockTransport(answering))),
        retry=RetryPolicy(attempts=attempts, sleep=naps.append),
        requests_in_flight=in_flight,
    )


def recorded(answering: Answering, requests: list[httpx.Request]) -> Answering:
    """The same answers, and every request noted."""

    def answer(request: httpx.Request) -> httpx.Response:
        request.read()
        requests.append(request)
        return answering(request)

    return answer


def ids_asked(request: httpx.Request) -> list[str]:
    parameters = httpx.QueryParams(request.content.decode()) if request.content else request.url.params
    return parameters["id"].split(",")
