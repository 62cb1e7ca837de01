"""Writes the JSON Schemas in docs/schemas/: `make schemas`."""

from pathlib import Path
from typing import Any

import msgspec

from linkwatch.services.json_schemas import DOCUMENTS, document_schema
from linkwatch.settings.schema import settings_schema

FOLDER = Path(__file__).parents[1] / "docs" / "schemas"


def schemas() -> dict[str, dict[str, Any]]:
    """Each schema by the name of its file."""
    documents = {f"{name.replace('/', '.')}.schema.json": document_schema(name) for name in DOCUMENTS}
    return {"linkwatch.toml.schema.json": settings_schema(), **documents}


def text_of(schema: dict[str, Any]) -> str:
    return f"{msgspec.json.format(msgspec.json.encode(schema), indent=2).decode()}\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (FOLDER / name).write_text(text_of(schema), "utf-8")
