"""HTTP requests and responses: parameters, compression, ETags, and broken responses."""

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


def error_response(request: httpx.Request, fault: Fault, message: str | None = None) -> httpx.Response:
    """The error response of a fault."""
    refusal = REFUSALS[fault]
    return json_response(request, refusal.code, refusal.body(message))


def json_response(
    request: httpx.Request, status: int, body: Json, *, cut: bool = False, etag_header: bool = False
) -> httpx.Response:
    """A JSON response, compressed when the request accepts gzip; `cut` keeps only its first half."""
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = {"content-type": "application/json; charset=UTF-8", "vary": "Origin, X-Origin, Referer"}
    if etag_header and "etag" in body:
        headers["etag"] = body["etag"]
    content = content[: len(content) // 2] if cut else content
    if "gzip" in request.headers.get("accept-encoding", ""):
        # Level 1: it is the time of the tests of large lists.
        content, headers["content-encoding"] = gzip.compress(content, 1, mtime=0), "gzip"
    return httpx.Response(status, headers=headers, content=content)


def not_modified(request: httpx.Request, body: Json) -> httpx.Response | None:
    """304 when the request has the ETag of the body, else None."""
    sent = request.headers.get("if-none-match", "").removeprefix("W/").strip('"')
    return httpx.Response(304, headers={"etag": sent}) if sent and sent == body["etag"] else None


def broken_response(fault: Fault) -> httpx.Response:
    """The response of one of `BROKEN_BODIES`, but for `CUT_BODY`."""
    match fault:
        case Fault.HTML_502:
            return httpx.Response(502, html=_HTML_502)
        case Fault.HTML_200:
            return httpx.Response(200, html=_HTML_PAGE)
        case Fault.EMPTY_BODY:
            return httpx.Response(200, headers={"content-type": "application/json; charset=UTF-8"}, content=b"")
        case _:
            raise ValueError(fault)


def truncated(response: httpx.Response) -> httpx.Response:
    """The response without the second half of its body."""
    content = response.content[: len(response.content) // 2]
    kind = {"content-type": response.headers["content-type"]}
    return httpx.Response(response.status_code, headers=kind, content=content)
