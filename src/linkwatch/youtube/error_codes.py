"""What an error response of the Data API means, by its reasons and never by its status alone."""

import html
import re
from enum import StrEnum
from typing import NamedTuple

import msgspec

from linkwatch.youtube.decode import BrokenBodyError, decode


class Refusal(StrEnum):
    """What a refused call means for the run."""

    DAY_SPENT = "day-spent"
    """The day's units are spent: no more calls until midnight Pacific Time, and no retry."""

    BURST = "burst"
    """Too many calls at once: back off and try again."""

    BAD_KEY = "bad-key"
    NOT_ENABLED = "not-enabled"
    KEY_RESTRICTED = "key-restricted"
    NO_KEY = "no-key"
    BAD_REQUEST = "bad-request"
    """The request is malformed: a bug of ours, which costs this call alone."""

    NO_QUOTA = "no-quota"
    """The project's daily limit is 0: waiting for the next day changes nothing."""

    UNEXPECTED = "unexpected"
    """YouTube refuses this call for an unknown reason; another call may be answered."""

    ABOUT_THE_CALL = "about-the-call"
    """Access to a resource of this call is denied: the key is fine, and other calls may be answered."""

    NOT_FOUND = "not-found"
    """The resource of this call does not exist: an answer, not an error."""

    PAGE_MOVED = "page-moved"
    """The page token is no longer valid: read the listing from the start."""

    TRANSIENT = "transient"
    """A fault of YouTube or of something on the way to it."""


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
    "unknownPart": Refusal.BAD_REQUEST,
    "invalidPageToken": Refusal.PAGE_MOVED,
    "playlistNotFound": Refusal.NOT_FOUND,
    "channelNotFound": Refusal.NOT_FOUND,
    "videoNotFound": Refusal.NOT_FOUND,
    "dailyLimitExceededUnreg": Refusal.NO_KEY,
    "authError": Refusal.BAD_KEY,
}
_RATE_REASONS = {"RATE_LIMIT_EXCEEDED", "rateLimitExceeded", "userRateLimitExceeded"}
_BY_STATUS = {
    400: Refusal.UNEXPECTED,
    401: Refusal.BAD_KEY,
    403: Refusal.KEY_RESTRICTED,
}
_MARKUP = re.compile(r"</?(?:a|b|br|code|em|i|p|strong)\b[^>]*>", re.IGNORECASE)
"""The tags in YouTube's messages; other text in angle brackets, such as `<empty>`, is kept."""


class _Detail(msgspec.Struct):
    reason: str = ""
    metadata: dict[str, object] = {}


class _ErrorItem(msgspec.Struct):
    reason: str = ""
    domain: str = ""


class _Body(msgspec.Struct):
    message: str = ""
    status: str = ""
    errors: list[_ErrorItem] = []
    details: list[_Detail] = []


class _Envelope(msgspec.Struct):
    error: _Body


_envelope = msgspec.json.Decoder(_Envelope)


class ClassifiedError(NamedTuple):
    """What an error response means."""

    refusal: Refusal
    message: str = ""
    """YouTube's, as plain text; empty when there is none."""

    reason: str = ""
    """The first of `errors[].reason`; empty when there is none."""


def classify(status: int, body: bytes) -> ClassifiedError:
    """Classify an error response.

    Args:
        status: HTTP status, 300 or more.
        body: May also be HTML, cut, or empty.
    """
    try:
        error = decode(_envelope, body).error
    except BrokenBodyError:
        # Not from the Data API: a proxy, a captive portal, a front end that is down.
        return ClassifiedError(Refusal.TRANSIENT)
    reasons = [detail.reason for detail in error.details] + [item.reason for item in error.errors]
    first = next((item.reason for item in error.errors), "")
    return ClassifiedError(_meaning(status, reasons, error), _plain_text(error.message), first)


def _meaning(status: int, reasons: list[str], error: _Body) -> Refusal:
    known = next((meaning for reason in reasons if (meaning := _by_reason(reason, error))), None)
    if known is not None:
        return known
    if "unregistered callers" in error.message:
        return Refusal.NO_KEY
    if status == 429:
        return _rate_limit(error)
    if status == 403 and _is_about_the_call(reasons, error):
        return Refusal.ABOUT_THE_CALL
    return _BY_STATUS.get(status, Refusal.TRANSIENT)


def _by_reason(reason: str, error: _Body) -> Refusal | None:
    if reason in _RATE_REASONS:
        return _rate_limit(error)
    if reason == "SERVICE_UNAVAILABLE" and _is_denied(error):
        return Refusal.ABOUT_THE_CALL
    return _BY_REASON.get(reason)


def _is_about_the_call(reasons: list[str], error: _Body) -> bool:
    """Whether a 403 without a reason that concerns the key is about the requested resource.

    Its domain is one of YouTube's (`youtube.channel`), or the reason is the plain `forbidden` that YouTube documents
    for single resources.
    """
    return "forbidden" in reasons or any(item.domain.startswith("youtube.") for item in error.errors)


def _is_denied(error: _Body) -> bool:
    return error.status == "PERMISSION_DENIED" or "PERMISSION_DENIED" in error.message


def _rate_limit(error: _Body) -> Refusal:
    """A limit per minute is transient; a 429 about the limit per day only looks so."""
    units = [str(detail.metadata.get("quota_unit", "")) for detail in error.details]
    if "per day" not in error.message.lower() and not any(unit.startswith("1/d/") for unit in units):
        return Refusal.BURST
    limits = [str(detail.metadata.get("quota_limit_value", "")) for detail in error.details]
    return Refusal.NO_QUOTA if "0" in limits else Refusal.DAY_SPENT


def _plain_text(message: str) -> str:
    return " ".join(html.unescape(_MARKUP.sub("", message)).split())
