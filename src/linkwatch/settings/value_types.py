"""Types of settings: what a value must be, how it is written, and an example."""

import re
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import PurePath
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta

from linkwatch.models.rules import RULES, Rule, rule_name_schemas
from linkwatch.settings.durations import DURATION_PATTERN, format_duration, parse_duration
from linkwatch.settings.keys import Written, nearest
from linkwatch.settings.sizes import SIZE_PATTERN, format_size, parse_size
from linkwatch.text import is_host

Restriction = Literal["age", "embedding", "regions", "live", "upcoming"]
"""What can keep a reader from watching."""


def _parse_one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError
    return text


def _parse_path_beside(text: str) -> str:
    path = PurePath(_parse_one_line(text))
    if path.is_absolute() or ".." in path.parts:
        raise ValueError
    return text


def _parse_address(text: str) -> str:
    if not re.match(_ADDRESS, text) or int(text.rpartition(":")[2]) > 65_535:
        raise ValueError
    return text


def _parse_timeout(text: str) -> timedelta:
    length = parse_duration(text)
    if not timedelta(seconds=1) <= length <= timedelta(hours=1):
        raise ValueError("from 1s to 1h")
    return length


def _parse_networks(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(name, strict=False)) if "/" in name else str(ip_address(name)) for name in names)
    except ValueError as error:
        raise ValueError(str(error)) from None


def _parse_url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not is_host(host) or port == 0 or not text.isprintable():
        raise ValueError("its host or port can't be one")
    return text


def _parse_rules(names: tuple[str, ...]) -> tuple[Rule, ...]:
    for name in names:
        if name not in RULES:
            raise ValueError(f"{name!r} is unknown{nearest(name, RULES)}")
    return tuple(RULES[name] for name in names)


def _parse_regions(written: str | tuple[str, ...]) -> tuple[str, ...]:
    codes = _several(written)
    if not all(re.fullmatch(_REGION, code) for code in codes):
        raise ValueError
    return tuple(sorted({code.upper() for code in codes}))


def _several(written: str | tuple[str, ...]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else written


_ADDRESS = r"^([^\s:/\[\]]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5}$"
_HTTP_URL = r"^https?://[^/\s]+"
_REGION = r"^[A-Za-z]{2}$"
# For the JSON Schema alone: msgspec 0.22 crashes when a text with a pattern is one of several types.
_Region = Annotated[str, Meta(extra_json_schema={"pattern": _REGION})]
_RuleName = Annotated[str, Meta(extra_json_schema={"anyOf": rule_name_schemas()})]

Count = Annotated[int, Meta(ge=1, le=1_000_000_000)]
Text = Annotated[str, Meta(pattern=r"\S"), Written("a text")]
OneLine = Annotated[str, Meta(pattern=r"\S"), Written("a text on one line", parse=_parse_one_line)]
PathBeside = Annotated[
    str,
    Meta(pattern=r"\S"),
    Written("the path of a file beside the settings, neither absolute nor with ..", parse=_parse_path_beside),
]
Token = Annotated[
    str, Meta(pattern=r"^[\x21-\x7e]+$"), Written("letters, digits and signs without white space", secret=True)
]
Paths = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...],
    Meta(min_length=1, examples=[["README.md", "courses/"]]),
    Written("an array of paths"),
]
FolderPaths = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...],
    Meta(examples=[["courses/"]]),
    Written("an array of paths"),
]
Patterns = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...],
    Meta(min_length=1, examples=[["courses/*"]]),
    Written("an array of patterns"),
]
Plugins = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...],
    Meta(examples=[["linkwatch-example"]]),
    Written("an array of names of distributions"),
]
RegularExpressions = Annotated[
    tuple[Annotated[str, Meta(min_length=1)], ...],
    Meta(min_length=1, examples=[[r"!video\((?P<video>[\w-]+)\)"]]),
    Written("an array of regular expressions"),
]
Rules = Annotated[
    tuple[Rule, ...],
    Meta(min_length=1, examples=[["dead"]]),
    Written("an array of rules", type=tuple[_RuleName, ...], parse=_parse_rules),
]
RuleNames = Annotated[
    tuple[str, ...],
    Meta(min_length=1, examples=[["dead"]]),
    Written(
        "an array of rules",
        type=tuple[_RuleName, ...],
        parse=lambda names: tuple(rule.name for rule in _parse_rules(names)),
    ),
]
Duration = Annotated[
    timedelta,
    Meta(pattern=DURATION_PATTERN, examples=["12h", "14d"]),
    Written(
        "a length of time such as '6h' or '14d'",
        type=str,
        parse=parse_duration,
        write=format_duration,
    ),
]
Timeout = Annotated[
    timedelta,
    Meta(pattern=DURATION_PATTERN, examples=["60s"]),
    Written("a length of time such as '60s'", type=str, parse=_parse_timeout, write=format_duration),
]
Networks = Annotated[
    tuple[str, ...],
    Meta(examples=[["127.0.0.1", "10.0.0.0/8"]]),
    Written("an array of addresses and networks", parse=_parse_networks),
]
Size = Annotated[
    int,
    Meta(extra_json_schema={"pattern": SIZE_PATTERN}, examples=["16MB"]),
    Written("a size such as '500KB' or '16MB'", type=str, parse=parse_size, write=format_size),
]
HttpUrl = Annotated[
    str,
    Meta(pattern=_HTTP_URL, examples=["https://example.org/"]),
    Written("a URL that begins with http:// or https://", parse=_parse_url),
]
HttpUrlRoot = Annotated[
    str,
    Meta(pattern=_HTTP_URL, examples=["https://example.org/"]),
    Written(
        "a URL that begins with http:// or https://",
        parse=lambda url: f"{_parse_url(url).rstrip('/')}/",
    ),
]
SecretUrl = Annotated[
    str,
    Meta(pattern=rf"{_HTTP_URL}|^\$", examples=["$LINKWATCH_PING_URL"]),
    Written(
        "a URL that begins with http:// or https://, or a variable such as $LINKWATCH_PING_URL",
        secret=True,  # whoever knows it can ping as well
    ),
]
Address = Annotated[
    str,
    Meta(pattern=_ADDRESS, examples=["127.0.0.1:8440", "[::1]:8440"]),
    Written("an address and a port", parse=_parse_address),
]
Regions = Annotated[
    tuple[str, ...],
    Meta(examples=[["DE", "AT"]]),
    Written(
        'an array of codes of countries such as "DE"',
        type=_Region | tuple[_Region, ...],
        parse=_parse_regions,
    ),
]
Restrictions = Annotated[
    tuple[str, ...],
    Meta(examples=[["age", "regions"]]),
    Written(
        "an array of any of age, embedding, regions, live, upcoming",
        type=Restriction | tuple[Restriction, ...],
        parse=_several,
    ),
]
