"""Addresses of recipients: the variables that may stand in them, and the refusal of private addresses."""

import re
import socket
from collections.abc import Mapping
from ipaddress import ip_address

from linkwatch.masking import hide_addresses
from linkwatch.settings import ENVIRONMENT


class NotSentError(Exception):
    """A message was not sent.

    Args:
        why: A short reason that contains no part of the address, which may hold secrets.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


NO_RESPONSE = "no connection, or no response in time"

_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")


ALLOWED_PREFIX = "LINKWATCH_"
ALLOWED_NAMES = "LINKWATCH_ALLOW_ENV"
"""The variable that names, with commas, further variables that may stand in addresses."""

_NEVER = frozenset({*ENVIRONMENT, "YOUTUBE_API_KEY", "LINKWATCH_DASHBOARD_TOKEN", ALLOWED_NAMES})
"""Variables of settings: secrets, or addresses that may contain one."""


def unusable_variable(url: str, environ: Mapping[str, str]) -> str | None:
    """Why a variable of an address has no value there: it is not set, or not allowed; None when all have one.

    The address may be a stranger's, as in a pull request: it must not send any variable anywhere.
    """
    allowed = {name.strip() for name in environ.get(ALLOWED_NAMES, "").split(",")}
    for match in _VARIABLE.finditer(url):
        name = match[2] or match[3]
        if name is None:
            continue
        if name in _NEVER:
            return f"${name} is never put into addresses"
        if not name.startswith(ALLOWED_PREFIX) and name not in allowed:
            remedy = f"begin its name with {ALLOWED_PREFIX}, or list it in ${ALLOWED_NAMES}"
            return f"${name} may not stand in an address: {remedy}"
        if not environ.get(name, "").strip():
            return f"${name} is not set"
    return None


def expand_variables(url: str, environ: Mapping[str, str]) -> str:
    """The address with the values of its variables; `$$` is a dollar sign.

    Raises:
        NotSentError: One is not set, or not allowed.
    """
    if reason := unusable_variable(url, environ):
        raise NotSentError(reason)
    address = _VARIABLE.sub(lambda match: match[1] or environ[match[2] or match[3]].strip(), url)
    hide_addresses(address)
    return address


def refuse_private(host: str) -> None:
    """Refuse a host in a private network, this machine included.

    Raises:
        NotSentError: The host has a private address.
    """
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return  # an unknown host: connecting to it fails
    if any(_is_private(str(address)) for address in found):
        raise NotSentError("its address is private: set allow_private = true to allow it")


def _is_private(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    return not ip.is_global or ip.is_multicast
