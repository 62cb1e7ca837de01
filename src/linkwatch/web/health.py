"""Whether the daemon lives and works, for whatever watches over it; open to all, and it tells nothing of the lists."""

from collections.abc import Iterator
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from linkwatch.errors import StoreError
from linkwatch.store.runs import count_runs
from linkwatch.web.context import WebContext
from linkwatch.web.text import length_of

OLDEST_HEARTBEAT = timedelta(minutes=2)
"""A daemon that has not turned for longer is not ready."""


def healthz(desk: WebContext, request: Request) -> Response:
    """This process answers."""
    return PlainTextResponse("ok\n")


def readyz(desk: WebContext, request: Request) -> Response:
    """The database can be read, and the daemon turns."""
    problems = list(_problems(desk))
    told = "".join(f"{problem}\n" for problem in problems)
    return PlainTextResponse(told, 503) if problems else PlainTextResponse("ready\n")


def _problems(desk: WebContext) -> Iterator[str]:
    try:
        with desk.watching.database.read() as connection:
            count_runs(connection)
        beat = desk.watching.heartbeat()
    except StoreError:
        # Not in the database's own words: they name its place.
        yield "the database can't be read"
        return
    if beat is None:
        yield "the daemon has not turned yet"
    elif (age := desk.clock() - beat) > OLDEST_HEARTBEAT:
        yield f"the daemon has not turned for {length_of(age)}"
