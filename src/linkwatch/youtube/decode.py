"""JSON from outside: whatever is wrong with a body is one error."""

import re
from typing import TypeVar

import msgspec

T = TypeVar("T")

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""Its escape, and the escaped backslashes before it, which make none of it."""


class BrokenBodyError(Exception):
    """The body is not the JSON that was asked for: cut, of another shape, or not JSON at all."""


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Decode a body by its type; a NUL in a text, which PostgreSQL can't keep, becomes U+FFFD.

    Raises:
        BrokenBodyError: It can't be decoded.
    """
    try:
        return decoder.decode(_NUL.sub(rb"\1\\ufffd", body) if rb"\u0000" in body else body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # The last two are not msgspec's: text that is not UTF-8, and brackets nested without end.
        raise BrokenBodyError from None
