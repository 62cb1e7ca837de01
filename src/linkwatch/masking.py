"""Keeps secrets out of what is printed, logged and written about a fault.

A secret is made known by `hide`, and `mask` replaces it wherever a text contains it, whoever wrote the text: a library
that logs headers, an error that quotes an address, a traceback.
"""

import json
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import IO, Any
from urllib.parse import quote, unquote

HIDDEN = "…"

_SHORTEST = 6
"""Characters; a shorter text would be found in ordinary words."""

_USERINFO = re.compile(r"(?<=://)[^\s/?#'\"<>]+(?=@)|(?<![^\s/='\"(\[])[^\s/?#:'\"<>@]+:[^\s/?#'\"<>@]+(?=@)")
"""`user:password` before a host, also where the scheme is missing."""

_PASSWORD = re.compile(r"^(?:[^:/?#]*://[^:]*|(?![^:/?#]*://)(?:[^:/?#]*:)?/{0,2}[^:/@]*):(.+)@")
"""A password as greedily as anybody could mean it: it may contain `/` and `@` that nobody has escaped, and the user may
contain `@`. A scheme with two slashes is no user."""

_HOST = re.compile(r"://(?:[^/?#@]*@)?[\w-]+(?:\.[\w-]+)+(?::\d+)?(?=[/?#]|$)")
"""A host that has a dot, which other messages name: without one it may be a token, as in `discord://ID/TOKEN`."""

_OURS = frozenset({"YOUTUBE_API_KEY", "LINKWATCH_DASHBOARD_TOKEN", "INPUT_TOKEN"})
_PASSWORDS = re.compile(r"PASSW", re.IGNORECASE)
_NAMES = re.compile(r"KEY|TOKEN|SECRET|CREDENTIAL", re.IGNORECASE)
"""Variables that may hold a secret as a whole: a long text that is no path. A shorter one may be a word."""

_LONG = 12
"""Characters."""

_secrets: set[str] = set()
_pattern: re.Pattern[str] | None = None


def hide(*secrets: str) -> None:
    """Mask these texts from now on, in the ways that they are written: escaped, quoted for a URL, line by line."""
    global _pattern  # noqa: PLW0603 - the secrets are those of the process
    before = len(_secrets)
    for secret in secrets:
        for text in (secret.strip(), unquote(secret.strip()), *secret.split()):
            forms = {text, quote(text), quote(text, safe=""), repr(text)[1:-1], json.dumps(text)[1:-1]}
            _secrets.update(form for form in forms if len(form) >= _SHORTEST)
    if len(_secrets) > before:
        longest_first = sorted(_secrets, key=len, reverse=True)
        _pattern = re.compile("|".join(map(re.escape, longest_first)))


def hide_environment(environ: Mapping[str, str]) -> None:
    """Mask the secrets of the environment: keys and tokens, and the passwords in addresses."""
    listed = {name.strip() for name in environ.get("LINKWATCH_ALLOW_ENV", "").split(",")}
    for name, value in environ.items():
        may_be = _NAMES.search(name) and len(value) >= _LONG and not os.path.exists(value)  # noqa: PTH110 - never raises
        if name in _OURS or name in listed or _PASSWORDS.search(name) or may_be:
            hide(value)
        hide(*_passwords([value]))


def hide_addresses(*addresses: str) -> None:
    """Mask addresses that are secrets themselves: whoever knows one can send there."""
    hide(*addresses, *_passwords(addresses))
    parts = (part for address in addresses for part in re.split(r"[/?&=@:]", _HOST.sub("://", address)))
    hide(*(part for part in parts if len(part) >= 20 or (len(part) >= 8 and re.search(r"\d", part))))


def _passwords(texts: Iterable[str]) -> list[str]:
    return [match[1] for text in texts if (match := _PASSWORD.match(text.strip()))]


def mask(text: str) -> str:
    """The text without the secrets that are known, and without `user:password@` in addresses."""
    if _pattern is not None:
        text = _pattern.sub(HIDDEN, text)
    return _USERINFO.sub(HIDDEN, text) if "@" in text else text


class MaskedStream:
    """A text stream that masks what is written to it; everything else is that of the stream."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write a text, masked; returns its length. Where it can't be written nobody can be told."""
        try:
            self._stream.write(mask(text))
        except (OSError, ValueError):
            self._discard()
        return len(text)

    def flush(self) -> None:
        """Write what is left, if it can be."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self._discard()

    def _discard(self) -> None:
        """Lead to nowhere from now on: Python would try once more at the end, and change the exit code."""
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> "_MaskedBuffer":
        """The bytes below, masked too."""
        return _MaskedBuffer(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _MaskedBuffer:
    def __init__(self, stream: IO[str]) -> None:
        self._buffer: Any = stream.buffer  # type: ignore[attr-defined]  # standard streams have one

    def write(self, data: bytes) -> int:
        text = bytes(data).decode("utf-8", "surrogateescape")
        self._buffer.write(mask(text).encode("utf-8", "surrogateescape"))
        return len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._buffer, name)
