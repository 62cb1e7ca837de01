"""The formats of differences. Adding one: a module with `render(diff: ListDiff) -> str`, and a row of DIFF_FORMATS."""

from collections.abc import Mapping
from importlib import import_module

from linkwatch.report.diff.model import ListDiff

DIFF_FORMATS: Mapping[str, str] = {"terminal": "terminal", "json": "json"}
"""Format → module, loaded when it is wanted."""


def render(name: str, diff: ListDiff) -> str:
    """Render differences in one of the formats, with a line end."""
    text: str = import_module(f"{__name__}.{DIFF_FORMATS[name]}").render(diff)
    return text
