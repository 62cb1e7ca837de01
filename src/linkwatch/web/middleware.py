"""The middleware around every request, outermost first: prefix, security headers, hosts, body limit, authentication."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote, unquote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from linkwatch.web.attempts import Attempts
from linkwatch.web.auth import Authenticator
from linkwatch.web.public_addresses import is_public
from linkwatch.web.sessions import Sessions

SESSION_COOKIE = "linkwatch_session"
MAX_BODY = 16_384
"""Bytes of a request body; most forms have a few hundred."""

MAX_LIST = 8_000_000
"""Bytes of the body of a form that has a list in it."""

LIST_FORMS = ("/add-list", "/edit/", "/patch/")
"""The beginnings of their paths."""

_PUBLIC_PATHS = {"/healthz", "/readyz", "/login"}
"""Served without a token; none shows anything of the lists."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # Other sites get no referrer. Not `no-referrer`: browsers then send `Origin: null` with forms, which would not
    # match the host.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class PrefixMiddleware:
    """Serves the dashboard below a path of a proxy, too; within, all paths are those at the root.

    A proxy may pass the path on or cut it off. Redirects lead below it, and cookies are for it alone.

    Args:
        app: The dashboard.
        prefix: Gives the path, as `/linkwatch`; empty at the root.
    """

    def __init__(self, app: ASGIApp, prefix: Callable[[], str]) -> None:
        self._app, self._prefix = app, prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = self._prefix()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [(name, _below(prefix, name, value)) for name, value in message["headers"]]
            await send(message)

        if scope["type"] != "http" or not prefix:
            return await self._app(scope, receive, send)
        decoded = unquote(prefix)
        if f"{scope['path']}/".startswith(f"{decoded}/"):
            path = scope["path"].removeprefix(decoded) or "/"
            scope = {**scope, "path": path, "raw_path": quote(path).encode()}
        return await self._app(scope, receive, sending)


def _below(prefix: str, name: bytes, value: bytes) -> bytes:
    if name == b"location" and value.startswith(b"/"):
        return prefix.encode() + value
    if name == b"set-cookie":
        return value.replace(b"; Path=/;", b"; Path=" + prefix.encode() + b";")
    return value


class SecurityHeadersMiddleware:
    """Adds the security headers to every response, errors included, unless it has one of them of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


class TrustedHostMiddleware:
    """Refuses requests with an unknown `Host`, such as those of a page whose name was rebound to this address."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._hosts is not None:
            host = Request(scope).headers.get("host", "").lower()
            if host not in self._hosts:
                refusal = f"The dashboard of linkwatch is available as {', '.join(sorted(self._hosts))}.\n"
                return await PlainTextResponse(refusal, 400)(scope, receive, send)
        return await self._app(scope, receive, send)


class BodyLimitMiddleware:
    """Refuses bodies that are larger than a form can be, before they are read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] not in {"GET", "HEAD"}:
            headers = Request(scope).headers
            length = headers.get("content-length", "" if _has_body(scope["method"], headers) else "0")
            if not length.isdecimal():
                return await PlainTextResponse("Content-Length is required.\n", 411)(scope, receive, send)
            most = MAX_LIST if scope["path"].startswith(LIST_FORMS) else MAX_BODY
            if int(length) > most:
                refusal = f"The request is too large: {most:,} bytes are possible.\n"
                return await PlainTextResponse(refusal, 413)(scope, receive, send)
        return await self._app(scope, receive, send)


def _has_body(method: str, headers: Headers) -> bool:
    return method in {"POST", "PUT", "PATCH"} or "transfer-encoding" in headers


class AuthMiddleware:
    """Requires a session or the token, if there is one."""

    def __init__(
        self,
        app: ASGIApp,
        authenticator: Authenticator,
        sessions: Sessions,
        attempts: Attempts,
        clock: Callable[[], datetime],
    ) -> None:
        self._app, self._authenticator, self._sessions, self._attempts = app, authenticator, sessions, attempts
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._authenticator.is_open:
            return await self._app(scope, receive, send)
        refusal = await self._refusal(Request(scope))
        return await (refusal or self._app)(scope, receive, send)

    async def _refusal(self, request: Request) -> Response | None:
        """The answer to a client that may not go on."""
        # The path that requests are routed by: that of the URL depends on the header `Host`.
        path = request.scope["path"]
        if path in _PUBLIC_PATHS or path.startswith("/static/") or is_public(request.method, path):
            return None
        offered = _offered(request.headers.get("authorization", ""))
        if offered is not None:
            if self._attempts.is_blocked(client_of(request)):
                return too_many_attempts(self._attempts)
            if self._authenticator.admits(offered):
                return None
            await self._attempts.failed(client_of(request))
            return _refusal(request)
        if self._sessions.is_stale:
            await run_in_threadpool(self._sessions.refresh)
        is_session = self._authenticator.is_session(request.cookies.get(SESSION_COOKIE, ""), self._clock())
        return None if is_session else _refusal(request)


def client_of(request: Request) -> str:
    """The address of a client; behind a trusted proxy that which the proxy names."""
    return "" if request.client is None else request.client.host


def too_many_attempts(attempts: Attempts) -> Response:
    """The answer to somebody who has offered too many wrong tokens."""
    headers = {"retry-after": f"{attempts.within:.0f}"}
    return PlainTextResponse("Too many wrong tokens; try again later.\n", 429, headers=headers)


def _offered(authorization: str) -> str | None:
    """The token of a `Bearer` header, or the password of a `Basic` one, which feed readers send."""
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
    """Redirect browsers to the log-in form; other clients get 401."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        next_path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(next_path, safe='')}", 303)
    message = "The token of the dashboard is required: Authorization: Bearer …\n"
    return PlainTextResponse(message, 401, headers={"www-authenticate": 'Bearer realm="linkwatch"'})
