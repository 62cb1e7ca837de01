"""Requests taken apart and responses put together: parameters, compression, ETags, and how an answer gets mangled."""

import gzip
import json
from urllib.parse import parse_qs

import httpx

from linkwatch.simulator.faults import Fault
from linkwatch.simulator.items import Json
from linkwatch.simulator.refusals import REFUSALS

_HTML_502 = "<!DOCTYPE html><html lang=en><title>Error 502 (Server Error)!!1</title><p><b>502.</b> That’s an error."
_HTML_PAGE = "<!DOCTYPE html><html lang=en><title>YouTube</title><body></body></html>"


def is_get(request: httpx.Request) -> bool:
    """Whether it is a GET, or a POST that is one: what Google's client makes of a URL over 2,048 characters."""
    return request.method == "GET" or _overridden(request)


def parameters(request: httpx.Request) -> dict[str, list[str]]:
    """The parameters of the query, and of the form in an overridden POST."""
    query = request.url.query.decode("ascii")
    if _overridden(request):
        query = f"{query}&{request.read().decode()}"
    return parse_qs(query, keep_blank_values=True)


def _overridden(request: httpx.Request) -> bool:
    return request.method == "POST" and request.headers.get("x-http-method-override") == "GET"


def refused(request: httpx.Request, fault: Fault, message: str | None = None) -> httpx.Response:
    """The error body of a fault."""
    refusal = REFUSALS[fault]
    return json_response(request, refusal.code, refusal.body(message))


def json_response(request: httpx.Request, status: int, body: Json, *, cut: bool = False) -> httpx.Response:
    """A JSON answer, compressed when the request takes gzip; `cut` keeps its first half only."""
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json; charset=UTF-8", "vary": "Origin, X-Origin, Referer"}
    if "etag" in body:
        headers["etag"] = body["etag"]
    content = content[: len(content) // 2] if cut else content
    if "gzip" in request.headers.get("accept-encoding", ""):
        # Level 1: the tests of large lists wait for this.
        content, headers["content-encoding"] = gzip.compress(content, 1, mtime=0), "gzip"
    return httpx.Response(status, headers=headers, content=content)


def not_modified(request: httpx.Request, body: Json) -> httpx.Response | None:
    """304 when the request holds the answer's ETag already, else None."""
    known = request.headers.get("if-none-match", "").removeprefix("W/").strip('"')
    return httpx.Response(304, headers={"etag": known}) if known and known == body["etag"] else None


def mangled(fault: Fault) -> httpx.Response:
    """What comes in place of an answer."""
    match fault:
        case Fault.HTML_502:
            return httpx.Response(502, html=_HTML_502)
        case Fault.HTML_200:
            return httpx.Response(200, html=_HTML_PAGE)
        case Fault.EMPTY_BODY:
            return httpx.Response(200, headers={"content-type": "application/json; charset=UTF-8"}, content=b"")
        case _:
            raise ValueError(fault)


def halved(response: httpx.Response) -> httpx.Response:
    """The same answer, its second half missing."""
    content = response.content[: len(response.content) // 2]
    kind = {"content-type": response.headers["content-type"]}
    return httpx.Response(response.status_code, headers=kind, content=content)
