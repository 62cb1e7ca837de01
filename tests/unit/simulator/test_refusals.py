"""Every row of the table of errors, as a client sees it."""

from datetime import timedelta

import pytest
from unit.simulator.api_calls import NOW, PLAYLIST, ask, youtube

from linkwatch.simulator.faults import Fault, FaultPeriod
from linkwatch.simulator.refusals import REFUSALS

HOUR = timedelta(hours=1)

ROWS = [
    (Fault.QUOTA_EXCEEDED, 403, "quotaExceeded", None),
    (Fault.DAILY_LIMIT_EXCEEDED, 403, "dailyLimitExceeded", None),
    (Fault.DAY_SPENT_429, 429, "rateLimitExceeded", "RATE_LIMIT_EXCEEDED"),
    (Fault.NO_QUOTA, 429, "rateLimitExceeded", "RATE_LIMIT_EXCEEDED"),
    (Fault.RATE_LIMIT_429, 429, "rateLimitExceeded", "RATE_LIMIT_EXCEEDED"),
    (Fault.RATE_LIMIT_WITHOUT_DETAILS, 429, "rateLimitExceeded", None),
    (Fault.RATE_LIMIT_403, 403, "rateLimitExceeded", None),
    (Fault.USER_RATE_LIMIT_403, 403, "userRateLimitExceeded", None),
    (Fault.API_KEY_INVALID, 400, "badRequest", "API_KEY_INVALID"),
    (Fault.KEY_INVALID, 400, "keyInvalid", None),
    (Fault.ACCESS_NOT_CONFIGURED, 403, "accessNotConfigured", None),
    (Fault.SERVICE_DISABLED, 403, "accessNotConfigured", "SERVICE_DISABLED"),
    (Fault.IP_ADDRESS_BLOCKED, 403, "forbidden", "API_KEY_IP_ADDRESS_BLOCKED"),
    (Fault.HTTP_REFERRER_BLOCKED, 403, "forbidden", "API_KEY_HTTP_REFERRER_BLOCKED"),
    (Fault.SERVICE_BLOCKED, 403, "forbidden", "API_KEY_SERVICE_BLOCKED"),
    (Fault.IP_REFERER_BLOCKED, 403, "ipRefererBlocked", None),
    (Fault.UNREGISTERED_CALLER, 403, "forbidden", None),
    (Fault.DAILY_LIMIT_UNREGISTERED, 403, "dailyLimitExceededUnreg", None),
    (Fault.AUTH_ERROR, 401, "authError", None),
    (Fault.INVALID_FILTERS, 400, "invalidFilters", None),
    (Fault.MISSING_REQUIRED_PARAMETER, 400, "missingRequiredParameter", None),
    (Fault.INVALID_PARAMETER, 400, "invalidParameter", None),
    (Fault.UNKNOWN_PART, 400, "unknownPart", None),
    (Fault.INVALID_PAGE_TOKEN, 400, "invalidPageToken", None),
    (Fault.NOT_MODELLED, 501, "notModelled", None),
    (Fault.PLAYLIST_NOT_FOUND, 404, "playlistNotFound", None),
    (Fault.PLAYLIST_ITEMS_NOT_ACCESSIBLE, 403, "playlistItemsNotAccessible", None),
    (Fault.CHANNEL_NOT_FOUND, 404, "channelNotFound", None),
    (Fault.VIDEO_NOT_FOUND, 404, "videoNotFound", None),
    (Fault.FORBIDDEN, 403, "forbidden", None),
    (Fault.PLAYLIST_FORBIDDEN, 403, "playlistForbidden", None),
    (Fault.CHANNEL_FORBIDDEN, 403, "channelForbidden", None),
    (Fault.CHANNEL_CLOSED, 403, "channelClosed", None),
    (Fault.CHANNEL_SUSPENDED, 403, "channelSuspended", None),
    (Fault.WATCH_HISTORY_NOT_ACCESSIBLE, 403, "watchHistoryNotAccessible", None),
    (Fault.PERMISSION_DENIED_403, 403, "SERVICE_UNAVAILABLE", None),
    (Fault.BACKEND_ERROR, 500, "backendError", None),
    (Fault.INTERNAL_ERROR, 500, "internalError", None),
    (Fault.SERVICE_UNAVAILABLE_503, 503, "backendError", None),
    (Fault.SERVICE_UNAVAILABLE_403, 403, "SERVICE_UNAVAILABLE", None),
    (Fault.SERVICE_UNAVAILABLE_409, 409, "SERVICE_UNAVAILABLE", None),
]


def test_the_table_has_a_row_for_every_refusal() -> None:
    assert [row[0] for row in ROWS] == list(REFUSALS)


@pytest.mark.parametrize(("fault", "status", "why", "detail"), ROWS, ids=[row[0] for row in ROWS])
def test_a_refusal_has_its_status_reason_and_detail(fault: Fault, status: int, why: str, detail: str | None) -> None:
    simulated = youtube(faults=(FaultPeriod(fault, NOW, NOW + HOUR),))
    response = ask(simulated, "playlists", id=PLAYLIST.id, pageToken="any")
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["errors"][0]["reason"]) == (status, status, why)
    assert error["message"] == error["errors"][0]["message"]
    details = [each for each in error.get("details", []) if each["@type"].endswith("ErrorInfo")]
    assert [each["reason"] for each in details] == ([] if detail is None else [detail])


@pytest.mark.parametrize(
    ("fault", "window", "unit"),
    [(Fault.DAY_SPENT_429, "per day", "1/d/{project}"), (Fault.RATE_LIMIT_429, "per minute", "1/min/{project}")],
)
def test_only_the_window_distinguishes_a_spent_day_from_a_burst(fault: Fault, window: str, unit: str) -> None:
    error = REFUSALS[fault].body()["error"]
    assert window in error["message"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["details"][0]["metadata"]["quota_unit"] == unit


def test_the_captured_bodies_are_reproduced_exactly() -> None:
    spent = REFUSALS[Fault.QUOTA_EXCEEDED].body()["error"]
    text = (
        "The request cannot be completed because you have exceeded your "
        '<a href="/youtube/v3/getting-started#quota">quota</a>.'
    )
    first = {"message": text, "domain": "youtube.quota", "reason": "quotaExceeded"}
    assert spent == {"code": 403, "message": text, "errors": [first]}
    disabled = REFUSALS[Fault.SERVICE_DISABLED].body()["error"]
    assert [each["@type"] for each in disabled["details"]] == [
        "type.googleapis.com/google.rpc.Help",
        "type.googleapis.com/google.rpc.ErrorInfo",
    ]
    assert disabled["errors"][0]["extendedHelp"] == "https://console.developers.google.com"
    assert set(REFUSALS[Fault.RATE_LIMIT_WITHOUT_DETAILS].body()["error"]) == {"code", "message", "errors"}
    key = REFUSALS[Fault.API_KEY_INVALID].body()["error"]
    assert key["message"] == "API key not valid. Please pass a valid API key."
    assert key["status"] == "INVALID_ARGUMENT"
    assert key["details"][0]["@type"] == "type.googleapis.com/google.rpc.ErrorInfo"
