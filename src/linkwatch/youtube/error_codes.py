"""What an error answer of the Data API means, by its reasons and never by its status alone."""

import html
import re
from enum import StrEnum

import msgspec

from linkwatch.youtube.decode import BrokenBodyError, decode


class Refusal(StrEnum):
    """What a refused call means for the run."""

    DAY_SPENT = "day-spent"
    """The day's units are gone: nothing more until midnight Pacific Time, and no retry."""

    BURST = "burst"
    """Too many calls at once: back off and try again."""

    BAD_KEY = "bad-key"
    NOT_ENABLED = "not-enabled"
    KEY_RESTRICTED = "key-restricted"
    NO_KEY = "no-key"
    BAD_REQUEST = "bad-request"
    """YouTube finds fault with the request: a bug of ours."""

    ODD = "odd"
    """YouTube refuses this call for a reason that nobody foresaw; another call may be fine."""

    PAGE_MOVED = "page-moved"
    """The page token is no good any more: begin that listing again."""

    NOT_FOUND = "not-found"
    PRIVATE = "private"
    TRANSIENT = "transient"
    """A fault of YouTube's or of something on the way."""


_BY_REASON = {
    "API_KEY_INVALID": Refusal.BAD_KEY,
    "keyInvalid": Refusal.BAD_KEY,
    "keyExpired": Refusal.BAD_KEY,
    "SERVICE_DISABLED": Refusal.NOT_ENABLED,
    "accessNotConfigured": Refusal.NOT_ENABLED,
    "API_KEY_IP_ADDRESS_BLOCKED": Refusal.KEY_RESTRICTED,
    "API_KEY_HTTP_REFERRER_BLOCKED": Refusal.KEY_RESTRICTED,
    "API_KEY_SERVICE_BLOCKED": Refusal.KEY_RESTRICTED,
    "API_KEY_ANDROID_APP_BLOCKED": Refusal.KEY_RESTRICTED,
    "API_KEY_IOS_APP_BLOCKED": Refusal.KEY_RESTRICTED,
    "CONSUMER_SUSPENDED": Refusal.KEY_RESTRICTED,
    "ipRefererBlocked": Refusal.KEY_RESTRICTED,
    "quotaExceeded": Refusal.DAY_SPENT,
    "dailyLimitExceeded": Refusal.DAY_SPENT,
    "SERVICE_UNAVAILABLE": Refusal.TRANSIENT,
    "backendError": Refusal.TRANSIENT,
    "internalError": Refusal.TRANSIENT,
    "processingFailure": Refusal.TRANSIENT,
    "invalidFilters": Refusal.BAD_REQUEST,
    "missingRequiredParameter": Refusal.BAD_REQUEST,
    "invalidPageToken": Refusal.PAGE_MOVED,
    "playlistNotFound": Refusal.NOT_FOUND,
    "playlistItemsNotAccessible": Refusal.PRIVATE,
}
_RATE_REASONS = {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"}
_BY_STATUS = {
    400: Refusal.ODD,
    401: Refusal.BAD_KEY,
    403: Refusal.KEY_RESTRICTED,
    429: Refusal.BURST,
}


class _Detail(msgspec.Struct):
    reason: str = ""
    metadata: dict[str, object] = {}


class _Listed(msgspec.Struct):
    reason: str = ""


class _Body(msgspec.Struct):
    message: str = ""
    errors: list[_Listed] = []
    details: list[_Detail] = []


class _Envelope(msgspec.Struct):
    error: _Body


_envelope = msgspec.json.Decoder(_Envelope)


def classify(status: int, body: bytes) -> tuple[Refusal, str]:
    """Classify an error answer.

    Args:
        status: HTTP status, 300 or more.
        body: As it came; may be HTML, cut, or empty.

    Returns:
        What it means, and YouTube's own message as plain text (empty when there is none).
    """
    try:
        error = decode(_envelope, body).error
    except BrokenBodyError:
        # Not the Data API speaking: a proxy, a captive portal, a front end that is down.
        return Refusal.TRANSIENT, ""
    reasons = [detail.reason for detail in error.details] + [listed.reason for listed in error.errors]
    return _meaning(status, reasons, error), _plain(error.message)


def _meaning(status: int, reasons: list[str], error: _Body) -> Refusal:
    for reason in reasons:
        if reason in _RATE_REASONS:
            return Refusal.DAY_SPENT if _is_daily(error) else Refusal.BURST
        if reason in _BY_REASON:
            return _BY_REASON[reason]
    if "unregistered callers" in error.message:
        return Refusal.NO_KEY
    if status == 429 and _is_daily(error):
        return Refusal.DAY_SPENT
    return _BY_STATUS.get(status, Refusal.TRANSIENT)


def _is_daily(error: _Body) -> bool:
    """A 429 that speaks of the day looks transient and is not."""
    units = [str(detail.metadata.get("quota_unit", "")) for detail in error.details]
    return "per day" in error.message.lower() or any(unit.startswith("1/d/") for unit in units)


def _plain(message: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", message)).split())
