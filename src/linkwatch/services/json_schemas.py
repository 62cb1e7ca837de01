"""The JSON Schemas of the documents that people's scripts read, made from the types that are encoded."""

from typing import Any

import msgspec

from linkwatch.notifications.digest import Digest
from linkwatch.report.diff.json import JsonDifferences
from linkwatch.report.formats.json import JsonReport
from linkwatch.report.resource.json import JsonResourceHistory

DOCUMENTS: dict[str, type] = {
    "linkwatch.report/1": JsonReport,
    "linkwatch.diff/1": JsonDifferences,
    "linkwatch.life/1": JsonResourceHistory,
    "linkwatch.message/1": Digest,
}


def document_schema(name: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of one of `DOCUMENTS`.

    It allows keys that it doesn't name: a version of a document only grows.
    """
    document = DOCUMENTS[name]
    schema = msgspec.json.schema(document)
    definitions = schema["$defs"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **definitions.pop(document.__name__),
        "title": name,
        "$defs": definitions,
    }
