"""Sends one message by Apprise, which only this module loads."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from linkwatch.notifications.log_capture import capture_logs
from linkwatch.notifications.urls import NotSentError, expand_variables, refuse_private
from linkwatch.settings import Notify
from linkwatch.store.outbox import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

Deliver = Callable[[Notify, Message], None]
"""Sends one message to one recipient; raises NotSentError."""

_WEBHOOK = re.compile(r"(json|xml|form)s?://", re.IGNORECASE)
"""Services that send to any host that their address names."""


def apprise_delivery(environ: Mapping[str, str], *, allow_private: bool) -> Deliver:
    """Returns what sends messages over the network.

    Args:
        environ: With the variables of addresses.
        allow_private: Webhooks may go to private addresses.
    """

    def deliver(target: Notify, message: Message) -> None:
        url = expand_variables(target.url, environ)
        with capture_logs() as warnings:
            try:
                sent = _send(url, message, allow_private=allow_private)
            except NotSentError:
                raise
            except Exception as error:  # of a plugin; its message may contain the address
                raise NotSentError(f"Apprise failed: {type(error).__name__}") from None
        if not sent:
            raise NotSentError(_reason(warnings))

    return deliver


def _send(url: str, message: Message, *, allow_private: bool) -> bool:
    # Here and not above: only sending needs it, and loading it is slow.
    from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode  # noqa: PLC0415

    asset = AppriseAsset(
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,  # it writes no files
        app_id="linkwatch",
        image_url_mask="",  # and shows no pictures of its own
    )
    service = Apprise.instantiate(url, asset=asset)
    if service is None:
        raise NotSentError("Apprise does not know this kind of address, or a part is missing")
    if not allow_private and _WEBHOOK.match(url):
        refuse_private(service.host)
    _restrain(service, url)
    apprise = Apprise(asset=asset)
    apprise.add(service)
    tone = NotifyType(message.tone.value)
    return bool(apprise.notify(message.body, message.title, notify_type=tone, body_format=NotifyFormat.TEXT))


def _restrain(service: "NotifyBase", url: str) -> None:
    """Send one message to the address that was verified: long texts are cut, redirects are not followed."""
    from apprise import OverflowMode  # noqa: PLC0415

    service.redirects = False
    if "overflow=" not in url:
        service.overflow_mode = OverflowMode.TRUNCATE


def _reason(warnings: list[str]) -> str:
    """The reason, without texts of the service."""
    text = " ".join(warnings)
    if status := re.search(r"error=(\d{3})\b", text):
        return f"the response was {status[1]}"
    if re.search("connection error", text, re.IGNORECASE):
        return "no connection, or no response in time"
    return "the service did not accept the message"
