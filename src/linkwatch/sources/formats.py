"""The formats of lists, and the file names they go by."""

from enum import StrEnum
from pathlib import PurePath


class Format(StrEnum):
    """How a list is read."""

    CSV = "csv"
    """A header with a `url` column; commas, semicolons, tabs or bars."""

    MARKDOWN = "markdown"
    """CommonMark, and its kin with code cells or components."""

    HTML = "html"

    JSON = "json"

    JSON_LINES = "json-lines"
    """A JSON value on each line."""

    NOTEBOOK = "notebook"
    """Jupyter, nbformat 4."""

    TEXT = "text"
    """Anything else: searched for URLs."""


_BY_EXTENSION = {
    Format.CSV: ".csv .tsv",
    Format.MARKDOWN: ".md .markdown .mdx .qmd .rmd",
    Format.HTML: ".html .htm .xhtml",
    Format.JSON: ".json",
    Format.JSON_LINES: ".jsonl",
    Format.NOTEBOOK: ".ipynb",
    Format.TEXT: ".txt .rst .org .adoc .asciidoc .tex .bib .yaml .yml .toml .opml .xml",
}
_FORMATS = {extension: kind for kind, extensions in _BY_EXTENSION.items() for extension in extensions.split()}


def format_by_extension(name: str) -> Format | None:
    """The format that goes by a file's extension, in either case; None for an extension that says nothing."""
    return _FORMATS.get(PurePath(name).suffix.lower())
