"""The formats by name. Adding one: a module here with `render(report: Report) -> str`, and a line below."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module

from linkwatch.report.model import Extra, Report


@dataclass(frozen=True, slots=True)
class Format:
    """How a report can be written."""

    module: str
    """Loaded when it is wanted: a report for the terminal needs no templates."""

    needs: frozenset[Extra] = frozenset()
    """What the report must hold beyond what every report does."""

    in_pieces: bool = False
    """The module has `pieces(report: Report) -> Iterator[str]` as well."""


FORMATS: Mapping[str, Format] = {
    "terminal": Format("terminal"),
    "json": Format("json", in_pieces=True),
    "jsonl": Format("jsonl", in_pieces=True),
    "markdown": Format("markdown"),
    "html": Format("html", frozenset({Extra.CHECKS})),
    "csv": Format("csv"),
    "junit": Format("junit"),
    "sarif": Format("sarif"),
    "github": Format("github"),
    "atom": Format("atom", frozenset({Extra.EVENTS})),
}


def render(name: str, report: Report) -> str:
    """Render a report in one of the formats, with a line end."""
    text: str = import_module(f"{__name__}.{FORMATS[name].module}").render(report)
    return text


def pieces(name: str, report: Report) -> Iterable[str]:
    """The text of `render`, in pieces where it may be larger than the memory should be."""
    if not FORMATS[name].in_pieces:
        return (render(name, report),)
    made: Iterable[str] = import_module(f"{__name__}.{FORMATS[name].module}").pieces(report)
    return made
