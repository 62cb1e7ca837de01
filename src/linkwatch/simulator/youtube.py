"""The simulated YouTube: a request in, a response out, at the time of the clock.

transport = httpx.MockTransport(SimulatedYouTube(world, clock=lambda: now))
"""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

import httpx

from linkwatch.simulator import oembed, pages, wire
from linkwatch.simulator.call import Call
from linkwatch.simulator.faults import (
    METHOD_OF_FAULT,
    MISLEADING,
    OEMBED_STATUS,
    TRANSPORT_ERRORS,
    Fault,
    FaultPeriod,
    Surface,
)
from linkwatch.simulator.items import Json, ResponseContext, etag
from linkwatch.simulator.lists import METHODS, list_response
from linkwatch.simulator.misleading import misleading_body
from linkwatch.simulator.options import Options
from linkwatch.simulator.quota import QuotaMeter
from linkwatch.simulator.refusals import REFUSALS, RefusedError
from linkwatch.simulator.world import View, World

_API = "/youtube/v3/"

_CONNECTION_FAILURES = frozenset({Fault.CONNECT_TIMEOUT, Fault.CONNECTION_REFUSED})

_KEY_FAULTS = frozenset(
    {
        Fault.API_KEY_INVALID,
        Fault.KEY_INVALID,
        Fault.ACCESS_NOT_CONFIGURED,
        Fault.SERVICE_DISABLED,
        Fault.IP_ADDRESS_BLOCKED,
        Fault.HTTP_REFERRER_BLOCKED,
        Fault.SERVICE_BLOCKED,
        Fault.IP_REFERER_BLOCKED,
        Fault.UNREGISTERED_CALLER,
        Fault.DAILY_LIMIT_UNREGISTERED,
        Fault.AUTH_ERROR,
    }
)

_FREE = _KEY_FAULTS | {Fault.QUOTA_EXCEEDED, Fault.DAILY_LIMIT_EXCEEDED, Fault.DAY_SPENT_429, Fault.NO_QUOTA}
"""Refused before anything is charged: there is no project, or its day is spent."""

_CHARGED = MISLEADING | frozenset(
    {
        Fault.INVALID_FILTERS,
        Fault.MISSING_REQUIRED_PARAMETER,
        Fault.INVALID_PARAMETER,
        Fault.UNKNOWN_PART,
        Fault.INVALID_PAGE_TOKEN,
        Fault.PLAYLIST_NOT_FOUND,
        Fault.CHANNEL_NOT_FOUND,
        Fault.VIDEO_NOT_FOUND,
        Fault.PLAYLIST_ITEMS_NOT_ACCESSIBLE,
        Fault.FORBIDDEN,
        Fault.PLAYLIST_FORBIDDEN,
        Fault.CHANNEL_FORBIDDEN,
        Fault.CHANNEL_CLOSED,
        Fault.CHANNEL_SUSPENDED,
        Fault.WATCH_HISTORY_NOT_ACCESSIBLE,
        Fault.PERMISSION_DENIED_403,
        Fault.CUT_BODY,
    }
)
"""The request was read and processed: these cost their unit like an answer."""


_STATUS = OEMBED_STATUS | {fault: refusal.code for fault, refusal in REFUSALS.items()}
"""The status of a fault, which is all that oEmbed and pages show of it."""


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request in the log."""

    method: str
    """`playlists.list`, `oembed` and so on; `page` for anything a browser would ask for."""

    ids: tuple[str, ...]
    """Ids, `@handle` or `user/NAME`; for `playlistItems.list` the id of the playlist; for a page its path."""


class SimulatedYouTube:
    """Answers as YouTube would. Thread-safe; the same requests at the same times get the same responses.

    Args:
        world: The resources and the faults.
        clock: The time of each request, aware.
        quota_per_day: Units a Pacific day.
        keys: The API keys that are valid; None takes any.
        options: How YouTube behaves where it isn't known.
    """

    def __init__(
        self,
        world: World,
        clock: Callable[[], datetime],
        *,
        quota_per_day: int = 10_000,
        keys: Collection[str] | None = None,
        options: Options | None = None,
    ) -> None:
        self.world = world
        self._clock = clock
        self._meter = QuotaMeter(quota_per_day)
        self._keys = keys
        self._options = options or Options()
        self._log: list[LoggedRequest] = []
        self._attempts: Counter[tuple[FaultPeriod, str]] = Counter()
        self._lock = Lock()

    @property
    def log(self) -> list[LoggedRequest]:
        """All requests so far, in order."""
        with self._lock:
            return list(self._log)

    @property
    def requests(self) -> Counter[str]:
        """The number of requests of each method."""
        return Counter(asked.method for asked in self.log)

    def units_used(self, day: date) -> int:
        """Quota units charged on a Pacific day."""
        return self._meter.used(day)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request.

        Raises:
            httpx.TransportError: A fault prevents the response.
            LookupError: The world has a resource without its owner.
        """
        view = self.world.at(self._clock())
        path = request.url.path
        if path.startswith(_API):
            return self._data_api(request, path.removeprefix(_API), view)
        if path.endswith("/oembed"):
            return self._oembed(request, view)
        return self._page(request, view)

    def _log_request(self, asked: LoggedRequest) -> int:
        """Log a request; returns its number, from 1."""
        with self._lock:
            self._log.append(asked)
            return len(self._log)

    def _fault(self, view: View, surface: Surface, call: Call) -> Fault | None:
        period = self._matching_fault(view, surface, call)
        return None if period is None else period.fault

    def _matching_fault(self, view: View, surface: Surface, call: Call) -> FaultPeriod | None:
        """The first fault that affects this attempt."""
        signature = f"{call.resource} {sorted(call.parameters.items())}"
        for period in view.active_faults(surface):
            if period.fault is Fault.INVALID_PAGE_TOKEN and not call.value("pageToken"):
                continue
            is_method = METHOD_OF_FAULT.get(period.fault, call.resource) == call.resource
            if is_method and period.affects(signature, call.subjects, self._attempt(period, signature)):
                return period
        return None

    def _attempt(self, period: FaultPeriod, signature: str) -> int:
        # Counted per call, not over all of them: which attempts fail must not depend on the order of threads.
        with self._lock:
            self._attempts[period, signature] += 1
            return self._attempts[period, signature]

    def _data_api(self, request: httpx.Request, resource: str, view: View) -> httpx.Response:
        parameters = wire.parameters(request)
        key = request.headers.get("x-goog-api-key") or "".join(parameters.pop("key", []))
        call = Call(resource, parameters)
        number = self._log_request(LoggedRequest(f"{resource}.list", call.subjects))
        if resource not in METHODS or not wire.is_get(request):
            return wire.error_response(request, Fault.NOT_MODELLED)
        period = self._matching_fault(view, Surface.DATA_API, call)
        fault = None if period is None else period.fault
        refusal = self._refusal(fault, key, view)
        if refusal is not None:
            return _failed(request, refusal)
        try:
            context = ResponseContext(view, self._options, call.value("hl"))
            overlap = int(fault is Fault.PAGES_OVERLAP)
            body = list_response(call, context, _omitted_ids(view), overlap=overlap)
        except RefusedError as refused:
            return wire.error_response(request, refused.fault, refused.message)
        if period is not None and period.fault in MISLEADING:
            # What wavers over time is the same within one check; a listing differs from reading to reading.
            salt = str(view.now if period.fault is Fault.ITEM_COUNT_WAVERS else number)
            return wire.json_response(request, 200, misleading_body(period.fault, body, period.ids, salt))
        if not self._options.etags_stable:
            for tagged in (body, *body.get("items", ())):
                tagged["etag"] = etag(f"{tagged['etag']} {number}")
        return self._answered(request, body, view, cut=fault is Fault.CUT_BODY)

    def _refusal(self, fault: Fault | None, key: str, view: View) -> Fault | None:
        """Why a call is refused, None when it is answered; charges its unit, as YouTube does."""
        if fault in _CONNECTION_FAILURES:
            return fault
        if not key:
            return Fault.UNREGISTERED_CALLER
        if self._keys is not None and key not in self._keys:
            return Fault.API_KEY_INVALID
        if fault in _FREE:
            return fault
        charged = fault is None or fault in _CHARGED or self._options.charge_failures
        if charged and not self._meter.charge(view.now):
            return self._options.day_spent
        return None if fault is Fault.CUT_BODY or fault in MISLEADING else fault

    def _answered(self, request: httpx.Request, body: Json, view: View, *, cut: bool) -> httpx.Response:
        unchanged = wire.not_modified(request, body)
        if unchanged is None:
            return wire.json_response(request, 200, body, cut=cut, etag_header=self._options.etag_header)
        if not self._options.charge_304:
            self._meter.refund(view.now)
        return unchanged

    def _oembed(self, request: httpx.Request, view: View) -> httpx.Response:
        url = request.url.params.get("url", "")
        resource = oembed.named_resource(url)
        ids = (url,) if resource is None else (resource[1],)
        self._log_request(LoggedRequest("oembed", ids))
        fault = self._fault(view, Surface.OEMBED, Call("oembed", {"id": ids}))
        if fault is None or fault is Fault.CUT_BODY:
            return _whole_or_truncated(oembed.respond(request.url.params, view, self._options), fault)
        return oembed.error_response(_STATUS[fault]) if fault in _STATUS else _failed(request, fault)

    def _page(self, request: httpx.Request, view: View) -> httpx.Response:
        self._log_request(LoggedRequest("page", (request.url.path,)))
        fault = self._fault(view, Surface.PAGES, Call("page", {"id": (str(request.url),)}))
        if fault is None or fault is Fault.CUT_BODY:
            return _whole_or_truncated(pages.respond(request.url, view, self._options), fault)
        return pages.html_page(_STATUS[fault]) if fault in _STATUS else _failed(request, fault)


def _omitted_ids(view: View) -> Callable[[str], bool]:
    """Whether the API omits an id now."""
    periods = view.active_faults(Surface.DATA_API)
    return lambda id_: any(period.omits(id_) for period in periods)


def _whole_or_truncated(whole: httpx.Response, fault: Fault | None) -> httpx.Response:
    return wire.truncated(whole) if fault is Fault.CUT_BODY else whole


def _failed(request: httpx.Request, fault: Fault) -> httpx.Response:
    """The response of a fault, or the transport's exception."""
    if fault in TRANSPORT_ERRORS:
        raise TRANSPORT_ERRORS[fault](f"simulated: {fault}", request=request)
    return wire.error_response(request, fault) if fault in REFUSALS else wire.broken_response(fault)
