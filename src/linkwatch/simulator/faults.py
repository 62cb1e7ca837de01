"""What can go wrong on YouTube's side or on the way to it, and when it does."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from hashlib import blake2b

import httpx


class Fault(StrEnum):
    """Every way in which a request can fail; `refusals.py` has the bodies, but for the last three groups."""

    # The day's units, spent.
    QUOTA_EXCEEDED = auto()
    DAILY_LIMIT_EXCEEDED = auto()
    DAY_SPENT_429 = auto()
    NO_QUOTA = auto()
    """The project's limit is 0."""
    # Bursts.
    RATE_LIMIT_429 = auto()
    RATE_LIMIT_403 = auto()
    USER_RATE_LIMIT_403 = auto()
    RATE_LIMIT_WITHOUT_DETAILS = auto()
    """A 429 with neither `status` nor `details`."""
    # The key, or its project.
    API_KEY_INVALID = auto()
    KEY_INVALID = auto()
    ACCESS_NOT_CONFIGURED = auto()
    SERVICE_DISABLED = auto()
    IP_ADDRESS_BLOCKED = auto()
    HTTP_REFERRER_BLOCKED = auto()
    SERVICE_BLOCKED = auto()
    IP_REFERER_BLOCKED = auto()
    UNREGISTERED_CALLER = auto()
    DAILY_LIMIT_UNREGISTERED = auto()
    AUTH_ERROR = auto()
    # The request.
    INVALID_FILTERS = auto()
    MISSING_REQUIRED_PARAMETER = auto()
    INVALID_PARAMETER = auto()
    UNKNOWN_PART = auto()
    INVALID_PAGE_TOKEN = auto()
    """It affects only requests that carry a page token."""
    NOT_MODELLED = auto()
    """Not YouTube's: the simulator answers 501 to what it doesn't model."""
    # One of the requested resources: to be used with `ids`.
    PLAYLIST_NOT_FOUND = auto()
    CHANNEL_NOT_FOUND = auto()
    VIDEO_NOT_FOUND = auto()
    PLAYLIST_ITEMS_NOT_ACCESSIBLE = auto()
    FORBIDDEN = auto()
    PLAYLIST_FORBIDDEN = auto()
    CHANNEL_FORBIDDEN = auto()
    CHANNEL_CLOSED = auto()
    CHANNEL_SUSPENDED = auto()
    WATCH_HISTORY_NOT_ACCESSIBLE = auto()
    PERMISSION_DENIED_403 = auto()
    # The service.
    BACKEND_ERROR = auto()
    INTERNAL_ERROR = auto()
    SERVICE_UNAVAILABLE_503 = auto()
    SERVICE_UNAVAILABLE_403 = auto()
    SERVICE_UNAVAILABLE_409 = auto()
    # oEmbed's alone: plain text.
    OEMBED_400 = auto()
    OEMBED_404 = auto()
    OEMBED_429 = auto()
    OEMBED_500 = auto()
    # Broken responses.
    HTML_502 = auto()
    """A front end's HTML page in place of JSON."""
    HTML_200 = auto()
    """The same with status 200: a captive portal or a consent page."""
    CUT_BODY = auto()
    """The first half of the correct response."""
    EMPTY_BODY = auto()
    # No response.
    CONNECT_TIMEOUT = auto()
    READ_TIMEOUT = auto()
    CONNECTION_REFUSED = auto()
    CONNECTION_RESET = auto()
    CONNECTION_CUT = auto()
    """The connection is closed in the middle of a response."""
    # Well-formed but wrong responses.
    LEFT_OUT = auto()
    """200, and available resources are missing; the `ids` and `share` of its `FaultPeriod` choose which."""
    CUT_LIST = auto()
    """200, and fewer items than `pageInfo.totalResults` says: the second half of each page is missing, and no token."""
    ODD_FIELDS = auto()
    """200, and fields of other types than documented, in the items of the `ids`; without `ids` in all of them."""
    OTHER_ANSWER = auto()
    """200, and other items than the requested ones: a cache that ignores the query."""
    OTHER_METHOD = auto()
    """200, and the response of another method."""
    ERROR_IN_200 = auto()
    """200 around the body of an error."""
    TOKEN_REPEATED = auto()
    """Each page names a next one, with the same token."""
    TOKEN_MISSING = auto()
    """No page of a listing names a next one."""
    PAGES_OVERLAP = auto()
    """Each page of a listing begins with the last item of the one before."""
    ITEM_MISSING = auto()
    """Each page of a listing lacks one item, another one each time; `pageInfo.totalResults` counts it."""
    SNIPPET_MISSING = auto()
    """One item of each page of a listing has no `snippet`."""
    SAME_ID = auto()
    """All items of a page of a listing have the id of the first."""
    TOTALS_DIFFER = auto()
    """Each page of a listing has another `pageInfo.totalResults`: it grows from page to page."""
    ITEM_COUNT_WAVERS = auto()
    """`contentDetails.itemCount` of a playlist is one too low at some times."""


class Surface(StrEnum):
    """The parts of YouTube, which fail independently of each other."""

    DATA_API = auto()
    OEMBED = auto()
    PAGES = auto()
    """What browsers and generic link checkers request, including thumbnails."""


TRANSPORT_ERRORS: dict[Fault, type[httpx.TransportError]] = {
    Fault.CONNECT_TIMEOUT: httpx.ConnectTimeout,
    Fault.READ_TIMEOUT: httpx.ReadTimeout,
    Fault.CONNECTION_REFUSED: httpx.ConnectError,
    Fault.CONNECTION_RESET: httpx.ReadError,
    Fault.CONNECTION_CUT: httpx.RemoteProtocolError,
}
"""The faults without a response, and what httpx raises for each."""

MISLEADING = frozenset(
    {
        Fault.CUT_LIST,
        Fault.ODD_FIELDS,
        Fault.OTHER_ANSWER,
        Fault.OTHER_METHOD,
        Fault.ERROR_IN_200,
        Fault.TOKEN_REPEATED,
        Fault.TOKEN_MISSING,
        Fault.PAGES_OVERLAP,
        Fault.ITEM_MISSING,
        Fault.SNIPPET_MISSING,
        Fault.SAME_ID,
        Fault.TOTALS_DIFFER,
        Fault.ITEM_COUNT_WAVERS,
    }
)
"""The faults that change the correct body."""

METHOD_OF_FAULT: dict[Fault, str] = {
    Fault.TOKEN_MISSING: "playlistItems",
    Fault.PAGES_OVERLAP: "playlistItems",
    Fault.ITEM_MISSING: "playlistItems",
    Fault.SNIPPET_MISSING: "playlistItems",
    Fault.SAME_ID: "playlistItems",
    Fault.TOTALS_DIFFER: "playlistItems",
    Fault.ITEM_COUNT_WAVERS: "playlists",
}
"""The faults of one method."""

BROKEN_BODIES = frozenset({Fault.HTML_502, Fault.HTML_200, Fault.CUT_BODY, Fault.EMPTY_BODY})

OEMBED_STATUS: dict[Fault, int] = {
    Fault.OEMBED_400: 400,
    Fault.OEMBED_404: 404,
    Fault.OEMBED_429: 429,
    Fault.OEMBED_500: 500,
}

_EVERYWHERE = (
    TRANSPORT_ERRORS.keys() | BROKEN_BODIES | {Fault.BACKEND_ERROR, Fault.INTERNAL_ERROR, Fault.SERVICE_UNAVAILABLE_503}
)


@dataclass(frozen=True, slots=True)
class FaultPeriod:
    """A fault between two times: for all calls, some ids, a share of the attempts, or the first attempts."""

    fault: Fault

    since: datetime
    """Aware; included."""

    until: datetime
    """Aware; not included."""

    ids: frozenset[str] = frozenset()
    """Affects only calls for one of these (`LEFT_OUT`: omits these); empty: all."""

    share: float = 1.0
    """The share of the attempts that it affects, 0 to 1, chosen by a hash: for the same attempt always the same."""

    attempts: int | None = None
    """The number of attempts of each distinct call that it affects, from its beginning; None: all."""

    surface: Surface | None = None
    """None: every surface on which the fault can happen."""

    seed: str = field(default="", kw_only=True)
    """Changes which attempts the share chooses."""

    def is_active(self, now: datetime, surface: Surface) -> bool:
        """Whether it happens at this time on this surface."""
        return self.since <= now < self.until and surface in self._surfaces()

    def affects(self, call: str, ids: Collection[str], attempt: int) -> bool:
        """Whether an attempt of a call, named by its signature, is affected; `attempt` is from 1 in this period."""
        if self.fault is Fault.LEFT_OUT or (self.ids and self.ids.isdisjoint(ids)):
            return False
        if self.attempts is not None and attempt > self.attempts:
            return False
        return self._is_chosen(f"{call} {attempt}")

    def omits(self, id_: str) -> bool:
        """Whether a list call omits this id, although it is available."""
        return self.fault is Fault.LEFT_OUT and (not self.ids or id_ in self.ids) and self._is_chosen(id_)

    def _is_chosen(self, key: str) -> bool:
        if self.share >= 1.0:
            return True
        digest = blake2b(f"{self.seed}|{self.fault}|{self.since.isoformat()}|{key}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) < self.share * 2**64

    def _surfaces(self) -> frozenset[Surface]:
        if self.surface is not None:
            return frozenset({self.surface})
        if self.fault in OEMBED_STATUS:
            return frozenset({Surface.OEMBED})
        return frozenset(Surface) if self.fault in _EVERYWHERE else frozenset({Surface.DATA_API})
