"""The canonical URL of a link, and when it is left to a person."""

import re
from collections.abc import Mapping
from html import unescape

from linkwatch.models.resource import Kind, Resource
from linkwatch.urls.parse import better_url, parse_url

_USER = re.compile(r"/user/[^/?#]+([^#]*)", re.IGNORECASE)
_NOT_IN_QUERIES = frozenset("*(){}!,;")
"""More often prose after a URL than part of it."""


def improved_url(url: str, handles: Mapping[str, str]) -> str | None:
    """The URL to write instead.

    Args:
        url: As it is listed.
        handles: `user/NAME` → `@handle`, for the user names to replace.

    Returns:
        None when the URL stays.
    """
    better = better_url(url) or url
    if handles:
        better = _by_handle(better, handles)
    return None if better == url else better


def _by_handle(url: str, handles: Mapping[str, str]) -> str:
    """The URL with the handle in place of the user name; the tab of the channel stays."""
    user, parsed = _USER.search(url), parse_url(url)
    if user is None or parsed is None or len(parsed.resources) != 1 or parsed.resources[0].id not in handles:
        return url
    renamed = Resource(Kind.CHANNEL, handles[parsed.resources[0].id]).url + user[1]
    return better_url(renamed) or renamed


def may_end_in_prose(url: str, better: str) -> bool:
    """Whether what the better URL leaves out may be text that follows the URL without a space.

    In `https://youtu.be/jNQXAC9IVRw?si=1请看` the last two characters are Chinese for “please see”.
    """
    lost = set(unescape(url)) - set(better)
    return any(character in _NOT_IN_QUERIES or character > "\x7f" for character in lost)
