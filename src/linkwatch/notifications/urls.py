"""Addresses of recipients: the values of variables, and the refusal of private addresses."""

import re
import socket
from collections.abc import Mapping
from ipaddress import ip_address


class NotSentError(Exception):
    """A message was not sent.

    Args:
        why: A short reason that contains no part of the address, which may hold secrets.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")


def unset_variable(url: str, environ: Mapping[str, str]) -> str | None:
    """The first variable of an address that is not set in the environment; None when all are set."""
    named = (match[2] or match[3] for match in _VARIABLE.finditer(url) if not match[1])
    return next((name for name in named if not environ.get(name, "").strip()), None)


def expand_variables(url: str, environ: Mapping[str, str]) -> str:
    """The address with the values of its variables, which are all set; `$$` is a dollar sign."""
    return _VARIABLE.sub(lambda match: match[1] or environ[match[2] or match[3]].strip(), url)


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
