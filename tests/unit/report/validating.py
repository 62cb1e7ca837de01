"""Holds a JSON document against its published schema, and that it has no key which the schema doesn't name."""

from functools import cache
from typing import Any

import jsonschema

from linkwatch.services.json_schemas import document_schema


def validate(document: dict[str, Any]) -> None:
    _validator(document["schema"]).validate(document)


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(closed(document_schema(name)))


def closed(schema: Any) -> Any:
    """The schema, without room for keys that it doesn't name."""
    match schema:
        case {"properties": _}:
            return {"additionalProperties": False, **{key: closed(value) for key, value in schema.items()}}
        case dict():
            return {key: closed(value) for key, value in schema.items()}
    return schema
