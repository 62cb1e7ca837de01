"""One message → the service behind an address, by Apprise, which is loaded here alone."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from linkwatch.notifications.log_capture import capture_logs
from linkwatch.notifications.urls import NotSentError, expand_variables, refuse_private, unset_variable
from linkwatch.settings import Notify
from linkwatch.store.outbox import Message

if TYPE_CHECKING:
    from apprise import NotifyBase

Deliver = Callable[[Notify, Message], None]
"""Sends one message to one target; raises NotSentError."""

_WEBHOOK = re.compile(r"(json|xml|form)s?://", re.IGNORECASE)
"""Services that send to whatever host their address names."""


def apprise_delivery(environ: Mapping[str, str], *, allow_private: bool) -> Deliver:
    """What sends messages over the network.

    Args:
        environ: Where the variables of addresses are.
        allow_private: Webhooks may go to private addresses.
    """

    def deliver(target: Notify, message: Message) -> None:
        if unset := unset_variable(target.url, environ):
            raise NotSentError(f"${unset} is not set")
        url = expand_variables(target.url, environ)
        with capture_logs() as complaints:
            try:
                taken = _send(url, message, allow_private=allow_private)
            except NotSentError:
                raise
            except Exception as error:  # a plugin's own, whose words may hold the address
                raise NotSentError(f"Apprise failed: {type(error).__name__}") from None
        if not taken:
            raise NotSentError(_reason(complaints))

    return deliver


def _send(url: str, message: Message, *, allow_private: bool) -> bool:
    # Here and not above: it is for those few who send something.
    from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType, PersistentStoreMode  # noqa: PLC0415

    asset = AppriseAsset(
        async_mode=False,
        storage_mode=PersistentStoreMode.MEMORY,  # it writes no files
        app_id="linkwatch",
        image_url_mask="",  # and shows no pictures of its own
    )
    service = Apprise.instantiate(url, asset=asset)
    if service is None:
        raise NotSentError("Apprise knows no such address, or it lacks a part")
    if not allow_private and _WEBHOOK.match(url):
        refuse_private(service.host)
    _restrain(service, url)
    apprise = Apprise(asset=asset)
    apprise.add(service)
    tone = NotifyType(message.tone.value)
    return bool(apprise.notify(message.body, message.title, notify_type=tone, body_format=NotifyFormat.TEXT))


def _restrain(service: "NotifyBase", url: str) -> None:
    """One message, at the address that was looked at: what is too long is cut, and no redirect is followed."""
    from apprise import OverflowMode  # noqa: PLC0415

    service.redirects = False
    if "overflow=" not in url:
        service.overflow_mode = OverflowMode.TRUNCATE


def _reason(complaints: list[str]) -> str:
    """Why, in our own words."""
    said = " ".join(complaints)
    if status := re.search(r"error=(\d{3})\b", said):
        return f"the service answered {status[1]}"
    if re.search("connection error", said, re.IGNORECASE):
        return "no connection, or no answer in time"
    return "the service did not take it"
