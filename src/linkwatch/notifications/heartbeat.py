"""Requests `ping_url` after each complete check, for dead man's switches such as healthchecks.io."""

from collections.abc import Mapping

import httpx

from linkwatch.notifications.log_capture import capture_logs
from linkwatch.notifications.urls import NotSentError, expand_variables, refuse_private

TIMEOUT = 10.0
"""Seconds for the request."""


def ping(url: str, environ: Mapping[str, str], *, allow_private: bool) -> None:
    """Request a URL once; the contents of the response are ignored.

    Raises:
        NotSentError: No response, or an error status; the message contains no part of the URL.
    """
    try:
        address = httpx.URL(expand_variables(url, environ))
        if not allow_private:
            refuse_private(address.host)
        with capture_logs():
            status = httpx.get(address, timeout=TIMEOUT, follow_redirects=False).status_code
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise NotSentError("it is not a URL") from None
    except httpx.HTTPError:
        raise NotSentError("no connection, or no response in time") from None
    if status >= 300:
        raise NotSentError(f"the response was {status}")
