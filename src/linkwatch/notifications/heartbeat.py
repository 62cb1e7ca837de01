"""The sign of life: an address that is asked after each complete check, and misses it when there was none."""

from collections.abc import Mapping

import httpx

from linkwatch.notifications.log_capture import capture_logs
from linkwatch.notifications.urls import NotSentError, expand_variables, refuse_private, unset_variable

TIMEOUT = 10.0
"""How long an answer may take."""


def ping(url: str, environ: Mapping[str, str], *, allow_private: bool) -> None:
    """Ask an address once; what it says doesn't matter.

    Raises:
        NotSentError: It was not reached, or refused; the message holds no part of the address.
    """
    if unset := unset_variable(url, environ):
        raise NotSentError(f"${unset} is not set")
    try:
        address = httpx.URL(expand_variables(url, environ))
        if not allow_private:
            refuse_private(address.host)
        with capture_logs():
            status = httpx.get(address, timeout=TIMEOUT, follow_redirects=False).status_code
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise NotSentError("it is no URL") from None
    except httpx.HTTPError:
        raise NotSentError("no connection, or no answer in time") from None
    if status >= 300:
        raise NotSentError(f"it answered {status}")
