"""Templates and placeholders: what stands in a URL where an id will be, and so makes it no link."""

import re

from linkwatch.models.resource import Kind, Resource

_SYNTAX = re.compile(
    r"\{\{|\{%|[$#]\{|\$\(|<%|\{[A-Za-z_$][\w.$\[\]'-]*\}|\{[0-9]*\}|%\(\w+\)s|%[sd](?![0-9A-Fa-f])|\$[A-Za-z_]\w*"
    r"|(?<=[/?&=#@])<[A-Za-z_][\w .-]*>|&lt;[\w .-]+&gt;|\[[A-Za-z_][\w .-]*\]|%7B|\.\.\.|…|\([.?]",
    re.ASCII,
)
"""Of template languages, of strings that a program completes, and of regular expressions."""

_WORD = re.compile(
    r"x{3,}|\*+|(?:your|my|some|the|insert|enter)[_-].*|[<\[]?.*[_-]here[>\]]?"
    r"|(?:(?:youtube|yt)[_-]?)?(?:video|playlist|channel|list|clip|unique)?[_-]?(?:id|code|hash|key)s?[0-9]?",
    re.ASCII | re.IGNORECASE | re.DOTALL,
)
"""A whole part of a URL: `VIDEO_ID`, `YOUR_PLAYLIST`, `xxxxxxxxxxx`."""

_ID = re.compile(
    r"x{11,}|(?:your|insert|enter)[_-].*|.*[_-](?:id[_-])?here|(?:video|playlist)[_-]id", re.ASCII | re.IGNORECASE
)
"""A placeholder that has the length of an id."""

_BETWEEN_PARTS = re.compile(r"[/?&=#]")


def is_template(url: str) -> bool:
    """Whether a URL that names no resource is one to be completed, and not one that is wrong."""
    return _SYNTAX.search(url) is not None or any(_WORD.fullmatch(part) for part in _BETWEEN_PARTS.split(url))


def is_placeholder_id(resource: Resource) -> bool:
    """Whether an id of the right length is a placeholder all the same; a channel may have any name."""
    return resource.kind is not Kind.CHANNEL and _ID.fullmatch(resource.id) is not None
