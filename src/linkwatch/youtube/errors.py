"""What a refused call of the Data API means for the run, as one of our errors; Google's own would hold the URL."""

import httpx

from linkwatch.errors import KeyRejectedError, UnreachableError
from linkwatch.youtube.error_codes import Refusal, classify
from linkwatch.youtube.quota import QuotaAccount
from linkwatch.youtube.retry import TransientError, retry_after_of

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
    Refusal.NO_KEY: ("YouTube did not see an API key", "Set YOUTUBE_API_KEY; a proxy may be dropping request headers."),
}


class DataApiBugError(Exception):
    """YouTube finds fault with a request of ours: a bug to be reported, and no word about any link."""


class PageMovedError(Exception):
    """The page token is no good any more."""


class ClosedError(UnreachableError):
    """The playlist is there, and what is in it is not shown."""


def translated(response: httpx.Response, key: str, ledger: QuotaAccount, *, looking: bool) -> Exception:  # noqa: PLR0911  # one for each meaning
    """Make the error of a refused call.

    Args:
        response: What YouTube answered.
        key: The API key, which no message may hold.
        ledger: Told when the day is spent.
        looking: The call looks inside a playlist.
    """
    refusal, said = classify(response.status_code, response.content)
    said = said.replace(key, "…")
    quoted = f" (YouTube says: {said})" if said else ""
    match refusal:
        case Refusal.DAY_SPENT:
            return ledger.exhaust()
        case Refusal.BAD_KEY | Refusal.NOT_ENABLED | Refusal.KEY_RESTRICTED | Refusal.NO_KEY:
            message, remedy = _KEY_REFUSALS[refusal]
            return KeyRejectedError(message + quoted, remedy=remedy)
        case Refusal.BAD_REQUEST:
            return DataApiBugError(f"YouTube refused a request as malformed, with HTTP {response.status_code}{quoted}")
        case Refusal.ODD:
            return UnreachableError(f"YouTube refused a request with HTTP {response.status_code}{quoted}")
        case Refusal.PAGE_MOVED:
            return PageMovedError()
        case Refusal.NOT_FOUND | Refusal.PRIVATE if looking:
            return ClosedError(f"YouTube does not show this{quoted}")
        case Refusal.BURST:
            what = "too many requests at once"
        case _:
            what = f"HTTP {response.status_code}"
    return TransientError(what, retry_after=retry_after_of(response.headers.get("retry-after")))
