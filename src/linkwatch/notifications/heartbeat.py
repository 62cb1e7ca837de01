"""Requests `ping_url` after each complete check, for dead man's switches such as healthchecks.io."""

from collections.abc import Mapping

import httpx

from linkwatch.exchange import DEFAULT_LIMITS, Limits, TransientError, new_client, send
from linkwatch.notifications.log_capture import capture_logs
from linkwatch.notifications.urls import NO_RESPONSE, NotSentError, expand_variables, refuse_private


def ping(url: str, environ: Mapping[str, str], *, allow_private: bool, limits: Limits = DEFAULT_LIMITS) -> None:
    """Request a URL once; the contents of the response are ignored, and redirects are not followed.

    Raises:
        NotSentError: No response within the limits, or an error status; the message contains no part of the URL.
    """
    try:
        address = httpx.URL(expand_variables(url, environ))
        if address.scheme not in {"http", "https"} or not address.host:
            raise NotSentError("it is not a URL")
        if not allow_private:
            refuse_private(address.host)
        with capture_logs(), new_client() as client:
            status = send(client, "GET", str(address), limits=limits).status_code
    except httpx.InvalidURL:
        raise NotSentError("it is not a URL") from None
    except TransientError:
        raise NotSentError(NO_RESPONSE) from None
    if status >= 300:
        raise NotSentError(f"the response was {status}")
