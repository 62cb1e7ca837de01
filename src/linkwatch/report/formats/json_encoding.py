"""What the JSON documents share: the types of their fields, and the encoding."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

import msgspec

from linkwatch.models.records import Flapping
from linkwatch.models.resource import Kind
from linkwatch.models.rules import rule_name_schemas
from linkwatch.models.times import whole_seconds


def one_of(values: Iterable[str]) -> msgspec.Meta:
    """The values of a text field of a document, for its JSON Schema."""
    return msgspec.Meta(extra_json_schema={"enum": [str(value) for value in values]})


Time = Annotated[datetime, msgspec.Meta(tz=True)]
Position = Annotated[int, msgspec.Meta(ge=1)]
Number = Annotated[int, msgspec.Meta(ge=0)]
RuleName = Annotated[str, msgspec.Meta(extra_json_schema={"anyOf": rule_name_schemas()})]
KindName = Annotated[str, one_of(Kind)]


class JsonFlapping(msgspec.Struct):
    """Changes between available and missing, over and over."""

    changes: Number
    since: Time


def json_flapping(flapping: Flapping | None) -> JsonFlapping | None:
    """The changes in a document; null: it does not flap."""
    return None if flapping is None else JsonFlapping(flapping.changes, whole_seconds(flapping.first_change))


def text_of(document: msgspec.Struct) -> str:
    """The document as indented JSON, with a line end."""
    return f"{indented(document)}\n"


def indented(document: object) -> str:
    """The document as indented JSON."""
    return msgspec.json.format(encoded(document), indent=2).decode()


def encoded(document: object) -> bytes:
    """The document as JSON on one line, without a line end."""
    try:
        return msgspec.json.encode(document)
    except UnicodeEncodeError:
        # Half of a surrogate pair, from a list that escapes it: no UTF-8 can hold it, and it must not end the report.
        whole_text = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
        return whole_text.encode("utf-8", "replace")
