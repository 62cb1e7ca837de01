"""oEmbed, one request a playlist or video: asked about what the Data API omits, and without a key about everything."""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import httpx
import msgspec

from linkwatch.errors import NO_USABLE_ANSWER, UnreachableError, UnusableAnswerError
from linkwatch.exchange import send
from linkwatch.models.observation import EMBEDDING_HINT, Answer, Facts
from linkwatch.models.resource import Kind, Resource
from linkwatch.urls.ids import has_known_shape
from linkwatch.youtube.circuit_breaker import CircuitBreaker
from linkwatch.youtube.decode import BrokenBodyError, decode
from linkwatch.youtube.http import Clients
from linkwatch.youtube.in_flight import InFlightLimit
from linkwatch.youtube.retry import RetryPolicy, TooManyRequestsError, TransientError, parse_retry_after
from linkwatch.youtube.thread_pool import ThreadPool

FIRST_REQUESTS = 16
"""Requests in flight at first: 740 requests, 120 of them in flight, got no 429, but nobody promises that."""

_log = logging.getLogger("linkwatch")


@dataclass(frozen=True, slots=True)
class OEmbedAnswer:
    """What oEmbed answers about one resource."""

    resource: Resource
    answer: Answer
    facts: Facts | None = None
    failure: UnreachableError | None = None
    """Why the answer proves nothing: with `Answer.NONE`, and with `Answer.MALFORMED` about an id of YouTube's shape."""


class _Body(msgspec.Struct):
    title: str | None = None
    author_name: str | None = None
    author_url: str | None = None
    html: str | None = None


_body = msgspec.json.Decoder(_Body)

_BLANK = b"\xef\xbb\xbf \t\r\n"
"""What may come before the first `<` of a page: a byte order mark and white space."""

_REFUSALS = {
    400: Answer.MALFORMED,
    401: Answer.UNAUTHORIZED,
    403: Answer.FORBIDDEN,
    404: Answer.ABSENT,
}

_CALLED_MALFORMED = UnusableAnswerError("oEmbed calls an id malformed that has the shape of YouTube's ids")


class OEmbed:
    """Asks oEmbed about playlists and videos. It knows no channels: it answers 404 for existing ones.

    Args:
        url: The endpoint.
        clients: Where the httpx clients come from.
        retry: How transient faults are retried.
        requests_in_flight: Requests at once at most, ≥ 1; of more than 16, the first ones are answered before.
    """

    def __init__(self, *, url: str, clients: Clients, retry: RetryPolicy, requests_in_flight: int) -> None:
        self._url = url
        self._clients = clients
        self._retry = retry
        self._requests_in_flight = requests_in_flight
        self.in_flight = InFlightLimit(FIRST_REQUESTS, requests_in_flight)

    def ask(self, resources: Iterable[Resource]) -> Iterator[OEmbedAnswer]:
        """Ask about each resource, several at once, and yield the answers as they come; every resource gets one."""
        with self.pool() as pool:
            yield from pool.results(resources)

    def pool(self) -> ThreadPool[Resource, OEmbedAnswer]:
        """A pool that asks about each resource that is submitted to it; every resource gets an answer."""
        breaker = CircuitBreaker()
        return ThreadPool(
            lambda resource: self._answer(resource, breaker), self._requests_in_flight, self._clients.release
        )

    def _answer(self, resource: Resource, breaker: CircuitBreaker) -> OEmbedAnswer:
        if isinstance(breaker.reason, UnreachableError):
            return OEmbedAnswer(resource, Answer.NONE, failure=breaker.reason)
        try:
            answer = self._retry.run(lambda: self._attempt(resource))
        except TransientError as error:
            failure = UnreachableError(
                f"oEmbed {NO_USABLE_ANSWER}: {error}", remedy="Check the network and try again later."
            )
            breaker.record_failure(failure)
            return OEmbedAnswer(resource, Answer.NONE, failure=failure)
        breaker.record_success()
        _log.info("oEmbed: %s %s is %s", resource.kind, resource.id, answer.answer)
        return answer

    def _attempt(self, resource: Resource) -> OEmbedAnswer:
        params = {"url": resource.url, "format": "json"}
        with self.in_flight.slot():
            response = send(self._clients.get(), "GET", self._url, params=params, limits=self._clients.limits)
            if response.status_code == 429:
                raise TooManyRequestsError("HTTP 429", retry_after=_retry_after(response))
        if response.status_code == 200:
            return OEmbedAnswer(resource, Answer.PRESENT, _facts(response, resource))
        answer = _REFUSALS.get(response.status_code)
        # YouTube's errors are plain text; an HTML page comes from a proxy or a captive portal.
        if answer is None or response.content.lstrip(_BLANK)[:1] == b"<":
            raise TransientError(f"HTTP {response.status_code}", retry_after=_retry_after(response))
        if answer is Answer.UNAUTHORIZED and resource.kind is Kind.VIDEO:
            return OEmbedAnswer(resource, answer, Facts(restrictions=(EMBEDDING_HINT,)))
        if answer is Answer.MALFORMED and has_known_shape(resource):
            return OEmbedAnswer(resource, answer, failure=_CALLED_MALFORMED)
        return OEmbedAnswer(resource, answer)


def _retry_after(response: httpx.Response) -> float | None:
    return parse_retry_after(response.headers.get("retry-after"))


_EMBEDDED = {
    Kind.VIDEO: re.compile(r"/embed/([\w-]{11})(?![\w-])", re.ASCII),
    Kind.PLAYLIST: re.compile(r"[?&;]list=([\w-]+)", re.ASCII),
}
"""Where the frame in an answer names what it shows."""


def _facts(response: httpx.Response, resource: Resource) -> Facts:
    try:
        body = decode(_body, response.content)
    except BrokenBodyError:
        raise TransientError("an answer that is cut or not oEmbed's") from None
    if body.title is None:
        raise TransientError("an answer without a title")
    named = _EMBEDDED[resource.kind].search(body.html or "")
    if named is not None and named[1] != resource.id:
        raise TransientError("the answer to another question")  # of a cache that ignores the query
    _, _, channel = (body.author_url or "").partition("/channel/")
    return Facts(title=body.title or None, owner_id=channel or None, owner_title=body.author_name)
