"""How differences can be told. Adding one: a module here with `render(differences) -> str`, and a line below."""

from collections.abc import Mapping
from importlib import import_module

from linkwatch.report.diff.model import ListDiff

DIFF_FORMATS: Mapping[str, str] = {"terminal": "terminal", "json": "json"}
"""Format → module, loaded when it is wanted."""


def render(name: str, differences: ListDiff) -> str:
    """Render differences in one of the formats, with a line end."""
    text: str = import_module(f"{__name__}.{DIFF_FORMATS[name]}").render(differences)
    return text
