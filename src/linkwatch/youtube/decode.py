"""Bodies of the Data API and oEmbed: a broken body is one error, and an unreadable item affects only itself."""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

import msgspec

T = TypeVar("T")

Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
"""A number of items or videos."""

_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""The escape of a NUL, after any number of escaped backslashes."""


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


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a `list` method."""

    items: tuple[T, ...]
    unreadable: tuple[str | None, ...] = ()
    """Ids of the items that can't be decoded; None for one whose id can't be decoded either."""

    next_page_token: str | None = None
    total: int | None = None
    """`pageInfo.totalResults`: the number of items of all pages; None when it is missing."""


class _PageInfo(msgspec.Struct, rename="camel", gc=False):
    total_results: Count | None = None


class _Body(msgspec.Struct, Generic[T], rename="camel", gc=False):
    kind: str
    items: list[T] | None = None
    """None when the key is missing, as it is in an empty answer of `channels.list`."""

    next_page_token: str | None = None
    page_info: _PageInfo | None = None


class _Identity(msgspec.Struct, gc=False):
    id: str


class PageDecoder(Generic[T]):
    """Decodes the pages of one method.

    Args:
        kind: The `kind` of a response of this method; a response with another one answers another call.
        item: The type of an item.
    """

    def __init__(self, kind: str, item: type[T]) -> None:
        self._kind = kind
        self._whole: msgspec.json.Decoder[_Body[T]] = msgspec.json.Decoder(_Body[item])  # type: ignore[valid-type]
        self._in_parts = msgspec.json.Decoder(_Body[msgspec.Raw])
        self._item: msgspec.json.Decoder[T] = msgspec.json.Decoder(item)
        self._identity = msgspec.json.Decoder(_Identity)

    def decode(self, body: bytes) -> Page[T]:
        """Decode a successful response.

        Raises:
            BrokenBodyError: The body is cut, not JSON, or not a response of this method. An empty object is no empty
                response: taken for one, the `{}` of a proxy would make fifty links unavailable.
        """
        try:
            page = decode(self._whole, body)
        except BrokenBodyError:
            return self._decode_in_parts(body)
        return self._page(page, tuple(page.items or ()), ())

    def _decode_in_parts(self, body: bytes) -> Page[T]:
        page = decode(self._in_parts, body)
        items: list[T] = []
        unreadable: list[str | None] = []
        for raw in page.items or ():
            try:
                items.append(decode(self._item, bytes(raw)))
            except BrokenBodyError:
                unreadable.append(self._decode_id(bytes(raw)))
        return self._page(page, tuple(items), tuple(unreadable))

    def _decode_id(self, raw: bytes) -> str | None:
        try:
            return decode(self._identity, raw).id
        except BrokenBodyError:
            return None

    def _page(self, body: _Body[Any], items: tuple[T, ...], unreadable: tuple[str | None, ...]) -> Page[T]:
        if body.kind != self._kind:
            raise BrokenBodyError
        total = None if body.page_info is None else body.page_info.total_results
        return Page(items, unreadable, body.next_page_token, total)
