"""What every request passes before it reaches a page, and what every answer carries.

Headers → OwnNames → SmallBodies → Doorkeeper → the pages
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkwatch.web.auth import Authenticator

SESSION_COOKIE = "linkwatch_session"
LARGEST_BODY = 16_384
"""Bytes of a form; ours have some hundred."""

_OPEN = {"/healthz", "/readyz", "/login"}
"""What is shown without a token: nothing of the lists."""

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # No other site is told where somebody came from. Not `no-referrer`: browsers then post our own forms with the
    # origin `null`, and whether a form is ours could not be told by it.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class SecurityHeadersMiddleware:
    """Puts the security headers on every answer, of errors too; what says nothing of caches is not kept."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class TrustedHostMiddleware:
    """Refuses requests that call us by a name which is not ours: a page elsewhere has had its name rebound to us."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what calls us by a name of ours."""
        if scope["type"] == "http" and self._hosts is not None:
            host = Request(scope).headers.get("host", "").lower()
            if host not in self._hosts:
                refusal = f"This is linkwatch's dashboard; it is reached as {', '.join(sorted(self._hosts))}.\n"
                return await PlainTextResponse(refusal, 400)(scope, receive, send)
        return await self._app(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses what is larger than any form of ours, before it is read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is small."""
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
            length = Request(scope).headers.get("content-length", "")
            if not length.isdecimal():
                return await PlainTextResponse("How long is it?\n", 411)(scope, receive, send)
            if int(length) > LARGEST_BODY:
                return await PlainTextResponse("That is too much.\n", 413)(scope, receive, send)
        return await self._app(scope, receive, send)


class AuthMiddleware:
    """Asks for the token where there is one."""

    def __init__(self, app: ASGIApp, authenticator: Authenticator, clock: Callable[[], datetime]) -> None:
        self._app, self._authenticator, self._clock = app, authenticator, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be seen, or brings the token."""
        if scope["type"] != "http" or self._authenticator.is_open or self._may_pass(Request(scope)):
            return await self._app(scope, receive, send)
        return await _refusal(Request(scope))(scope, receive, send)

    def _may_pass(self, request: Request) -> bool:
        path = request.url.path
        if path in _OPEN or path.startswith("/static/"):
            return True
        offered = _offered(request.headers.get("authorization", ""))
        if offered is not None:
            return self._authenticator.admits(offered)
        return self._authenticator.is_session(request.cookies.get(SESSION_COOKIE, ""), self._clock())


def _offered(authorization: str) -> str | None:
    """The token of a script (`Bearer`), or of a feed reader, which knows passwords only (`Basic`)."""
    scheme, _, value = authorization.partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                return b64decode(value, validate=True).decode().partition(":")[2]
            except (NotBase64, UnicodeDecodeError):
                return ""
        case _:
            return None


def _refusal(request: Request) -> Response:
    """People are led to the form, programs are told."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
    told = "The dashboard's token is needed: Authorization: Bearer …\n"
    return PlainTextResponse(told, 401, headers={"www-authenticate": 'Bearer realm="linkwatch"'})
