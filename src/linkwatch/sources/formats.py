"""The formats of lists: their extensions, their readers, and how a list without a known extension is recognised.

Adding a format: a module with a `Reader`, a member of `Format`, and a row of `_FORMATS`.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from functools import partial
from importlib import import_module
from pathlib import PurePath
from typing import Any, NamedTuple, NewType, Protocol

from linkwatch import plugins
from linkwatch.errors import LinkwatchError, ListError
from linkwatch.models.link import Link
from linkwatch.sources.document import Remark
from linkwatch.sources.embeds import SYNTAXES, Syntax


class Reader(Protocol):
    """Reads a list of one format."""

    def __call__(self, lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES) -> Iterator[Link]:
        """Yield the links of a list, in its order.

        Args:
            lines: The list's lines, each but the last ending in a line feed, as `decoded_lines` gives them.
            file: The list's name, for the links and for errors.
            syntaxes: Those in which an id is a link.

        Raises:
            ListError: The text is not of the format; it has the file, the line and a remedy.
        """


class Format(StrEnum):
    """How a list is read."""

    CSV = "csv"
    """Columns of links or ids; commas, semicolons, tabs or bars."""

    MARKDOWN = "markdown"
    """CommonMark, also with code cells or components."""

    HTML = "html"

    JSON = "json"

    JSON_LINES = "json-lines"
    """A JSON value on each line."""

    NOTEBOOK = "notebook"
    """Jupyter, nbformat 4."""

    TEXT = "text"
    """Anything else: searched for URLs."""


class _Row(NamedTuple):
    extensions: str
    module: str
    """In this package. It is imported when a list has the format: all of them take a tenth of the time of a small
    report."""

    function: str = "read"


_FORMATS = {
    Format.CSV: _Row(".csv .tsv", "csv_reader"),
    Format.MARKDOWN: _Row(".md .markdown .mdx .qmd .rmd", "markdown_reader"),
    Format.HTML: _Row(".html .htm .xhtml .njk .liquid .astro", "html_reader"),
    Format.JSON: _Row(".json", "json_reader"),
    Format.JSON_LINES: _Row(".jsonl .ndjson", "json_reader", "read_json_lines"),
    Format.NOTEBOOK: _Row(".ipynb", "notebook_reader"),
    # Components and feeds are text: their links are also in `<template>`, `<script>` and CDATA, which HTML leaves out.
    Format.TEXT: _Row(
        ".txt .rst .org .adoc .asciidoc .tex .bib .typ .wiki .yaml .yml .toml .opml .xml .ptx .rss .atom .webloc .url "
        ".m3u .m3u8 .vue .svelte .webc .js .ts .tsx .py",
        "text_reader",
    ),
}
_BY_EXTENSION = {extension: kind for kind, row in _FORMATS.items() for extension in row.extensions.split()}


class ReaderPlugin(Protocol):
    """A list format of a plug-in: what an entry point in `linkwatch.readers` names, a module or an object."""

    @property
    def extensions(self) -> Sequence[str]:
        """Of its files, each with its dot and in lower case; linkwatch must have no reader for them."""

    def read(self, lines: Iterable[str], file: str, syntaxes: Sequence[Syntax], /) -> Iterator[Link]:
        """Yield the links of a list, as a `Reader` does."""


PluginFormat = NewType("PluginFormat", str)
"""The name of a format that a plug-in reads."""

ListFormat = Format | PluginFormat


def format_by_extension(name: str) -> ListFormat | None:
    """The format of a file by its extension, in either case; None for an extension that says nothing."""
    extension = PurePath(name).suffix.lower()
    return _BY_EXTENSION.get(extension) or _plugin_format(extension)


def _plugin_format(extension: str) -> PluginFormat | None:
    additions = plugins.additions(plugins.READERS)
    # All are loaded, and then it shows which of them can't be used.
    readers: list[ReaderPlugin | None] = [plugins.load(addition, _fault) for addition in additions]
    for addition, reader in zip(additions, readers, strict=True):
        if reader is not None and extension in reader.extensions:
            return PluginFormat(addition.name)
    return None


def _fault(loaded: Any) -> str | None:
    extensions = getattr(loaded, "extensions", ())
    if isinstance(extensions, str) or not extensions or not callable(getattr(loaded, "read", None)):
        return "it needs `extensions`, a tuple of texts, and a function `read(lines, file, syntaxes)`"
    for extension in extensions:
        if extension in _BY_EXTENSION:
            return f"linkwatch reads {extension} files itself"
        for other, plugin in plugins.loaded(plugins.READERS):
            if extension in plugin.extensions:
                return f"{other.plugin} reads {extension} files already"
        if extension != extension.lower() or not extension.startswith("."):
            return f"the extension “{extension}” must begin with a dot, and be in lower case"
    return None


def reader_for(kind: ListFormat, remark: Remark | None = None) -> Reader:
    """The reader of a format.

    Args:
        kind: The format.
        remark: Called with a sentence about the rows of a CSV that can't be read.
    """
    if not isinstance(kind, Format):
        return partial(_read_with_plugin, kind)
    row = _FORMATS[kind]
    function = getattr(import_module(f"linkwatch.sources.{row.module}"), row.function)
    reader: Reader = partial(function, remark=remark) if remark and kind is Format.CSV else function
    return reader


def _read_with_plugin(
    kind: PluginFormat, lines: Iterable[str], file: str, syntaxes: Sequence[Syntax] = SYNTAXES
) -> Iterator[Link]:
    """Read a list of a plug-in's format.

    Raises:
        ListError: The plug-in failed, or says that the list is not of its format.
    """
    addition = plugins.find(plugins.READERS, kind)
    assert addition is not None  # noqa: S101  # it gave the format its name
    plugin: ReaderPlugin | None = plugins.load(addition, _fault)
    try:
        for link in plugin.read(lines, file, syntaxes) if plugin is not None else ():
            if not isinstance(link, Link):
                raise TypeError("`read` must yield linkwatch.plugin_api.Link")
            yield link
    except LinkwatchError:
        raise
    except Exception as fault:  # whatever a stranger's code raises, it costs this list alone
        error = addition.error(f"{type(fault).__name__}: {fault}")
        raise ListError(error.message, file=file, remedy=error.remedy) from fault


def format_by_content(text: str) -> Format:
    """The format of a text without a name: Markdown, in which bare URLs are found too, unless it is plainly another."""
    begin = text.lstrip()[:1]
    if begin == "<":
        return Format.HTML
    if begin and begin in "{[":
        from linkwatch.sources import json_tree, notebook_reader  # noqa: PLC0415  # as with the readers

        with suppress(ListError):
            return Format.NOTEBOOK if notebook_reader.is_notebook(json_tree.parse(text, "")) else Format.JSON
        with suppress(ListError):
            json_tree.parse_lines(text, "")
            return Format.JSON_LINES
    from linkwatch.sources import csv_reader  # noqa: PLC0415  # as with the readers

    return Format.CSV if csv_reader.is_list(_first_lines(text)) else Format.MARKDOWN


def _first_lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end
