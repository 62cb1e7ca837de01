"""Addresses as they are written → as they are used; and which of them are not of the public Internet."""

import re
import socket
from collections.abc import Mapping
from ipaddress import ip_address


class NotSentError(Exception):
    """An attempt failed.

    Args:
        why: One short phrase for a person; it holds no part of the address, for that holds secrets.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})")


def unset_variable(url: str, environ: Mapping[str, str]) -> str | None:
    """The first variable of an address that the environment doesn't have; None when it has all."""
    named = (match[2] or match[3] for match in _VARIABLE.finditer(url) if not match[1])
    return next((name for name in named if not environ.get(name, "").strip()), None)


def expand_variables(url: str, environ: Mapping[str, str]) -> str:
    """The address with the values of its variables, all of which are set; `$$` is a dollar sign."""
    return _VARIABLE.sub(lambda match: match[1] or environ[match[2] or match[3]].strip(), url)


def refuse_private(host: str) -> None:
    """Refuse a host that is this machine or one of its network.

    Raises:
        NotSentError: It is.
    """
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        return  # there is no such host: whoever connects will say so
    if any(_is_private(str(address)) for address in found):
        raise NotSentError("its address is a private one: set allow_private = true if that is meant")


def _is_private(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    return not ip.is_global or ip.is_multicast
