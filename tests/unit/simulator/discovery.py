"""The schemas of the bundled discovery document, as JSON Schema that allows no other keys."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
import jsonschema


@cache
def _schemas() -> dict[str, Any]:
    path = Path(googleapiclient.__file__).parent / "discovery_cache/documents/youtube.v3.json"
    schemas: dict[str, Any] = json.loads(path.read_text())["schemas"]
    converted = {name: _converted(schema) for name, schema in schemas.items()}
    # A captured fact that the document does not know: the privacy of a deleted video in a playlist.
    privacy = converted["PlaylistItemStatus"]["properties"]["privacyStatus"]
    privacy["enum"] = [*privacy["enum"], "privacyStatusUnspecified"]
    return converted


def _converted(schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        return {"$ref": f"#/$defs/{schema['$ref']}"}
    kept: dict[str, Any] = {key: schema[key] for key in ("type", "enum") if key in schema}
    if schema.get("format") in {"uint32", "uint64"}:
        kept |= {"minimum": 0} if schema["type"] == "integer" else {"pattern": "^[0-9]+$"}
    if schema.get("format") == "date-time":
        kept["pattern"] = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"
    if "items" in schema:
        kept["items"] = _converted(schema["items"])
    if schema.get("type") == "object":
        kept["properties"] = {name: _converted(each) for name, each in schema.get("properties", {}).items()}
        more = schema.get("additionalProperties")
        kept["additionalProperties"] = _converted(more) if more else False
    return kept


def validate(body: object, schema: str) -> None:
    """Holds a body against one schema of the document.

    Raises:
        jsonschema.ValidationError: It has a key, a type or a value that isn't there.
    """
    _validator(schema).validate(body)


@cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": _schemas()})
