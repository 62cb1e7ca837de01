"""The pages of the documentation for users, which are part of the package: `linkwatch help`."""

from collections.abc import Iterator
from dataclasses import dataclass

from linkwatch.files import shipped

FOLDERS = {"tutorials": "Begin", "guide": "Do something", "reference": "Look something up", "explanation": "Understand"}
"""Folders of docs/ whose pages are topics, with their headings."""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page."""

    topic: str
    """Its name, without the folder: no two pages have the same one."""

    folder: str
    title: str
    text: str
    """Markdown, with the title."""


def help_pages() -> Iterator[HelpPage]:
    """Yield the pages, in the order of the folders and their names."""
    for folder in FOLDERS:
        for file in sorted(shipped("help", "docs").joinpath(folder).glob("*.md")):
            text = file.read_text("utf-8")
            yield HelpPage(file.stem, folder, text.partition("\n")[0].removeprefix("# "), text)
