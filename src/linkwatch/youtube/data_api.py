"""The first witness: the YouTube Data API v3, asked in calls of at most 50 ids."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from googleapiclient.discovery import build
from googleapiclient.model import JsonModel

from linkwatch.errors import IncompleteError, UnreachableError
from linkwatch.models.observation import Facts, PlaylistListing
from linkwatch.models.resource import Resource
from linkwatch.planner.calls import Call, Method
from linkwatch.youtube.circuit_breaker import CircuitBreaker
from linkwatch.youtube.decode import BrokenBodyError
from linkwatch.youtube.errors import ClosedError, PageMovedError, translated
from linkwatch.youtube.http import Clients, GoogleTransport, RefusedError
from linkwatch.youtube.playlist_items import ListingPage, decode_listing, is_one_listing, listed_items
from linkwatch.youtube.quota import QuotaAccount
from linkwatch.youtube.responses import (
    Item,
    Page,
    decode_page,
    facts_of_channel,
    facts_of_playlist,
    facts_of_video,
    is_there,
)
from linkwatch.youtube.retry import RetryPolicy, TransientError
from linkwatch.youtube.thread_pool import in_flight

MOST_PAGES = 1000
"""Of one playlist: 50,000 videos, and a server that goes in circles is left."""

P = TypeVar("P", Page, ListingPage)

_log = logging.getLogger("linkwatch")


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What came back for one call."""

    call: Call
    found: Mapping[Resource, Facts] = field(default_factory=dict)
    """What the API returned; what it was asked about and left out is not in it."""

    etags: Mapping[str, str | None] = field(default_factory=dict)
    """Of the playlists, by id: one that moves says that something in it did, if it says anything."""

    failure: IncompleteError | None = None
    """Why there is no answer; None when there is one. Without an answer `found` says nothing."""


@dataclass(frozen=True, slots=True)
class ListingAnswer:
    """What came back for a look inside one playlist."""

    playlist: Resource
    look: PlaylistListing | None = None
    failure: IncompleteError | None = None
    """Why there is no answer; None when there is one."""


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
        self,
        *,
        key: str,
        api_url: str,
        clients: Clients,
        ledger: QuotaAccount,
        retry: RetryPolicy,
        calls_in_flight: int,
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
        breaker = CircuitBreaker()
        return in_flight(lambda call: self.answer(call, breaker), calls, self._calls_in_flight, self._clients.close)

    def look(self, playlists: Iterable[Resource]) -> Iterator[ListingAnswer]:
        """Read what is in each playlist, several at once, and yield the answers as they come.

        A listing counts when all of its pages arrived. Every playlist is answered for, as in `ask`.

        Raises:
            DataApiBugError: YouTube finds fault with a request of ours.
        """
        _ = self._methods
        breaker = CircuitBreaker()
        return in_flight(lambda each: self._look(each, breaker), playlists, self._calls_in_flight, self._clients.close)

    def _look(self, playlist: Resource, breaker: CircuitBreaker) -> ListingAnswer:
        if breaker.reason is not None:
            return ListingAnswer(playlist, failure=breaker.reason)
        call = Call(Method.PLAYLIST_ITEMS, (playlist,))
        try:
            look = PlaylistListing(playlist, listed_items(self._whole(call, decode_listing, is_one_listing)))
        except ClosedError:
            look = PlaylistListing(playlist, closed=True)
        except IncompleteError as error:
            breaker.failed(error)
            return ListingAnswer(playlist, failure=error)
        breaker.answered()
        _log.info("%s: looked into %s, %d items", call.method, playlist.id, len(look.items))
        return ListingAnswer(playlist, look)

    def answer(self, call: Call, breaker: CircuitBreaker) -> CallAnswer:
        """Make one call, here and now; see `ask`, which makes many.

        Args:
            call: What to ask.
            breaker: Of the run that it belongs to.

        Raises:
            DataApiBugError: YouTube finds fault with the request.
        """
        if breaker.reason is not None:
            return CallAnswer(call, failure=breaker.reason)
        try:
            items = [item for page in self._whole(call, decode_page) for item in page.items or ()]
        except IncompleteError as error:
            breaker.failed(error)
            return CallAnswer(call, failure=error)
        breaker.answered()
        _log.info("%s: asked about %d, %d are there", call.method, len(call.resources), len(items))
        etags = {item.id: item.etag for item in items} if call.method is Method.PLAYLISTS else {}
        return CallAnswer(call, _found(call, items), etags)

    def _whole(
        self, call: Call, decoded: Callable[[bytes], P], is_one: Callable[[list[P]], bool] = lambda pages: True
    ) -> list[P]:
        """All pages of a call; a listing that moves under the reader is begun again once."""
        for _ in range(2):
            try:
                pages = self._pages(call, decoded)
            except PageMovedError:
                continue
            if is_one(pages):
                return pages
        raise UnreachableError("YouTube's listing kept moving")

    def _pages(self, call: Call, decoded: Callable[[bytes], P]) -> list[P]:
        pages: list[P] = []
        token: str | None = None
        # A page each for 50 ids is the worst a default page size could do; more is a server that goes in circles.
        for _ in range(MOST_PAGES if call.method is Method.PLAYLIST_ITEMS else len(call.resources) + 1):
            pages.append(self._page(call, token, decoded))
            token = pages[-1].next_page_token
            if not token:
                return pages
        raise UnreachableError("YouTube's listing has no end")

    def _page(self, call: Call, token: str | None, decoded: Callable[[bytes], P]) -> P:
        try:
            return self._retry.run(lambda: self._attempt(call, token, decoded))
        except TransientError as error:
            raise UnreachableError(
                f"the Data API gave no usable answer: {error}", remedy="Check the network and try again later."
            ) from None

    def _attempt(self, call: Call, token: str | None, decoded: Callable[[bytes], P]) -> P:
        self._ledger.book()
        request = self._methods[call.method](call, token)
        looking = call.method is Method.PLAYLIST_ITEMS
        try:
            return decoded(request.execute(http=self._transport, num_retries=0))
        except RefusedError as refused:
            raise translated(refused.response, self._key, self._ledger, looking=looking) from None
        except BrokenBodyError:
            raise TransientError("an answer that is cut or not the Data API's") from None

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
        items = youtube.playlistItems()

        def by_ids(resource: Any, parts: str) -> Callable[[Call, str | None], Any]:
            def request(call: Call, token: str | None) -> Any:
                ids = ",".join(resource.id for resource in call.resources)
                return resource.list(part=parts, id=ids, maxResults=50, pageToken=token)

            return request

        return {
            Method.PLAYLISTS: by_ids(playlists, "snippet,contentDetails,status"),
            Method.VIDEOS: by_ids(videos, "snippet,contentDetails,status"),
            Method.CHANNELS: by_ids(channels, "snippet"),
            Method.PLAYLIST_ITEMS: lambda call, token: items.list(
                part="snippet,status", playlistId=call.resources[0].id, maxResults=50, pageToken=token
            ),
            Method.HANDLE: lambda call, token: channels.list(
                part="snippet", forHandle=call.resources[0].id, pageToken=token
            ),
            Method.USERNAME: lambda call, token: channels.list(
                part="snippet", forUsername=call.resources[0].id.removeprefix("user/"), pageToken=token
            ),
        }


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
