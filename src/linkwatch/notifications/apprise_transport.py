"""Sends one message by Apprise, in a process that ends after a deadline; `apprise_process` is what runs in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping

from linkwatch.exchange import DEFAULT_LIMITS, Limits
from linkwatch.notifications.apprise_process import Order
from linkwatch.notifications.urls import NO_RESPONSE, NotSentError, expand_variables
from linkwatch.settings import Notify
from linkwatch.store.outbox import Message

Deliver = Callable[[Notify, Message], None]
"""Sends one message to one recipient; raises NotSentError."""

# Without the current folder on its path: it may be a stranger's.
_COMMAND = (sys.executable, "-P", "-m", "linkwatch.notifications.apprise_process")

_START_SECONDS = 30.0
"""For loading Apprise; the process itself keeps the deadline of the exchange."""


def apprise_delivery(environ: Mapping[str, str], *, allow_private: bool, limits: Limits = DEFAULT_LIMITS) -> Deliver:
    """Returns what sends messages over the network.

    Args:
        environ: With the variables of addresses.
        allow_private: Webhooks may go to private addresses.
        limits: Of a delivery as a whole.
    """

    def deliver(target: Notify, message: Message) -> None:
        order = Order(
            url=expand_variables(target.url, environ),
            title=message.title,
            body=message.body,
            tone=message.tone.value,
            allow_private=allow_private,
            seconds=limits.seconds,
            max_body=limits.body,
            document=message.document,
            is_templated=target.template is not None,
        )
        if failure := _run(order):
            raise NotSentError(failure)

    return deliver


def _run(order: Order) -> str | None:
    """Run the process; returns why the message was not sent."""
    try:
        ran = subprocess.run(  # noqa: S603 - our own module, and the order is no argument
            _COMMAND,
            input=order.to_json(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it could contain the address
            env=environment_of_process(),
            timeout=order.seconds + _START_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return NO_RESPONSE
    except OSError as error:
        return f"no process could be started: {error.strerror}"
    if ran.returncode < 0:  # a signal: the alarm, or one of the system's for want of memory
        return NO_RESPONSE
    try:
        failure: str | None = json.loads(ran.stdout)
    except ValueError:
        return "Apprise failed"
    return failure


def environment_of_process() -> dict[str, str]:
    """The environment of the process: without our secrets, and with the certificates for `requests` too."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("LINKWATCH_", "YOUTUBE_"))}
    certificates = env.get("SSL_CERT_FILE") or env.get("SSL_CERT_DIR")
    return {"REQUESTS_CA_BUNDLE": certificates, **env} if certificates else env
