"""How a life can be shown. Adding one: a module here with `render(life: Life) -> str`, and a line below."""

from collections.abc import Mapping
from importlib import import_module

from linkwatch.report.resource.model import ResourceHistory

HISTORY_FORMATS: Mapping[str, str] = {"terminal": "terminal", "json": "json", "html": "html"}
"""Format → module, loaded when it is wanted."""


def render(name: str, life: ResourceHistory) -> str:
    """Render a life in one of the formats, with a line end."""
    text: str = import_module(f"{__name__}.{HISTORY_FORMATS[name]}").render(life)
    return text
