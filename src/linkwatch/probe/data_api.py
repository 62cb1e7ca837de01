"""The first witness: the YouTube Data API v3, asked in calls of at most 50 ids."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import httpx
from googleapiclient.discovery import build
from googleapiclient.model import JsonModel

from linkwatch.catalogue.resource import Resource
from linkwatch.errors import IncompleteError, KeyRejectedError, UnreachableError
from linkwatch.observation import Facts
from linkwatch.plan.calls import Call, Method
from linkwatch.probe.answers import (
    Item,
    Page,
    decode_page,
    facts_of_channel,
    facts_of_playlist,
    facts_of_video,
    is_there,
)
from linkwatch.probe.breaker import Breaker
from linkwatch.probe.decoding import BrokenBodyError
from linkwatch.probe.ledger import Ledger
from linkwatch.probe.pool import in_flight
from linkwatch.probe.refusals import Refusal, classify
from linkwatch.probe.retrying import RetryPolicy, TransientError, retry_after_of
from linkwatch.probe.transport import Clients, GoogleTransport, RefusedError

_KEY_REFUSALS = {
    Refusal.BAD_KEY: (
        "YouTube does not accept the API key",
        "Set YOUTUBE_API_KEY to a valid key of your Google project.",
    ),
    Refusal.NOT_ENABLED: (
        "the YouTube Data API v3 is not enabled for the key's project",
        "Enable “YouTube Data API v3” in the Google Cloud console, then wait a few minutes.",
    ),
    Refusal.KEY_RESTRICTED: (
        "YouTube refuses the API key here",
        "Look at the key's restrictions (IP addresses, referrers, APIs) in the Google Cloud console.",
    ),
    Refusal.NO_KEY: ("YouTube did not see an API key", "Set YOUTUBE_API_KEY; a proxy may be dropping request headers."),
}


_log = logging.getLogger("linkwatch")


class DataApiBugError(Exception):
    """YouTube finds fault with a request of ours: a bug to be reported, and no word about any link."""


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What came back for one call."""

    call: Call
    found: Mapping[Resource, Facts] = field(default_factory=dict)
    """What the API returned; what it was asked about and left out is not in it."""

    failure: IncompleteError | None = None
    """Why there is no answer; None when there is one. Without an answer `found` says nothing."""


class _BytesModel(JsonModel):  # type: ignore[misc]  # the base class has no types
    """Leaves the body as it came: msgspec decodes it seven times faster than `json`, into the fields that are used."""

    def deserialize(self, content: bytes) -> bytes:
        return content

    @property
    def no_content_response(self) -> bytes:
        return b""


class DataApi:
    """Asks the Data API: requests are built and validated by Google's client from its bundled discovery document.

    Args:
        key: The API key.
        api_url: Root of the API, with a trailing slash.
        clients: Where the httpx clients come from.
        ledger: Where units are booked before each attempt.
        retry: How transient faults are retried; Google's own `num_retries` would retry a spent day.
        calls_in_flight: Calls at once, ≥ 1.
    """

    def __init__(
        self, *, key: str, api_url: str, clients: Clients, ledger: Ledger, retry: RetryPolicy, calls_in_flight: int
    ) -> None:
        self._key = key
        self._api_url = api_url
        self._clients = clients
        self._transport = GoogleTransport(clients, key)
        self._ledger = ledger
        self._retry = retry
        self._calls_in_flight = calls_in_flight

    def ask(self, calls: Iterable[Call]) -> Iterator[CallAnswer]:
        """Make the calls, several at once, and yield the answers as they come.

        Every call is answered for; once the quota, the key or the network ended it, without being made.

        Raises:
            DataApiBugError: YouTube finds fault with a request of ours.
        """
        _ = self._methods  # built once and here: the threads would each build it
        breaker = Breaker()
        return in_flight(lambda call: self._answer(call, breaker), calls, self._calls_in_flight, self._clients.close)

    def _answer(self, call: Call, breaker: Breaker) -> CallAnswer:
        if breaker.reason is not None:
            return CallAnswer(call, failure=breaker.reason)
        try:
            items = self._items(call)
        except IncompleteError as error:
            breaker.failed(error)
            return CallAnswer(call, failure=error)
        breaker.answered()
        _log.info("%s: asked about %d, %d are there", call.method, len(call.resources), len(items))
        return CallAnswer(call, _found(call, items))

    def _items(self, call: Call) -> list[Item]:
        """All items of a call, page by page; a listing that moves under the reader is begun again once."""
        for last_try in (False, True):
            try:
                return self._pages(call)
            except _PageMovedError:
                if last_try:
                    break
        raise UnreachableError("YouTube's listing kept moving")

    def _pages(self, call: Call) -> list[Item]:
        items: list[Item] = []
        token: str | None = None
        # A page each for 50 ids is the worst a default page size could do; more is a server that goes in circles.
        for _ in range(len(call.resources) + 1):
            page = self._page(call, token)
            items += page.items or []
            token = page.next_page_token
            if not token:
                return items
        raise UnreachableError("YouTube's listing has no end")

    def _page(self, call: Call, token: str | None) -> Page:
        try:
            return self._retry.run(lambda: self._attempt(call, token))
        except TransientError as error:
            raise UnreachableError(
                f"the Data API gave no usable answer: {error}", remedy="Check the network and try again later."
            ) from None

    def _attempt(self, call: Call, token: str | None) -> Page:
        self._ledger.book()
        request = self._methods[call.method](call, token)
        try:
            return decode_page(request.execute(http=self._transport, num_retries=0))
        except RefusedError as refused:
            raise self._translated(refused.response) from None
        except BrokenBodyError:
            raise TransientError("an answer that is cut or not the Data API's") from None

    def _translated(self, response: httpx.Response) -> Exception:
        refusal, said = classify(response.status_code, response.content)
        said = said.replace(self._key, "…")
        quoted = f" (YouTube says: {said})" if said else ""
        match refusal:
            case Refusal.DAY_SPENT:
                return self._ledger.exhaust()
            case Refusal.BAD_KEY | Refusal.NOT_ENABLED | Refusal.KEY_RESTRICTED | Refusal.NO_KEY:
                message, remedy = _KEY_REFUSALS[refusal]
                return KeyRejectedError(message + quoted, remedy=remedy)
            case Refusal.BAD_REQUEST:
                return DataApiBugError(
                    f"YouTube refused a request as malformed, with HTTP {response.status_code}{quoted}"
                )
            case Refusal.ODD:
                return UnreachableError(f"YouTube refused a request with HTTP {response.status_code}{quoted}")
            case Refusal.PAGE_MOVED:
                return _PageMovedError()
            case Refusal.BURST:
                what = "too many requests at once"
            case _:
                what = f"HTTP {response.status_code}"
        return TransientError(what, retry_after=retry_after_of(response.headers.get("retry-after")))

    @cached_property
    def _methods(self) -> Mapping[Method, Callable[[Call, str | None], Any]]:
        """Builders of requests. The resources are kept: making them anew costs 0.7 of the 1.0 ms of a request."""
        youtube = build(
            "youtube",
            "v3",
            http=self._transport,
            model=_BytesModel(),
            static_discovery=True,
            client_options={"api_endpoint": self._api_url},
        )
        playlists, videos, channels = youtube.playlists(), youtube.videos(), youtube.channels()

        def by_ids(resource: Any, parts: str) -> Callable[[Call, str | None], Any]:
            def request(call: Call, token: str | None) -> Any:
                ids = ",".join(resource.id for resource in call.resources)
                return resource.list(part=parts, id=ids, maxResults=50, pageToken=token)

            return request

        return {
            Method.PLAYLISTS: by_ids(playlists, "snippet,contentDetails,status"),
            Method.VIDEOS: by_ids(videos, "snippet,contentDetails,status"),
            Method.CHANNELS: by_ids(channels, "snippet"),
            Method.HANDLE: lambda call, token: channels.list(
                part="snippet", forHandle=call.resources[0].id, pageToken=token
            ),
            Method.USERNAME: lambda call, token: channels.list(
                part="snippet", forUsername=call.resources[0].id.removeprefix("user/"), pageToken=token
            ),
        }


class _PageMovedError(Exception):
    """The page token is no good any more."""


def _found(call: Call, items: Iterable[Item]) -> dict[Resource, Facts]:
    """What was asked about and returned; anything else that comes along is no answer to our question."""
    if call.method in {Method.HANDLE, Method.USERNAME}:
        return dict(zip(call.resources, map(facts_of_channel, items), strict=False))
    told = {
        Method.PLAYLISTS: facts_of_playlist,
        Method.VIDEOS: facts_of_video,
        Method.CHANNELS: facts_of_channel,
    }[call.method]
    by_id = {item.id: item for item in items if is_there(item)}
    return {resource: told(by_id[resource.id]) for resource in call.resources if resource.id in by_id}
