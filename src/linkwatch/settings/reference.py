"""The table of all settings, in Markdown."""

import msgspec

from linkwatch.settings.keys import Key, keys_of
from linkwatch.settings.model import DEFAULT_FILE, Settings

TABLE_HEAD = "| environment | `linkwatch.toml` | default | meaning |"


def settings_table() -> str:
    """The table, without a line end: what has a variable comes first, then what stands in the file alone."""
    keys = sorted(keys_of(Settings).values(), key=lambda key: key.environment is None)
    file_row = f"| `LINKWATCH_CONFIG` | | `{DEFAULT_FILE}`, if there | The settings file. |"
    return "\n".join([TABLE_HEAD, "|---|---|---|---|", file_row, *map(_row, keys)])


def _row(key: Key) -> str:
    variable = f"`{key.environment.variable}`" if key.environment else ""
    return f"| {variable} | {_name(key)} | {_default(key)} | {key.description} |"


def _name(key: Key) -> str:
    if not key.in_file:
        return "never in a file"
    return f"`[{key.name}]`" if key.table else f"`[[{key.name}]]`" if key.tables else f"`{key.name}`"


def _default(key: Key) -> str:
    if key.table is not None:
        return f"that of each {key.table.noun}"
    if key.default is None or key.default == ():
        return "none"
    written = key.written.write(key.default) if key.written.write else key.default
    return f"`{msgspec.json.format(msgspec.json.encode(written), indent=0).decode()}`"
