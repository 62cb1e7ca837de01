"""The simulated YouTube: a request in, a response out, at the clock's time.

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
from linkwatch.simulator.faults import DROPPED, OEMBED_STATUS, UNTRUE, Fault, Faults, Surface
from linkwatch.simulator.items import Json, Scene, etag
from linkwatch.simulator.lists import METHODS, answer
from linkwatch.simulator.options import Options
from linkwatch.simulator.quota import QuotaMeter
from linkwatch.simulator.refusals import REFUSALS, RefusedError
from linkwatch.simulator.untrue import untrue
from linkwatch.simulator.world import View, World

_API = "/youtube/v3/"

_UNREACHED = frozenset({Fault.CONNECT_TIMEOUT, Fault.CONNECTION_REFUSED})

_KEY = frozenset(
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

_FREE = _KEY | {Fault.QUOTA_EXCEEDED, Fault.DAILY_LIMIT_EXCEEDED, Fault.DAY_SPENT_429, Fault.NO_QUOTA}
"""Refused before anything is counted: there is no project to charge, or it has nothing left."""

_OF_THE_REQUEST = UNTRUE | frozenset(
    {
        Fault.INVALID_FILTERS,
        Fault.MISSING_REQUIRED_PARAMETER,
        Fault.INVALID_PARAMETER,
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
"""Read and worked on: these cost their unit like an answer."""


_STATUS = OEMBED_STATUS | {fault: refusal.code for fault, refusal in REFUSALS.items()}
"""The service's faults, of which oEmbed and pages tell the status alone."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, as the tests look it up."""

    method: str
    """`playlists.list`, `oembed` and so on; `page` for anything a browser would ask for."""

    ids: tuple[str, ...]
    """What it asked for: ids, `@handle`, `user/NAME`; for `playlistItems.list` the playlist's; for a page its path."""


class SimulatedYouTube:
    """Answers as YouTube would. Thread-safe; the same questions at the same times get the same answers.

    Args:
        world: What is, and what goes wrong.
        clock: The time of each request, aware.
        quota_per_day: Units a Pacific day.
        keys: The API keys that are valid; None takes any.
        switches: What isn't known of YouTube.
    """

    def __init__(
        self,
        world: World,
        clock: Callable[[], datetime],
        *,
        quota_per_day: int = 10_000,
        keys: Collection[str] | None = None,
        switches: Options | None = None,
    ) -> None:
        self.world = world
        self._clock = clock
        self._meter = QuotaMeter(quota_per_day)
        self._keys = keys
        self._switches = switches or Options()
        self._log: list[Asked] = []
        self._attempts: Counter[tuple[Faults, str]] = Counter()
        self._lock = Lock()

    @property
    def log(self) -> list[Asked]:
        """Every request until now, in the order they came."""
        with self._lock:
            return list(self._log)

    @property
    def requests(self) -> Counter[str]:
        """How often each method was asked."""
        return Counter(asked.method for asked in self.log)

    def units_used(self, day: date) -> int:
        """Quota units charged on a Pacific day."""
        return self._meter.used(day)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answers one request.

        Raises:
            httpx.TransportError: The weather lets no answer through.
            LookupError: The world has something whose owner it doesn't hold.
        """
        view = self.world.at(self._clock())
        path = request.url.path
        if path.startswith(_API):
            return self._data_api(request, path.removeprefix(_API), view)
        if path.endswith("/oembed"):
            return self._oembed(request, view)
        return self._page(request, view)

    def _remember(self, asked: Asked) -> int:
        """Logs a request, and says which it is: 1 for the first of all."""
        with self._lock:
            self._log.append(asked)
            return len(self._log)

    def _fault(self, view: View, surface: Surface, call: Call) -> Fault | None:
        weather = self._weather(view, surface, call)
        return None if weather is None else weather.fault

    def _weather(self, view: View, surface: Surface, call: Call) -> Faults | None:
        """The first of the faults that this attempt meets."""
        signature = f"{call.resource} {sorted(call.parameters.items())}"
        for weather in view.weather(surface):
            applies = weather.fault is not Fault.INVALID_PAGE_TOKEN or call.one("pageToken")
            if applies and weather.meets(signature, call.subjects, self._attempt(weather, signature)):
                return weather
        return None

    def _attempt(self, weather: Faults, signature: str) -> int:
        # Counted per call, not over all of them: which attempts fail must not depend on the order of threads.
        with self._lock:
            self._attempts[weather, signature] += 1
            return self._attempts[weather, signature]

    def _data_api(self, request: httpx.Request, resource: str, view: View) -> httpx.Response:
        told = wire.parameters(request)
        key = request.headers.get("x-goog-api-key") or "".join(told.pop("key", []))
        call = Call(resource, told)
        number = self._remember(Asked(f"{resource}.list", call.subjects))
        if resource not in METHODS or not wire.is_get(request):
            return wire.refused(request, Fault.NOT_MODELLED)
        weather = self._weather(view, Surface.DATA_API, call)
        fault = None if weather is None else weather.fault
        refusal = self._refusal(fault, key, view)
        if refusal is not None:
            return _failed(request, refusal)
        try:
            body = answer(call, Scene(view, self._switches, call.one("hl")), _blip(view))
        except RefusedError as wrong:
            return wire.refused(request, wrong.fault, wrong.message)
        if weather is not None and weather.fault in UNTRUE:
            return wire.json_response(request, 200, untrue(weather.fault, body, weather.ids))
        if not self._switches.etags_stable:
            for told in (body, *body.get("items", ())):
                told["etag"] = etag(f"{told['etag']} {number}")
        return self._answered(request, body, view, cut=fault is Fault.CUT_BODY)

    def _refusal(self, fault: Fault | None, key: str, view: View) -> Fault | None:
        """Why a call gets no answer, None when it gets one; books its unit on the way, as YouTube does."""
        if fault in _UNREACHED:
            return fault
        if not key:
            return Fault.UNREGISTERED_CALLER
        if self._keys is not None and key not in self._keys:
            return Fault.API_KEY_INVALID
        if fault in _FREE:
            return fault
        charged = fault is None or fault in _OF_THE_REQUEST or self._switches.charge_turned_away
        if charged and not self._meter.take(view.now):
            return self._switches.day_spent
        return None if fault is Fault.CUT_BODY or fault in UNTRUE else fault

    def _answered(self, request: httpx.Request, body: Json, view: View, *, cut: bool) -> httpx.Response:
        unchanged = wire.not_modified(request, body)
        if unchanged is None:
            return wire.json_response(request, 200, body, cut=cut)
        if not self._switches.charge_304:
            self._meter.give_back(view.now)
        return unchanged

    def _oembed(self, request: httpx.Request, view: View) -> httpx.Response:
        url = request.url.params.get("url", "")
        named = oembed.subject(url)
        ids = (url,) if named is None else (named[1],)
        self._remember(Asked("oembed", ids))
        fault = self._fault(view, Surface.OEMBED, Call("oembed", {"id": ids}))
        if fault is None or fault is Fault.CUT_BODY:
            return _whole_or_half(oembed.answer(request.url.params, view, self._switches), fault)
        return oembed.refusal(_STATUS[fault]) if fault in _STATUS else _failed(request, fault)

    def _page(self, request: httpx.Request, view: View) -> httpx.Response:
        self._remember(Asked("page", (request.url.path,)))
        fault = self._fault(view, Surface.PAGES, Call("page", {"id": (str(request.url),)}))
        if fault is None or fault is Fault.CUT_BODY:
            return _whole_or_half(pages.answer(request.url, view, self._switches), fault)
        return pages.page(_STATUS[fault]) if fault in _STATUS else _failed(request, fault)


def _blip(view: View) -> Callable[[str], bool]:
    """Whether the API leaves an id out now."""
    weather = view.weather(Surface.DATA_API)
    return lambda id_: any(each.hides(id_) for each in weather)


def _whole_or_half(whole: httpx.Response, fault: Fault | None) -> httpx.Response:
    return wire.halved(whole) if fault is Fault.CUT_BODY else whole


def _failed(request: httpx.Request, fault: Fault) -> httpx.Response:
    """The response of a fault, or the transport's exception."""
    if fault in DROPPED:
        raise DROPPED[fault](f"simulated: {fault}", request=request)
    return wire.refused(request, fault) if fault in REFUSALS else wire.mangled(fault)
