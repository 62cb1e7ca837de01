"""JSON from outside: whatever is wrong with a body is one error."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


class BrokenBodyError(Exception):
    """The body is not the JSON that was asked for: cut, of another shape, or not JSON at all."""


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Decode a body by its type.

    Raises:
        BrokenBodyError: It can't be decoded.
    """
    try:
        return decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        # The last two are not msgspec's: text that is not UTF-8, and brackets nested without end.
        raise BrokenBodyError from None
