"""Sends one message by Apprise, in a process of its own: `python -m linkwatch.notifications.apprise_process`.

Apprise's services use libraries that limit neither the time of a whole exchange nor the size of a response. A process
can be limited in both: an alarm ends it, and it gets no more memory. It reads an order from standard input, and writes
why the message was not sent to standard output.
"""

import json
import os
import re
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from linkwatch.notifications.log_capture import capture_logs
from linkwatch.notifications.urls import NO_RESPONSE, NotSentError, refuse_private

if TYPE_CHECKING:
    from apprise import NotifyBase

_WEBHOOK = re.compile(r"(json|xml|form)s?://", re.IGNORECASE)
"""Services that send to any host that their address names."""

_JSON = re.compile(r"jsons?://", re.IGNORECASE)
_MAIL = re.compile(r"mailtos?://", re.IGNORECASE)

_LONG_TEXT = 8_000
"""Characters from which a service has room for as many items as a mail."""

_MEMORY = 512 * 2**20
"""Bytes that the process may have in addition to a few times the size of a response."""

_CHUNK = 4096
"""Bytes that are decompressed at once: to four megabytes at most."""

TOO_LONG = "the response was too long"


@dataclass(frozen=True, slots=True)
class Order:
    """A message and where it is sent."""

    url: str
    """With the values of its variables."""

    title: str
    body: str
    tone: str
    allow_private: bool
    seconds: float
    max_body: int
    document: str | None = None
    """The digest, as JSON; None: the body is all there is."""

    is_templated: bool = False
    """The body is that of a user's template."""

    def to_json(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        return cls(**json.loads(text))


def main() -> None:
    """Send the message of standard input."""
    order, answer = Order.from_json(sys.stdin.buffer.read()), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # services may print
    _limit_memory(order.max_body)
    os.write(answer, json.dumps(send_order(order)).encode())


def send_order(order: Order) -> str | None:
    """Send a message; returns why it was not sent, without any part of the address."""
    with capture_logs() as warnings:
        try:
            sent = _send(order)
        except NotSentError as error:
            return error.why
        except Exception as error:
            return f"Apprise failed: {type(error).__name__}"
    return None if sent else _reason(warnings)


def _limit_memory(max_body: int) -> None:
    most = _MEMORY + 8 * max_body
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    # Where a sandbox forbids it, as the units of deploy/systemd do, bodies are limited all the same.
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _send(order: Order) -> bool:
    # Here and not above: loading it is slow, and the order is checked first.
    from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode  # noqa: PLC0415

    asset = AppriseAsset(
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,  # it writes no files
        app_id="linkwatch",
        image_url_mask="",  # and shows no pictures of its own
    )
    service = Apprise.instantiate(order.url, asset=asset)
    if service is None:
        raise NotSentError("Apprise does not know this kind of address, or a part is missing")
    if not order.allow_private and _WEBHOOK.match(order.url):
        refuse_private(service.host)
    _restrain(service, order.url)
    apprise = Apprise(asset=asset)
    apprise.add(service)
    tone = NotifyType(order.tone)
    body, is_html = _body_for(service, order)
    with _limited_exchange(order):
        body_format = NotifyFormat.HTML if is_html else NotifyFormat.TEXT
        return bool(apprise.notify(body, order.title, notify_type=tone, body_format=body_format))


def _body_for(service: "NotifyBase", order: Order) -> tuple[str, bool]:
    """The text as the service takes it, and whether it is HTML; `json://` gets the digest beside it."""
    if order.document is None:
        return order.body, False
    if _JSON.match(order.url):
        service.payload_extras["linkwatch"] = json.loads(order.document)  # type: ignore[attr-defined]
    if order.is_templated:
        return order.body, False
    # Here and not above: only messages with a digest need it.
    import msgspec  # noqa: PLC0415

    from linkwatch.notifications.digest import MAX_ITEMS, Digest  # noqa: PLC0415
    from linkwatch.notifications.html import render_html  # noqa: PLC0415
    from linkwatch.notifications.text import render_text  # noqa: PLC0415

    digest = msgspec.json.decode(order.document, type=Digest)
    if _MAIL.match(order.url):
        return render_html(digest), True
    room = service.body_maxlen - (0 if service.title_maxlen > 0 else len(order.title) + 2)
    if room < _LONG_TEXT:
        return render_text(digest, most=room), False
    return render_text(digest, most=room, items=MAX_ITEMS), False


def _restrain(service: "NotifyBase", url: str) -> None:
    """Send one message to the address that was verified: long texts are cut, redirects are not followed."""
    from apprise import OverflowMode  # noqa: PLC0415

    service.redirects = False
    if "overflow=" not in url:
        service.overflow_mode = OverflowMode.TRUNCATE


class _limited_exchange:  # noqa: N801 - a context manager
    """Within the block the process is ended by an alarm, and `requests` reads no longer responses than allowed."""

    def __init__(self, order: Order) -> None:
        self._order = order

    def __enter__(self) -> None:
        import requests  # noqa: PLC0415

        self._send: Any = requests.Session.send
        send, max_body = self._send, self._order.max_body

        def limited_send(session: Any, request: Any, **options: Any) -> Any:
            response = send(session, request, **{**options, "stream": True, "allow_redirects": False})
            response._content = b"".join(_limited_body(response, max_body))
            response._content_consumed = True
            return response

        requests.Session.send = limited_send  # type: ignore[assignment, method-assign]
        signal.setitimer(signal.ITIMER_REAL, self._order.seconds)

    def __exit__(self, *_: object) -> None:
        import requests  # noqa: PLC0415

        signal.setitimer(signal.ITIMER_REAL, 0)
        requests.Session.send = self._send  # type: ignore[method-assign]


def _limited_body(response: Any, max_body: int) -> Iterator[bytes]:
    if response.headers.get("Content-Encoding", "").strip().lower() not in {"", "identity", "gzip", "deflate"}:
        raise NotSentError("the response has an encoding that was not asked for")
    size = 0
    for piece in response.raw.stream(_CHUNK, decode_content=True):
        size += len(piece)
        if size > max_body:
            raise NotSentError(TOO_LONG)
        yield piece


def _reason(warnings: list[str]) -> str:
    """The reason, without texts of the service."""
    text = " ".join(warnings)
    if status := re.search(r"error=(\d{3})\b", text):
        return f"the response was {status[1]}"
    if re.search("connection error", text, re.IGNORECASE):
        return NO_RESPONSE
    return "the service did not accept the message"


if __name__ == "__main__":
    main()
