"""The formats by name. Adding one: a module here with `render(report: Report) -> str`, and a line below."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

from linkwatch import plugins
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


class FormatPlugin(Protocol):
    """A format of a plug-in: what an entry point in `linkwatch.formats` names, a module or an object.

    It may have `needs`, a set of `Extra`: what the report must hold beyond what every report does.
    """

    def render(self, report: Report, /) -> str:
        """The whole text of a report, with a line end."""


def format_names() -> list[str]:
    """The formats that a report can be written in, with those of the enabled plug-ins."""
    return [*FORMATS, *(addition.name for addition in _plugin_formats())]


def needs_of(name: str) -> frozenset[Extra]:
    """What a report must hold to be written in a format.

    Raises:
        KeyError: There is no such format.
        PluginError: It is one of a plug-in, which can't be loaded.
    """
    return FORMATS[name].needs if name in FORMATS else frozenset(getattr(_plugin_format(name), "needs", ()))


def render(name: str, report: Report) -> str:
    """Render a report in one of the formats, with a line end.

    Raises:
        KeyError: There is no such format.
        PluginError: It is one of a plug-in, which failed.
    """
    if name not in FORMATS:
        return _plugin_text(name, report)
    text: str = import_module(f"{__name__}.{FORMATS[name].module}").render(report)
    return text


def pieces(name: str, report: Report) -> Iterable[str]:
    """The text of `render`, in pieces where it may be larger than the memory should be."""
    if name not in FORMATS or not FORMATS[name].in_pieces:
        return (render(name, report),)
    made: Iterable[str] = import_module(f"{__name__}.{FORMATS[name].module}").pieces(report)
    return made


def _plugin_formats() -> list[plugins.Addition]:
    found = plugins.additions(plugins.FORMATS)
    for addition in found:
        if addition.name in FORMATS:
            plugins.fail(addition, "linkwatch has a format of that name")
    return [addition for addition in found if addition.name not in FORMATS]


def _plugin_format(name: str) -> FormatPlugin:
    addition = plugins.find(plugins.FORMATS, name)
    if addition is None:
        raise KeyError(name)
    format_: FormatPlugin | None = plugins.load(addition, _fault)
    if format_ is None:
        raise plugins.failure(addition) or KeyError(name)
    return format_


def _fault(loaded: Any) -> str | None:
    if not callable(getattr(loaded, "render", None)):
        return "it needs a function `render(report)`"
    if not all(isinstance(extra, Extra) for extra in getattr(loaded, "needs", ())):
        return "its `needs` must be a set of linkwatch.plugin_api.Extra"
    return None


def _plugin_text(name: str, report: Report) -> str:
    format_, addition = _plugin_format(name), plugins.find(plugins.FORMATS, name)
    assert addition is not None  # noqa: S101  # it was loaded
    text = plugins.run(addition, lambda: format_.render(report))
    if not isinstance(text, str):
        raise plugins.failure(addition) or plugins.fail(addition, "`render` must return a text")
    return text
