"""How a life can be shown. Adding one: a module here with `render(life: Life) -> str`, and a line below."""

from collections.abc import Mapping
from importlib import import_module

from linkwatch.report.life import Life

LIVES: Mapping[str, str] = {"terminal": "terminal_life", "json": "json_life", "html": "html_life"}
"""Format → module, loaded when it is wanted."""


def render(name: str, life: Life) -> str:
    """Render a life in one of the formats, with a line end."""
    text: str = import_module(f"{__name__}.{LIVES[name]}").render(life)
    return text
