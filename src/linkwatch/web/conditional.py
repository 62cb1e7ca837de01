"""Conditional requests: who has the present answer already gets none of it."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

ASK_AGAIN = "private, no-cache"
"""It may be kept, and is asked for again each time."""

FOR_ALL = "public, max-age=300"
"""Anybody may keep it for five minutes: as long as a report is cached."""


def conditional(request: Request, response: Response, cache_control: str) -> Response:
    """Tag an answer by its content, and leave the content out for a client that has it.

    The tag is a weak one: a proxy may compress the answer.

    Args:
        request: With the tags that the client has.
        response: The whole answer.
        cache_control: Who may keep the answer, and for how long.
    """
    tag = f'W/"{sha256(response.body).hexdigest()[:32]}"'
    response.headers["etag"] = tag
    response.headers["cache-control"] = cache_control
    if not _has(request.headers.get("if-none-match", ""), tag):
        return response
    headers = {
        name: value for name, value in response.headers.items() if name not in {"content-length", "content-type"}
    }
    return Response(status_code=304, headers=headers)


def _has(offered: str, tag: str) -> bool:
    """Whether a tag is one of those of `If-None-Match`, weak or strong."""
    tags = {each.strip().removeprefix("W/") for each in offered.split(",")}
    return "*" in tags or tag.removeprefix("W/") in tags
