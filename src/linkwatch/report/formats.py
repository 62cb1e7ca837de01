"""The formats by name. Adding one: a module with a function from Report to text, and a line here."""

from collections.abc import Callable, Mapping

from linkwatch.report.json_report import render_json
from linkwatch.report.report import Report
from linkwatch.report.terminal import render_terminal

FORMATS: Mapping[str, Callable[[Report], str]] = {
    "terminal": render_terminal,
    "json": render_json,
}
