"""The YouTube Data API v3, in calls of at most 50 ids."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from googleapiclient.discovery import build
from googleapiclient.model import JsonModel
from httplib2 import Http

from linkwatch.errors import (
    NO_USABLE_ANSWER,
    ContradictoryListingError,
    IncompleteError,
    UnreachableError,
    UnusableAnswerError,
)
from linkwatch.models.observation import Facts, PlaylistListing
from linkwatch.models.resource import CHANNEL_ID, Resource
from linkwatch.planner.calls import Call, Method
from linkwatch.youtube.circuit_breaker import CircuitBreaker
from linkwatch.youtube.decode import BrokenBodyError, Page, PageDecoder
from linkwatch.youtube.errors import CallRefusedError, NotFoundError, PageMovedError, error_from_response
from linkwatch.youtube.http import Clients, GoogleTransport, RefusedError
from linkwatch.youtube.in_flight import InFlightLimit
from linkwatch.youtube.playlist_items import (
    LISTING_PAGES,
    counted_items,
    has_one_total,
    is_consistent,
    listed_items,
)
from linkwatch.youtube.quota import QuotaAccount
from linkwatch.youtube.responses import (
    CHANNEL_PAGES,
    PLAYLIST_PAGES,
    VIDEO_PAGES,
    Item,
    channel_facts,
    is_viewable,
    playlist_facts,
    unplayable_upload,
    video_facts,
)
from linkwatch.youtube.retry import RetryPolicy, TransientError
from linkwatch.youtube.thread_pool import run_concurrently

MAX_PAGES = 500
"""Of one playlist: more than the 20,000 videos that YouTube lists at most."""

MAX_FAILED_SPLITS = 50
"""Single ids in a row without an answer, after which a run splits no more calls."""

T = TypeVar("T")

_log = logging.getLogger("linkwatch")


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What came back for one call."""

    call: Call
    found: Mapping[Resource, Facts] = field(default_factory=dict)
    """What the API returned."""

    unplayable: Mapping[Resource, str] = field(default_factory=dict)
    """Returned videos that nobody can watch, with the status of their upload; they are absent."""

    etags: Mapping[str, str | None] = field(default_factory=dict)
    """Of the playlists, by id: when one changes, something about the playlist may have changed."""

    unanswered: tuple[Resource, ...] = ()
    """Resources without an answer; what is neither here nor in `found` or `undecided` is absent."""

    undecided: tuple[Resource, ...] = ()
    """Resources that the API refuses, or counts but does not return: oEmbed decides."""

    failure: IncompleteError | None = None
    """Why something is unanswered; None when nothing is."""


@dataclass(frozen=True, slots=True)
class ListingAnswer:
    """What came back for an inspection of one playlist."""

    playlist: Resource
    listing: PlaylistListing | None = None
    failure: IncompleteError | None = None
    """Why there is no answer; None when there is one."""


class _BytesModel(JsonModel):  # type: ignore[misc]  # the base class has no types
    """Returns the body as it is: msgspec decodes it seven times faster than `json`, into the fields that are used."""

    def deserialize(self, content: bytes) -> bytes:
        return content

    @property
    def no_content_response(self) -> bytes:
        return b""


class DataApi:
    """Calls the Data API: Google's client builds and validates the requests with its bundled discovery document.

    Args:
        key: The API key.
        api_url: Root of the API, with a trailing slash.
        clients: Where the httpx clients come from.
        account: Where a unit is booked before each attempt.
        retry: How transient faults are retried; Google's own `num_retries` would retry a spent day.
        calls_in_flight: Calls at once at most, ≥ 1; fewer after YouTube refuses one as too many.
    """

    def __init__(
        self,
        *,
        key: str,
        api_url: str,
        clients: Clients,
        account: QuotaAccount,
        retry: RetryPolicy,
        calls_in_flight: int,
    ) -> None:
        self._key = key
        self._api_url = api_url
        self._clients = clients
        self._transport = GoogleTransport(clients, key)
        self._account = account
        self._retry = retry
        self._calls_in_flight = calls_in_flight
        self.in_flight = InFlightLimit(calls_in_flight, calls_in_flight)
        self._reported_bugs: set[str] = set()

    def ask(self, calls: Iterable[Call]) -> Iterator[CallAnswer]:
        """Make the calls, several at once, and yield the answers as they come.

        Every call gets a `CallAnswer`; once the quota, the key or the network has ended the run, without being made.
        """
        _request_builders(self._api_url)  # here: the threads would each build them
        breaker = CircuitBreaker()
        return run_concurrently(
            lambda call: self.answer(call, breaker), calls, self._calls_in_flight, self._clients.release
        )

    def list_items(self, playlists: Iterable[Resource]) -> Iterator[ListingAnswer]:
        """Read the items of each playlist, several at once, and yield the answers as they come.

        A listing counts when all of its pages arrived and are consistent. Every playlist gets a `ListingAnswer`.
        """
        _request_builders(self._api_url)
        breaker = CircuitBreaker()
        return run_concurrently(
            lambda playlist: self._list(playlist, breaker), playlists, self._calls_in_flight, self._clients.release
        )

    def _list(self, playlist: Resource, breaker: CircuitBreaker) -> ListingAnswer:
        if breaker.reason is not None:
            return ListingAnswer(playlist, failure=breaker.reason)
        call = Call(Method.PLAYLIST_ITEMS, (playlist,))
        try:
            listing = self._listing(call)
        except CallRefusedError as refused:
            breaker.record_success()
            if not refused.denied:
                return ListingAnswer(playlist, failure=UnreachableError(str(refused)))
            listing = PlaylistListing(playlist, closed=True)
        except NotFoundError:
            listing = PlaylistListing(playlist, closed=True)
        except ContradictoryListingError as error:
            breaker.record_success()
            return ListingAnswer(playlist, failure=error)
        except IncompleteError as error:
            breaker.record_failure(error)
            return ListingAnswer(playlist, failure=error)
        breaker.record_success()
        _log.info("%s: listed %s, %d items", call.method, playlist.id, len(listing.items))
        return ListingAnswer(playlist, listing)

    def _listing(self, call: Call) -> PlaylistListing:
        """Read a playlist; one that changes while it is read, or contradicts itself, is read once more.

        Some playlists have another total on each page permanently: at the second reading only the items decide.
        """
        for is_second in (False, True):
            try:
                pages = self._pages(call, LISTING_PAGES, MAX_PAGES)
            except (PageMovedError, _PageLoopError):
                continue
            if is_consistent(pages) and (is_second or has_one_total(pages)):
                return PlaylistListing(call.resources[0], listed_items(pages), counted=counted_items(pages))
        raise ContradictoryListingError("YouTube's listing of a playlist contradicts itself")

    def answer(self, call: Call, breaker: CircuitBreaker) -> CallAnswer:
        """Make one call; see `ask`, which makes many.

        A call that is refused because of one of its resources is split into halves.

        Args:
            call: The call.
            breaker: That of the run.
        """
        if breaker.reason is not None:
            return CallAnswer(call, unanswered=call.resources, failure=breaker.reason)
        try:
            answer = self._answered(call, breaker)
        except UnusableAnswerError as error:
            answer = CallAnswer(call, unanswered=call.resources, failure=error)
        except IncompleteError as error:
            breaker.record_failure(error)
            return CallAnswer(call, unanswered=call.resources, failure=error)
        breaker.record_success()  # a refusal too proves that the network works
        _log.info("%s: asked about %d, %d are there", call.method, len(call.resources), len(answer.found))
        return answer

    def _answered(self, call: Call, breaker: CircuitBreaker, attempts: int = 2) -> CallAnswer:
        """The answer to a whole call, or to its halves.

        Raises:
            IncompleteError: No part of it has an answer.
        """
        is_single = len(call.resources) == 1
        try:
            for _ in range(attempts):  # a list that was cut is mostly complete the next time
                answer = _whole_answer(call, self._stable_pages(call))
                if answer is not None:
                    breaker.record_split_success()
                    return answer
            problem = UnusableAnswerError("the Data API's answers hold fewer items than they say")
        except NotFoundError as not_found:
            if is_single and not_found.reason == _NOT_FOUND[call.method]:
                return CallAnswer(call)
            problem = UnusableAnswerError("the Data API gave the answer to another question")
        except CallRefusedError as refused:
            problem = UnusableAnswerError(str(refused))
            if is_single and not refused.denied:
                breaker.record_split_failure()
                return CallAnswer(call, unanswered=call.resources, failure=problem)
        if is_single:
            breaker.record_split_failure()
            return CallAnswer(call, undecided=call.resources)
        if breaker.failed_splits >= MAX_FAILED_SPLITS:
            raise problem
        return self._halves(call, breaker)

    def _stable_pages(self, call: Call) -> list[Page[Item]]:
        for _ in range(2):
            try:
                return self._pages(call, _PAGES[call.method], len(call.resources) + 1)
            except (PageMovedError, _PageLoopError):
                continue
        raise UnreachableError("the pages of the Data API's answer do not fit together")

    def _halves(self, call: Call, breaker: CircuitBreaker) -> CallAnswer:
        middle = len(call.resources) // 2
        answers = []
        for resources in (call.resources[:middle], call.resources[middle:]):
            half = Call(call.method, resources)
            try:
                answers.append(self._answered(half, breaker, attempts=1))
            except IncompleteError as error:
                answers.append(CallAnswer(half, unanswered=resources, failure=error))
        first, second = answers
        if first.failure is not None and len(first.unanswered) + len(second.unanswered) == len(call.resources):
            raise first.failure
        return CallAnswer(
            call,
            found={**first.found, **second.found},
            unplayable={**first.unplayable, **second.unplayable},
            etags={**first.etags, **second.etags},
            unanswered=first.unanswered + second.unanswered,
            undecided=first.undecided + second.undecided,
            failure=first.failure or second.failure,
        )

    def _pages(self, call: Call, decoder: PageDecoder[T], max_pages: int) -> list[Page[T]]:
        """All pages of a call.

        Raises:
            _EndlessError: A page token comes back, or there are more pages than there can be.
        """
        pages: list[Page[T]] = []
        tokens: set[str] = set()
        token: str | None = None
        for _ in range(max_pages):
            pages.append(self._page(call, token, decoder))
            token = pages[-1].next_page_token
            if not token:
                return pages
            if token in tokens:
                break
            tokens.add(token)
        raise _PageLoopError

    def _page(self, call: Call, token: str | None, decoder: PageDecoder[T]) -> Page[T]:
        unlike: set[str] = set()
        try:
            return self._retry.run(lambda: self._attempt_within_limit(call, token, decoder, unlike))
        except TransientError as error:
            raise UnreachableError(
                f"the Data API {NO_USABLE_ANSWER}: {error}", remedy="Check the network and try again later."
            ) from None

    def _attempt_within_limit(
        self, call: Call, token: str | None, decoder: PageDecoder[T], unlike: set[str]
    ) -> Page[T]:
        with self.in_flight.slot():
            return self._attempt(call, token, decoder, unlike)

    def _attempt(self, call: Call, token: str | None, decoder: PageDecoder[T], unlike: set[str]) -> Page[T]:
        """Ask once.

        Args:
            call: What is asked.
            token: Of the page.
            decoder: Of the answer.
            unlike: The channels that earlier attempts gave for a handle that is not theirs; a new one is added.
        """
        self._account.book()
        request = _request_builders(self._api_url)[call.method](call, token)
        try:
            page = decoder.decode(request.execute(http=self._transport, num_retries=0))
        except RefusedError as refused:
            error = error_from_response(refused.response, self._key, self._account)
            if isinstance(error, CallRefusedError) and error.malformed:
                self._report_bug(error)
            raise error from None
        except BrokenBodyError:
            raise TransientError("an answer that is cut or not the Data API's") from None
        if not _is_answer_to(call, page):
            raise TransientError("the answer to another question")
        others = _channels_of_other_handles(call, page)
        if not others <= unlike:
            # YouTube may redirect a former handle, and a cache may return the answer about another: ask once more.
            unlike |= others
            raise TransientError("a channel of another handle")
        return page

    def _report_bug(self, error: CallRefusedError) -> None:
        """Log that a request of ours is malformed, each reason once: the halves of the call get the same answer."""
        if str(error) not in self._reported_bugs:
            self._reported_bugs.add(str(error))
            _log.error("%s: a bug of linkwatch, please report it; the check goes on without the answer", error)


@lru_cache(maxsize=8)
def _request_builders(api_url: str) -> Mapping[Method, Callable[[Call, str | None], Any]]:
    """The builders of requests, made once a process: the client takes 18 ms, and a resource 0.7 ms."""
    youtube = build(
        "youtube",
        "v3",
        http=Http(),  # opens no socket: each request is executed by the transport of its caller
        model=_BytesModel(),
        static_discovery=True,
        client_options={"api_endpoint": api_url},
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


_PAGES = {
    Method.PLAYLISTS: PLAYLIST_PAGES,
    Method.VIDEOS: VIDEO_PAGES,
    Method.CHANNELS: CHANNEL_PAGES,
    Method.HANDLE: CHANNEL_PAGES,
    Method.USERNAME: CHANNEL_PAGES,
}
_FACTS = {
    Method.PLAYLISTS: playlist_facts,
    Method.VIDEOS: video_facts,
    Method.CHANNELS: channel_facts,
    Method.HANDLE: channel_facts,
    Method.USERNAME: channel_facts,
}


_NOT_FOUND = {
    Method.PLAYLISTS: "playlistNotFound",
    Method.VIDEOS: "videoNotFound",
    Method.CHANNELS: "channelNotFound",
    Method.HANDLE: "channelNotFound",
    Method.USERNAME: "channelNotFound",
}
"""The reason of a 404 that answers a call of the method; any other reason answers something else."""


class _PageLoopError(Exception):
    """A page token was repeated, or there are too many pages."""


def _is_answer_to(call: Call, page: Page[Any]) -> bool:
    """Whether every item was requested: a cache on the way may return the response to another call."""
    if call.method is Method.PLAYLIST_ITEMS:
        return all(item.snippet.playlist_id in {call.resources[0].id, None} for item in page.items)
    if call.method in {Method.HANDLE, Method.USERNAME}:
        is_channel = all(CHANNEL_ID.fullmatch(item.id) for item in page.items)
        return is_channel and len(page.items) + len(page.unreadable) <= 1
    requested = {resource.id for resource in call.resources}
    return all(item.id in requested for item in page.items) and requested.issuperset(
        id_ for id_ in page.unreadable if id_
    )


def _channels_of_other_handles(call: Call, page: Page[Any]) -> set[str]:
    """The channels in the answer about a handle that name another one as theirs."""
    if call.method is not Method.HANDLE:
        return set()
    channels = [channel for item in page.items if (channel := channel_facts(item).channel)]
    asked = call.resources[0].id.casefold()
    return {channel.id for channel in channels if channel.handle and channel.handle.casefold() != asked}


def _whole_answer(call: Call, pages: Sequence[Page[Item]]) -> CallAnswer | None:
    """The answer of the pages; None when they hold fewer items than they say, or an item without a readable id."""
    items = [item for page in pages for item in page.items]
    unreadable = [id_ for page in pages for id_ in page.unreadable]
    total = max((page.total for page in pages if page.total is not None), default=0)
    by_name = call.method in {Method.HANDLE, Method.USERNAME}
    if total > len(items) + len(unreadable) or (None in unreadable and len(call.resources) > 1):
        return None
    if unreadable and (by_name or None in unreadable):
        unanswered = call.resources
    else:
        unanswered = tuple(resource for resource in call.resources if resource.id in unreadable)
    return CallAnswer(
        call,
        found=_found(call, items),
        unplayable=_unplayable(call, items) if call.method is Method.VIDEOS else {},
        etags={item.id: item.etag for item in items} if call.method is Method.PLAYLISTS else {},
        unanswered=unanswered,
        failure=UnusableAnswerError("the Data API gave an answer that can't be read") if unanswered else None,
    )


def _unplayable(call: Call, items: Iterable[Item]) -> dict[Resource, str]:
    by_id = {item.id: status for item in items if (status := unplayable_upload(item))}
    return {each: by_id[each.id] for each in call.resources if each.id in by_id} if by_id else {}


def _found(call: Call, items: Iterable[Item]) -> dict[Resource, Facts]:
    facts_of = _FACTS[call.method]
    if call.method in {Method.HANDLE, Method.USERNAME}:
        return dict(zip(call.resources, map(facts_of, items), strict=False))
    by_id = {item.id: item for item in items if is_viewable(item)}
    return {resource: facts_of(by_id[resource.id]) for resource in call.resources if resource.id in by_id}
