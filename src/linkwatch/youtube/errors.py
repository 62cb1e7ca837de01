"""The exception for each refusal of the Data API; Google's own exceptions hold the URL."""

from typing import assert_never

import httpx

from linkwatch.errors import KeyRejectedError
from linkwatch.youtube.error_codes import Refusal, classify
from linkwatch.youtube.quota import QuotaAccount
from linkwatch.youtube.retry import TooManyRequestsError, TransientError, parse_retry_after

_KEY_REFUSALS = {
    Refusal.BAD_KEY: (
        "YouTube does not accept the API key",
        "Set YOUTUBE_API_KEY to a valid key of your Google project.",
    ),
    Refusal.NOT_ENABLED: (
        "the YouTube Data API v3 is not enabled for the key's project",
        "Enable “YouTube Data API v3” in the Google Cloud console, then wait a few minutes.",
    ),
    Refusal.KEY_RESTRICTED: (
        "YouTube refuses the API key here",
        "Look at the key's restrictions (IP addresses, referrers, APIs) in the Google Cloud console.",
    ),
    Refusal.NO_QUOTA: (
        "the key's project has no quota for the YouTube Data API",
        "Ask for quota in the Google Cloud console; waiting for the next day changes nothing.",
    ),
    Refusal.NO_KEY: ("YouTube did not see an API key", "Set YOUTUBE_API_KEY; a proxy may be dropping request headers."),
}


class PageMovedError(Exception):
    """The page token is no longer valid."""


class NotFoundError(Exception):
    """YouTube answers that the resource of this call does not exist.

    Args:
        reason: YouTube's, such as `playlistNotFound`.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallRefusedError(Exception):
    """YouTube refuses this call; the key, the project and the network are fine.

    Args:
        message: YouTube's message.
        denied: Access to a resource is denied; else the reason is unknown.
        malformed: The request is malformed: a bug of ours, which says nothing about any link.
    """

    def __init__(self, message: str, *, denied: bool = False, malformed: bool = False) -> None:
        super().__init__(message)
        self.denied = denied
        self.malformed = malformed


def error_from_response(response: httpx.Response, key: str, account: QuotaAccount) -> Exception:  # noqa: PLR0911  # one for each refusal
    """The exception for an error response.

    Args:
        response: The error response.
        key: The API key, which no message may hold.
        account: It is marked as spent when the response says so.
    """
    refusal, text, reason = classify(response.status_code, response.content)
    text = text.replace(key, "…")
    quoted = f" (YouTube says: {text})" if text else ""
    match refusal:
        case Refusal.DAY_SPENT:
            return account.exhaust()
        case Refusal.BAD_KEY | Refusal.NOT_ENABLED | Refusal.KEY_RESTRICTED | Refusal.NO_KEY | Refusal.NO_QUOTA:
            message, remedy = _KEY_REFUSALS[refusal]
            return KeyRejectedError(message + quoted, remedy=remedy)
        case Refusal.BAD_REQUEST:
            message = f"YouTube refused a request as malformed, with HTTP {response.status_code}{quoted}"
            return CallRefusedError(message, malformed=True)
        case Refusal.UNEXPECTED | Refusal.ABOUT_THE_CALL:
            message = f"YouTube refused a request with HTTP {response.status_code}{quoted}"
            return CallRefusedError(message, denied=refusal is Refusal.ABOUT_THE_CALL)
        case Refusal.NOT_FOUND:
            return NotFoundError(reason)
        case Refusal.PAGE_MOVED:
            return PageMovedError()
        case Refusal.BURST:
            retry_after = parse_retry_after(response.headers.get("retry-after"))
            return TooManyRequestsError("too many requests at once", retry_after=retry_after)
        case Refusal.TRANSIENT:
            what = f"HTTP {response.status_code}"
        case _:
            assert_never(refusal)
    return TransientError(what, retry_after=parse_retry_after(response.headers.get("retry-after")))
