"""A JSON document → text: whatever strangers wrote in it, and with times as the contract shows them."""

import json

import msgspec


def text_of(document: msgspec.Struct) -> str:
    """The document as indented JSON, with a line end."""
    return f"{indented(document)}\n"


def indented(document: object) -> str:
    """The document as indented JSON."""
    try:
        encoded = msgspec.json.encode(document)
    except UnicodeEncodeError:
        # Half of a surrogate pair, from a list that escapes it: no UTF-8 can hold it, and it must not end the report.
        whole_text = json.dumps(msgspec.to_builtins(document), ensure_ascii=False)
        encoded = whole_text.encode("utf-8", "replace")
    return msgspec.json.format(encoded, indent=2).decode()
