"""What goes wrong on YouTube's side or on the way to it, and between which times."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from hashlib import blake2b

import httpx


class Fault(StrEnum):
    """Every way a request can fail; how each looks on the wire is in `refusals.py`, but for the last three groups."""

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
    INVALID_PAGE_TOKEN = auto()
    """As weather it meets only requests that carry a page token."""
    NOT_MODELLED = auto()
    """Not YouTube's: the simulator says 501 to what it doesn't know how to answer."""
    # One of the resources that are asked about: meant with `ids`.
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
    OEMBED_404 = auto()
    OEMBED_429 = auto()
    OEMBED_500 = auto()
    # Mangled answers.
    HTML_502 = auto()
    """A front end's HTML page in place of JSON."""
    HTML_200 = auto()
    """The same with status 200: a captive portal or a consent page."""
    CUT_BODY = auto()
    """The true answer, its second half missing."""
    EMPTY_BODY = auto()
    # No answer at all.
    CONNECT_TIMEOUT = auto()
    READ_TIMEOUT = auto()
    CONNECTION_REFUSED = auto()
    CONNECTION_RESET = auto()
    CONNECTION_CUT = auto()
    """The connection is closed in the middle of an answer."""
    # An answer that is well-formed and untrue.
    LEFT_OUT = auto()
    """The blip: 200, and living resources are missing. The `ids` and `share` of its `Faults` choose resources."""
    CUT_LIST = auto()
    """200, and fewer items than `pageInfo.totalResults` says: the second half of each page is missing, and no token."""
    ODD_FIELDS = auto()
    """200, and fields of other types than documented, in the items of the `ids`; without `ids` in all of them."""
    OTHER_ANSWER = auto()
    """200, and the items are others than those that were asked for: a cache that ignores the query."""
    OTHER_METHOD = auto()
    """200, and the answer is one of another method."""
    ERROR_IN_200 = auto()
    """200 around the body of an error."""
    TOKEN_REPEATED = auto()
    """Each page names a next one, with the same token."""


class Surface(StrEnum):
    """The places that can be asked, and that fail apart from each other."""

    DATA_API = auto()
    OEMBED = auto()
    PAGES = auto()
    """What browsers and generic link checkers ask for, thumbnails among it."""


DROPPED: dict[Fault, type[httpx.TransportError]] = {
    Fault.CONNECT_TIMEOUT: httpx.ConnectTimeout,
    Fault.READ_TIMEOUT: httpx.ReadTimeout,
    Fault.CONNECTION_REFUSED: httpx.ConnectError,
    Fault.CONNECTION_RESET: httpx.ReadError,
    Fault.CONNECTION_CUT: httpx.RemoteProtocolError,
}
"""The faults without an answer, and what httpx raises for each."""

UNTRUE = frozenset(
    {
        Fault.CUT_LIST,
        Fault.ODD_FIELDS,
        Fault.OTHER_ANSWER,
        Fault.OTHER_METHOD,
        Fault.ERROR_IN_200,
        Fault.TOKEN_REPEATED,
    }
)
"""The faults that are made of the true body."""

MANGLED = frozenset({Fault.HTML_502, Fault.HTML_200, Fault.CUT_BODY, Fault.EMPTY_BODY})

OEMBED_STATUS: dict[Fault, int] = {Fault.OEMBED_404: 404, Fault.OEMBED_429: 429, Fault.OEMBED_500: 500}

_EVERYWHERE = DROPPED.keys() | MANGLED | {Fault.BACKEND_ERROR, Fault.INTERNAL_ERROR, Fault.SERVICE_UNAVAILABLE_503}


@dataclass(frozen=True, slots=True)
class Faults:
    """One fault between two times, for all, for some ids, for a share, or for the first attempts."""

    fault: Fault

    since: datetime
    """Aware; the first moment it holds."""

    until: datetime
    """Aware; the first moment it no longer holds."""

    ids: frozenset[str] = frozenset()
    """Meets only calls that ask for one of these (for `LEFT_OUT`: hides these); empty for all."""

    share: float = 1.0
    """Which part of the attempts meets it, 0 to 1, by a hash: the same attempt always fares the same."""

    attempts: int | None = None
    """How many attempts of each distinct call, since it began, meet it before it lets them through; None for all."""

    surface: Surface | None = None
    """Where; None for wherever the fault makes sense."""

    seed: str = field(default="", kw_only=True)
    """Another seed, another choice of the same size."""

    def holds(self, now: datetime, surface: Surface) -> bool:
        """Whether it can be met at this time and place."""
        return self.since <= now < self.until and surface in self._surfaces()

    def meets(self, call: str, ids: Collection[str], attempt: int) -> bool:
        """Whether an attempt of a call, named by its signature, meets the fault; 1 is the first in this weather."""
        if self.fault is Fault.LEFT_OUT or (self.ids and self.ids.isdisjoint(ids)):
            return False
        if self.attempts is not None and attempt > self.attempts:
            return False
        return self._drawn(f"{call} {attempt}")

    def hides(self, id_: str) -> bool:
        """Whether a list call leaves this id out, though it lives."""
        return self.fault is Fault.LEFT_OUT and (not self.ids or id_ in self.ids) and self._drawn(id_)

    def _drawn(self, lot: str) -> bool:
        if self.share >= 1.0:
            return True
        digest = blake2b(f"{self.seed}|{self.fault}|{self.since.isoformat()}|{lot}".encode(), digest_size=8).digest()
        return int.from_bytes(digest) < self.share * 2**64

    def _surfaces(self) -> frozenset[Surface]:
        if self.surface is not None:
            return frozenset({self.surface})
        if self.fault in OEMBED_STATUS:
            return frozenset({Surface.OEMBED})
        return frozenset(Surface) if self.fault in _EVERYWHERE else frozenset({Surface.DATA_API})
