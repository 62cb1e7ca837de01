"""The formats of a history. Adding one: a module here with `render(history) -> str`, and a row of HISTORY_FORMATS."""

from collections.abc import Mapping
from importlib import import_module

from linkwatch.report.resource.model import ResourceHistory

HISTORY_FORMATS: Mapping[str, str] = {"terminal": "terminal", "json": "json", "html": "html"}
"""Format → module, loaded when it is wanted."""


def render(name: str, history: ResourceHistory) -> str:
    """Render a history in one of the formats, with a line end."""
    text: str = import_module(f"{__name__}.{HISTORY_FORMATS[name]}").render(history)
    return text
