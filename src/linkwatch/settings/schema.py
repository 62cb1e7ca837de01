"""The JSON Schema of linkwatch.toml, made from the same fields as everything else about the settings."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec

from linkwatch.models.rules import PLUGIN_RULE_NAME
from linkwatch.settings.keys import Key, keys_of, keys_of_table
from linkwatch.settings.model import Settings


def settings_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of `linkwatch.toml`, or of `[tool.linkwatch]` in pyproject.toml."""
    schema = msgspec.json.schema(_table("Settings", keys_of(Settings).values()))
    definitions = schema["$defs"]
    definitions["Rules"]["patternProperties"] = {
        f"^{PLUGIN_RULE_NAME}$": {"$ref": "#/$defs/Level", "description": "The level of a plug-in's rule."}
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **definitions.pop("Settings"),
        "title": "linkwatch.toml",
        "$defs": definitions,
    }


def _table(name: str, keys: Iterable[Key]) -> type[msgspec.Struct]:
    """A Struct of what is written, not of the values that are made of it."""
    keys = [key for key in keys if key.in_file]
    return msgspec.defstruct(
        name,
        [(_attribute(key), _type(key), _written_default(key)) for key in keys],
        rename={_attribute(key): key.name for key in keys},
        kw_only=True,
        forbid_unknown_fields=True,
    )


def _attribute(key: Key) -> str:
    return key.name.replace("-", "_")


def _type(key: Key) -> Any:
    if key.table is not None:
        type_: Any = _table("Rules", keys_of_table(key.table).values())
    elif key.tables is not None:
        type_ = list[_table(key.tables.model.__name__, keys_of(key.tables.model).values())]  # type: ignore[misc]  # made as it runs
    else:
        type_ = key.type
    return Annotated[type_, msgspec.Meta(description=_description(key))]


def _description(key: Key) -> str:
    if key.environment is None:
        return key.description
    return f"{key.description} Environment: {key.environment.variable}."


def _written_default(key: Key) -> Any:
    if key.default is None or key.default == () or key.table is not None:
        return msgspec.UNSET  # there is no value that could be written; the description says what holds then
    if key.default is msgspec.NODEFAULT or key.written.write is None:
        return key.default
    return key.written.write(key.default)
