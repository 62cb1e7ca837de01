"""The errors table of the Data API, row by row: the reasons of a refusal say what it means, never its status alone."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.simulator.faults import Fault
from linkwatch.simulator.refusals import REFUSALS
from linkwatch.youtube.error_codes import Refusal, classify

_PER_DAY = "Quota exceeded for quota metric 'Queries' and limit 'Queries per day' of service 'youtube.googleapis.com'"
_PER_MINUTE = "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute' of service 'y'"


def error(
    *errors: str,
    message: Any = "said",
    details: tuple[Any, ...] = (),
    unit: str | None = None,
    limit: str | None = None,
    domain: str = "global",
    **more: Any,
) -> bytes:
    """An error body with these `errors[].reason` and `details[].reason`."""
    metadata = {"quota_unit": unit, "quota_limit_value": limit}
    listed = [{"domain": domain, "reason": reason} for reason in errors]
    error_details = [{"@type": "x", "reason": reason, "metadata": metadata} for reason in details]
    return json.dumps(
        {"error": {"code": 1, "message": message, "errors": listed, "details": error_details, **more}}
    ).encode()


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (403, error("quotaExceeded"), Refusal.DAY_SPENT),
        (403, error("dailyLimitExceeded"), Refusal.DAY_SPENT),
        (429, error("quotaExceeded"), Refusal.DAY_SPENT),
        (429, error("rateLimitExceeded", message=_PER_DAY), Refusal.DAY_SPENT),
        (429, error("rateLimitExceeded", details=("RATE_LIMIT_EXCEEDED",), unit="1/d/{project}"), Refusal.DAY_SPENT),
        (403, error("rateLimitExceeded", message=_PER_DAY), Refusal.DAY_SPENT),
        (429, error(message=_PER_DAY), Refusal.DAY_SPENT),
        (429, error("rateLimitExceeded", message=_PER_MINUTE), Refusal.BURST),
        (429, error("x", details=("RATE_LIMIT_EXCEEDED",), unit="1/min/{project}"), Refusal.BURST),
        (403, error("rateLimitExceeded"), Refusal.BURST),
        (403, error("userRateLimitExceeded"), Refusal.BURST),
        (429, error("userRateLimitExceeded"), Refusal.BURST),
        (429, error(), Refusal.BURST),
        (400, error("badRequest", details=("API_KEY_INVALID",)), Refusal.BAD_KEY),
        (400, error("keyInvalid"), Refusal.BAD_KEY),
        (403, error("accessNotConfigured"), Refusal.NOT_ENABLED),
        (403, error("forbidden", details=("SERVICE_DISABLED",)), Refusal.NOT_ENABLED),
        (403, error("forbidden", details=("API_KEY_IP_ADDRESS_BLOCKED",)), Refusal.KEY_RESTRICTED),
        (403, error("forbidden", details=("API_KEY_HTTP_REFERRER_BLOCKED",)), Refusal.KEY_RESTRICTED),
        (403, error("forbidden", details=("API_KEY_SERVICE_BLOCKED",)), Refusal.KEY_RESTRICTED),
        (403, error("ipRefererBlocked"), Refusal.KEY_RESTRICTED),
        (
            403,
            error("forbidden", message="Method doesn't allow unregistered callers (callers without identity)."),
            Refusal.NO_KEY,
        ),
        (400, error("invalidFilters"), Refusal.BAD_REQUEST),
        (400, error("missingRequiredParameter"), Refusal.BAD_REQUEST),
        (400, error("invalidPageToken"), Refusal.PAGE_MOVED),
        (404, error("playlistNotFound"), Refusal.NOT_FOUND),
        (403, error("playlistItemsNotAccessible", domain="youtube.playlistItem"), Refusal.ABOUT_THE_CALL),
        (404, error("channelNotFound", domain="youtube.channel"), Refusal.NOT_FOUND),
        (404, error("videoNotFound", domain="youtube.video"), Refusal.NOT_FOUND),
        (403, error("forbidden"), Refusal.ABOUT_THE_CALL),
        (403, error("playlistForbidden", domain="youtube.playlist"), Refusal.ABOUT_THE_CALL),
        (403, error("channelForbidden", domain="youtube.channel"), Refusal.ABOUT_THE_CALL),
        (403, error("channelClosed", domain="youtube.channel"), Refusal.ABOUT_THE_CALL),
        (403, error("channelSuspended", domain="youtube.channel"), Refusal.ABOUT_THE_CALL),
        (403, error("watchLaterNotAccessible", domain="youtube.playlistItem"), Refusal.ABOUT_THE_CALL),
        (403, error("watchHistoryNotAccessible", domain="youtube.playlistItem"), Refusal.ABOUT_THE_CALL),
        (403, error("somethingNew", domain="youtube.common"), Refusal.ABOUT_THE_CALL),
        (403, error("SERVICE_UNAVAILABLE", status="PERMISSION_DENIED"), Refusal.ABOUT_THE_CALL),
        (403, error("SERVICE_UNAVAILABLE", message="PERMISSION_DENIED: no"), Refusal.ABOUT_THE_CALL),
        (401, error("authError"), Refusal.BAD_KEY),
        (403, error("dailyLimitExceededUnreg", domain="usageLimits"), Refusal.NO_KEY),
        (429, error("rateLimitExceeded", details=("x",), unit="1/d/{project}", limit="0"), Refusal.NO_QUOTA),
        (429, error("rateLimitExceeded", details=("x",), unit="1/d/{project}", limit="10000"), Refusal.DAY_SPENT),
        (429, error("rateLimitExceeded", details=("x",), unit="1/min/{project}", limit="0"), Refusal.BURST),
        (403, error("somethingNew", domain="usageLimits"), Refusal.KEY_RESTRICTED),
        (500, error("backendError"), Refusal.TRANSIENT),
        (503, error("backendError"), Refusal.TRANSIENT),
        (403, error("SERVICE_UNAVAILABLE"), Refusal.TRANSIENT),
        (409, error("SERVICE_UNAVAILABLE"), Refusal.TRANSIENT),
        (500, error("somethingNew"), Refusal.TRANSIENT),
    ],
)
def test_each_row_of_the_table(status: int, body: bytes, meaning: Refusal) -> None:
    assert classify(status, body)[0] is meaning


_MEANINGS = {
    Fault.QUOTA_EXCEEDED: Refusal.DAY_SPENT,
    Fault.DAILY_LIMIT_EXCEEDED: Refusal.DAY_SPENT,
    Fault.DAY_SPENT_429: Refusal.DAY_SPENT,
    Fault.RATE_LIMIT_429: Refusal.BURST,
    Fault.RATE_LIMIT_403: Refusal.BURST,
    Fault.USER_RATE_LIMIT_403: Refusal.BURST,
    Fault.API_KEY_INVALID: Refusal.BAD_KEY,
    Fault.KEY_INVALID: Refusal.BAD_KEY,
    Fault.ACCESS_NOT_CONFIGURED: Refusal.NOT_ENABLED,
    Fault.SERVICE_DISABLED: Refusal.NOT_ENABLED,
    Fault.IP_ADDRESS_BLOCKED: Refusal.KEY_RESTRICTED,
    Fault.HTTP_REFERRER_BLOCKED: Refusal.KEY_RESTRICTED,
    Fault.SERVICE_BLOCKED: Refusal.KEY_RESTRICTED,
    Fault.IP_REFERER_BLOCKED: Refusal.KEY_RESTRICTED,
    Fault.UNREGISTERED_CALLER: Refusal.NO_KEY,
    Fault.INVALID_FILTERS: Refusal.BAD_REQUEST,
    Fault.MISSING_REQUIRED_PARAMETER: Refusal.BAD_REQUEST,
    Fault.UNKNOWN_PART: Refusal.BAD_REQUEST,
    Fault.INVALID_PARAMETER: Refusal.UNEXPECTED,
    Fault.INVALID_PAGE_TOKEN: Refusal.PAGE_MOVED,
    Fault.NOT_MODELLED: Refusal.TRANSIENT,
    Fault.PLAYLIST_NOT_FOUND: Refusal.NOT_FOUND,
    Fault.PLAYLIST_ITEMS_NOT_ACCESSIBLE: Refusal.ABOUT_THE_CALL,
    Fault.CHANNEL_NOT_FOUND: Refusal.NOT_FOUND,
    Fault.VIDEO_NOT_FOUND: Refusal.NOT_FOUND,
    Fault.FORBIDDEN: Refusal.ABOUT_THE_CALL,
    Fault.PLAYLIST_FORBIDDEN: Refusal.ABOUT_THE_CALL,
    Fault.CHANNEL_FORBIDDEN: Refusal.ABOUT_THE_CALL,
    Fault.CHANNEL_CLOSED: Refusal.ABOUT_THE_CALL,
    Fault.CHANNEL_SUSPENDED: Refusal.ABOUT_THE_CALL,
    Fault.WATCH_HISTORY_NOT_ACCESSIBLE: Refusal.ABOUT_THE_CALL,
    Fault.PERMISSION_DENIED_403: Refusal.ABOUT_THE_CALL,
    Fault.AUTH_ERROR: Refusal.BAD_KEY,
    Fault.DAILY_LIMIT_UNREGISTERED: Refusal.NO_KEY,
    Fault.NO_QUOTA: Refusal.NO_QUOTA,
    Fault.RATE_LIMIT_WITHOUT_DETAILS: Refusal.BURST,
    Fault.BACKEND_ERROR: Refusal.TRANSIENT,
    Fault.INTERNAL_ERROR: Refusal.TRANSIENT,
    Fault.SERVICE_UNAVAILABLE_503: Refusal.TRANSIENT,
    Fault.SERVICE_UNAVAILABLE_403: Refusal.TRANSIENT,
    Fault.SERVICE_UNAVAILABLE_409: Refusal.TRANSIENT,
}


@pytest.mark.parametrize("fault", REFUSALS)
def test_every_refusal_of_the_simulator(fault: Fault) -> None:
    refusal = REFUSALS[fault]
    assert classify(refusal.code, json.dumps(refusal.body()).encode())[0] is _MEANINGS[fault]


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        pytest.param(
            403, error("quotaExceeded", details=("API_KEY_INVALID",)), Refusal.BAD_KEY, id="details before errors"
        ),
        pytest.param(
            400, error("quotaExceeded", details=("SOMETHING_NEW",)), Refusal.DAY_SPENT, id="unknown details are skipped"
        ),
        pytest.param(
            403,
            error("quotaExceeded", message="unregistered callers"),
            Refusal.DAY_SPENT,
            id="errors before the message",
        ),
        pytest.param(
            500, error("forbidden", message="unregistered callers"), Refusal.NO_KEY, id="the message before the status"
        ),
        pytest.param(403, error("somethingNew", "quotaExceeded"), Refusal.DAY_SPENT, id="the second of two reasons"),
        pytest.param(200, error("quotaExceeded"), Refusal.DAY_SPENT, id="the status says nothing against a reason"),
        pytest.param(429, error("backendError", message=_PER_DAY), Refusal.TRANSIENT, id="reason before the window"),
        pytest.param(400, error("somethingNew"), Refusal.UNEXPECTED, id="400 alone"),
        pytest.param(401, error("somethingNew"), Refusal.BAD_KEY, id="401 alone"),
        pytest.param(403, error("somethingNew"), Refusal.KEY_RESTRICTED, id="403 alone"),
        pytest.param(404, error("notFound"), Refusal.TRANSIENT, id="404 alone is nobody's death"),
        pytest.param(409, error(), Refusal.TRANSIENT, id="409 alone"),
        pytest.param(304, b"", Refusal.TRANSIENT, id="304 to a question without an ETag"),
    ],
)
def test_details_come_before_errors_and_those_before_the_message(status: int, body: bytes, meaning: Refusal) -> None:
    assert classify(status, body)[0] is meaning


_NESTED = b'{"x":' + b"[" * 100_000
_TRUE_BODY = error("quotaExceeded")


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 429, 500, 502])
@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<!DOCTYPE html><title>403</title>quotaExceeded", id="HTML"),
        pytest.param(_TRUE_BODY[: len(_TRUE_BODY) // 2], id="cut"),
        pytest.param(b"Forbidden", id="plain text"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="an array"),
        pytest.param(b"{}", id="no error"),
        pytest.param(b'{"error": "invalid_grant"}', id="error is a word"),
        pytest.param(b'{"error": null}', id="error is null"),
        pytest.param(error(message=5), id="message is a number"),
        pytest.param(error(message=None), id="message is null"),
        pytest.param(b'{"error": {"errors": {"reason": "quotaExceeded"}}}', id="errors is an object"),
        pytest.param(b'{"error": {"errors": [{"reason": 403}]}}', id="reason is a number"),
        pytest.param(b'{"error": {"details": [null]}}', id="details hold null"),
        pytest.param(b'{"error": {"details": [{"metadata": []}]}}', id="metadata is an array"),
        pytest.param(b'{"error": {"message": "\xff\xfe"}}', id="not UTF-8"),
        pytest.param(b'{"error": {"message": "\\ud800"}}', id="half a surrogate pair"),
        pytest.param(_NESTED, id="brackets without end"),
        pytest.param(b"\x1f\x8b\x08\x00", id="gzip"),
    ],
)
def test_a_body_that_is_not_the_data_apis_is_transient_whatever_the_status(status: int, body: bytes) -> None:
    assert classify(status, body) == (Refusal.TRANSIENT, "", "")


def test_metadata_may_hold_anything() -> None:
    body = b'{"error": {"details": [{"reason": "RATE_LIMIT_EXCEEDED", "metadata": {"quota_unit": 5, "x": [null]}}]}}'
    assert classify(429, body)[0] is Refusal.BURST


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        ('exceeded your <a href="/youtube/v3/getting-started#quota">quota</a>.', "exceeded your quota."),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("Requests from referer <empty> are blocked.", "Requests from referer <empty> are blocked."),
        ("The playlist <code>PL1</code><br/>is private", "The playlist PL1is private"),
        ("two\n  lines", "two lines"),
        ("", ""),
    ],
)
def test_the_message_is_plain_text(message: str, plain: str) -> None:
    assert classify(403, error(message=message))[1] == plain


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
_shaped = st.fixed_dictionaries(
    {"error": st.fixed_dictionaries({}, optional={"message": _json, "errors": _json, "details": _json}) | _json}
)


@given(status=st.integers(100, 999), body=st.binary() | _json.map(json.dumps) | _shaped.map(json.dumps))
def test_no_body_makes_it_raise(status: int, body: bytes | str) -> None:
    classify(status, body if isinstance(body, bytes) else body.encode())
