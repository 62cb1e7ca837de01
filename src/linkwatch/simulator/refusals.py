"""The status and the error body of each refusal of the Data API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linkwatch.simulator.faults import Fault

_ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
_HELP = "type.googleapis.com/google.rpc.Help"
_SERVICE = "youtube.googleapis.com"
_PROJECT = "projects/123456789012"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One error body. Two generations are in use: with `errors` alone, and with `status` and `details` beside them."""

    code: int
    """HTTP status."""

    reason: str
    """`errors[].reason`."""

    message: str

    domain: str = "global"

    status: str | None = None
    """The canonical gRPC name; None in bodies of the old generation."""

    detail: str | None = None
    """`details[].reason`; None when there are no details."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    """`details[].metadata`, beside the service."""

    location: tuple[str, str] | None = None
    """`errors[].location` and `locationType`."""

    help_url: str | None = None
    """Where a console solves it: a detail of its own, and `errors[].extendedHelp`."""

    def body(self, message: str | None = None) -> dict[str, Any]:
        """The JSON body, with another message when the request gives one."""
        text = message or self.message
        first = {"message": text, "domain": self.domain, "reason": self.reason}
        if self.location is not None:
            first |= {"location": self.location[0], "locationType": self.location[1]}
        if self.help_url is not None:
            first["extendedHelp"] = "https://console.developers.google.com"
        error: dict[str, Any] = {"code": self.code, "message": text, "errors": [first]}
        if self.status is not None:
            error["status"] = self.status
        if self.detail is not None:
            info = {"service": _SERVICE, **self.metadata}
            error["details"] = [
                {"@type": _ERROR_INFO, "reason": self.detail, "domain": "googleapis.com", "metadata": info}
            ]
        if self.help_url is not None:
            links = [{"description": "Google developers console API activation", "url": self.help_url}]
            error.setdefault("details", []).insert(0, {"@type": _HELP, "links": links})
        return {"error": error}


class RefusedError(Exception):
    """The request is refused with the error body of a fault."""

    def __init__(self, fault: Fault, message: str | None = None) -> None:
        super().__init__(message or fault)
        self.fault = fault
        self.message = message


def _blocked(detail: str, what: str) -> Refusal:
    return Refusal(403, "forbidden", what, status="PERMISSION_DENIED", detail=detail, metadata={"consumer": _PROJECT})


def _rate(limit: str, unit: str, value: str = "10000") -> Refusal:
    # The day's limit and the minute's differ in the window's name only: neither status nor reason distinguishes them.
    message = (
        f"Quota exceeded for quota metric 'Queries' and limit 'Queries per {limit}' of service '{_SERVICE}' "
        "for consumer 'project_number:123456789012'."
    )
    metadata = {
        "quota_unit": f"1/{unit}/{{project}}",
        "quota_limit_value": value,
        "quota_metric": f"{_SERVICE}/default",
        "consumer": _PROJECT,
    }
    return Refusal(
        429,
        "rateLimitExceeded",
        message,
        status="RESOURCE_EXHAUSTED",
        detail="RATE_LIMIT_EXCEEDED",
        metadata=metadata,
    )


_PARAMETERS = ("parameters.", "other")
_ENABLE_URL = "https://console.developers.google.com/apis/api/youtube.googleapis.com/overview?project=123456789012"
_NOT_USED = (
    "YouTube Data API v3 has not been used in project 123456789012 before or it is disabled. Enable it by visiting "
    f"{_ENABLE_URL} then retry."
)
_SPENT = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)

REFUSALS: dict[Fault, Refusal] = {
    Fault.QUOTA_EXCEEDED: Refusal(403, "quotaExceeded", _SPENT, domain="youtube.quota"),
    Fault.DAILY_LIMIT_EXCEEDED: Refusal(403, "dailyLimitExceeded", "Daily Limit Exceeded", domain="usageLimits"),
    Fault.DAY_SPENT_429: _rate("day", "d"),
    Fault.NO_QUOTA: _rate("day", "d", "0"),
    Fault.RATE_LIMIT_429: _rate("minute", "min"),
    Fault.RATE_LIMIT_WITHOUT_DETAILS: Refusal(429, "rateLimitExceeded", "Resource has been exhausted."),
    Fault.RATE_LIMIT_403: Refusal(403, "rateLimitExceeded", "Rate Limit Exceeded", domain="usageLimits"),
    Fault.USER_RATE_LIMIT_403: Refusal(403, "userRateLimitExceeded", "User Rate Limit Exceeded", domain="usageLimits"),
    Fault.API_KEY_INVALID: Refusal(
        400,
        "badRequest",
        "API key not valid. Please pass a valid API key.",
        status="INVALID_ARGUMENT",
        detail="API_KEY_INVALID",
    ),
    Fault.KEY_INVALID: Refusal(400, "keyInvalid", "Bad Request", domain="usageLimits"),
    Fault.ACCESS_NOT_CONFIGURED: Refusal(403, "accessNotConfigured", _NOT_USED, domain="usageLimits"),
    Fault.SERVICE_DISABLED: Refusal(
        403,
        "accessNotConfigured",
        _NOT_USED,
        domain="usageLimits",
        status="PERMISSION_DENIED",
        detail="SERVICE_DISABLED",
        metadata={"consumer": _PROJECT},
        help_url=_ENABLE_URL,
    ),
    Fault.IP_ADDRESS_BLOCKED: _blocked(
        "API_KEY_IP_ADDRESS_BLOCKED",
        "The provided API key has an IP address restriction. The originating IP address of the call (192.0.2.1) "
        "violates this restriction.",
    ),
    Fault.HTTP_REFERRER_BLOCKED: _blocked(
        "API_KEY_HTTP_REFERRER_BLOCKED", "Requests from referer <empty> are blocked."
    ),
    Fault.SERVICE_BLOCKED: _blocked(
        "API_KEY_SERVICE_BLOCKED", "Requests to this API youtube method youtube.api.v3 are blocked."
    ),
    Fault.IP_REFERER_BLOCKED: Refusal(
        403,
        "ipRefererBlocked",
        "The request did not specify any referer. Please ensure that the client is sending referer or use the API "
        "Console to remove the referer restrictions.",
        domain="usageLimits",
    ),
    Fault.UNREGISTERED_CALLER: Refusal(
        403,
        "forbidden",
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
        "form of API consumer identity to call this API.",
        status="PERMISSION_DENIED",
    ),
    Fault.DAILY_LIMIT_UNREGISTERED: Refusal(
        403,
        "dailyLimitExceededUnreg",
        "Daily Limit for Unauthenticated Use Exceeded. Continued use requires signup.",
        domain="usageLimits",
    ),
    Fault.AUTH_ERROR: Refusal(401, "authError", "Invalid Credentials", status="UNAUTHENTICATED"),
    Fault.INVALID_FILTERS: Refusal(
        400,
        "invalidFilters",
        "The request specifies an invalid filter parameter.",
        domain="youtube.parameter",
        location=_PARAMETERS,
    ),
    Fault.MISSING_REQUIRED_PARAMETER: Refusal(
        400,
        "missingRequiredParameter",
        "The request is missing a required parameter.",
        domain="youtube.parameter",
        location=_PARAMETERS,
    ),
    Fault.INVALID_PARAMETER: Refusal(
        400, "invalidParameter", "Invalid value.", location=("maxResults", "parameter"), status="INVALID_ARGUMENT"
    ),
    Fault.UNKNOWN_PART: Refusal(400, "unknownPart", "'unknown'", domain="youtube.part", location=("part", "parameter")),
    Fault.INVALID_PAGE_TOKEN: Refusal(
        400,
        "invalidPageToken",
        "The request specifies an invalid page token.",
        domain="youtube.parameter",
        location=("pageToken", "parameter"),
    ),
    Fault.NOT_MODELLED: Refusal(501, "notModelled", "The simulated YouTube does not know how to answer this."),
    Fault.PLAYLIST_NOT_FOUND: Refusal(
        404,
        "playlistNotFound",
        "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.",
        domain="youtube.playlistItem",
        location=("playlistId", "parameter"),
    ),
    Fault.PLAYLIST_ITEMS_NOT_ACCESSIBLE: Refusal(
        403,
        "playlistItemsNotAccessible",
        "The request is not properly authorized to retrieve the specified playlist items.",
        domain="youtube.playlistItem",
    ),
    Fault.CHANNEL_NOT_FOUND: Refusal(404, "channelNotFound", "Channel not found.", domain="youtube.channel"),
    Fault.VIDEO_NOT_FOUND: Refusal(404, "videoNotFound", "The video cannot be found.", domain="youtube.video"),
    Fault.FORBIDDEN: Refusal(403, "forbidden", "The request is not properly authorized."),
    Fault.PLAYLIST_FORBIDDEN: Refusal(
        403, "playlistForbidden", "The playlist does not allow this request.", domain="youtube.playlist"
    ),
    Fault.CHANNEL_FORBIDDEN: Refusal(
        403, "channelForbidden", "The channel does not allow this request.", domain="youtube.channel"
    ),
    Fault.CHANNEL_CLOSED: Refusal(403, "channelClosed", "The channel has been closed.", domain="youtube.channel"),
    Fault.CHANNEL_SUSPENDED: Refusal(
        403, "channelSuspended", "The channel has been suspended.", domain="youtube.channel"
    ),
    Fault.WATCH_HISTORY_NOT_ACCESSIBLE: Refusal(
        403,
        "watchHistoryNotAccessible",
        "Watch history data cannot be retrieved through the API.",
        domain="youtube.playlistItem",
    ),
    Fault.PERMISSION_DENIED_403: Refusal(
        403, "SERVICE_UNAVAILABLE", "The caller does not have permission.", status="PERMISSION_DENIED"
    ),
    Fault.BACKEND_ERROR: Refusal(500, "backendError", "Backend Error"),
    Fault.INTERNAL_ERROR: Refusal(500, "internalError", "Internal error encountered.", status="INTERNAL"),
    Fault.SERVICE_UNAVAILABLE_503: Refusal(
        503, "backendError", "The service is currently unavailable.", status="UNAVAILABLE"
    ),
    Fault.SERVICE_UNAVAILABLE_403: Refusal(
        403, "SERVICE_UNAVAILABLE", "The service is currently unavailable.", domain="youtube.api.v3"
    ),
    Fault.SERVICE_UNAVAILABLE_409: Refusal(
        409, "SERVICE_UNAVAILABLE", "The operation was aborted.", domain="youtube.api.v3", status="ABORTED"
    ),
}
"""Every fault the Data API states in words."""
