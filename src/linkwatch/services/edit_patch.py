"""Changes of a list in a file, made on the dashboard: a patch, for the file is edited by whoever keeps it.

Only lines with YouTube links are shown and can be replaced: whatever else is in the file is nobody's business.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from linkwatch.errors import UsageError
from linkwatch.fix.patch import unified_diff
from linkwatch.fix.plan import lines_of
from linkwatch.services.lists import find_lists
from linkwatch.settings import Settings
from linkwatch.sources import ListFile, read_file
from linkwatch.sources.content import examine_content
from linkwatch.sources.embeds import own_syntaxes
from linkwatch.sources.read import open_content
from linkwatch.urls.parse import parse_url

LONGEST_LINE = 2_000
"""Code points of a line that can be edited: in a file that a program writes, a line may be all of it."""


@dataclass(frozen=True, slots=True)
class EditableFile:
    """A list in a file, as it was read."""

    name: str
    lines: tuple[str, ...]
    """With their ends."""

    linked: tuple[int, ...]
    """The 1-based numbers of the lines with YouTube links."""

    encoding: str
    digest: str
    """Of its bytes."""

    def line(self, number: int) -> str:
        """A line without its end."""
        return self.lines[number - 1].rstrip("\r\n").removeprefix("\ufeff")


def files_of(locations: Sequence[str], settings: Settings) -> dict[str, ListFile]:
    """The lists of a schedule that are in files, by their names.

    Raises:
        ListError: A location can't be read.
        StoreError: The database can't be read.
    """
    return {file.name: file for file in find_lists(locations, settings).files if file.path is not None}


def read_editable(file: ListFile, settings: Settings) -> EditableFile:
    """Read a list to edit it.

    Raises:
        ListError: It can't be read.
    """
    with open_content(file, io.BytesIO(), settings.max_file) as stream:
        encoding = examine_content(stream, file.name, settings.max_file).encoding
        content = stream.read()
    syntaxes = own_syntaxes(settings.embeds)
    links = read_file(file, stdin=io.BytesIO(), max_size=settings.max_file, syntaxes=syntaxes)
    linked = sorted({link.line for link in links if parse_url(link.url) is not None})
    digest = blake2b(content, digest_size=16).hexdigest()
    return EditableFile(file.name, lines_of(content.decode(encoding)), tuple(linked), encoding, digest)


def patch_of(file: EditableFile, replaced: Mapping[int, str], *, after: int | None, added: str) -> str:
    """The changes as a unified diff.

    Args:
        file: The list.
        replaced: The new texts of lines with links, by their numbers; an empty one removes its line.
        after: The number of the line behind which lines are added; 0: at the beginning.
        added: These lines.

    Raises:
        UsageError: Nothing is changed, there is no such line, or no patch can be made of the file.
    """
    if file.encoding.startswith(("utf-16", "utf-32")):
        raise UsageError(f"{file.name} is in {file.encoding.upper()}, of which no patch can be made", remedy="Edit it.")
    new = list(file.lines)
    for number, text in replaced.items():
        if number not in file.linked:
            raise UsageError(f"line {number} has no link", remedy="Load the page again, and repeat your change.")
        if text != file.line(number):
            line = file.lines[number - 1]
            mark, end = line[: line.startswith("\ufeff")], line[len(line.rstrip("\r\n")) :]
            new[number - 1] = f"{mark}{' '.join(text.splitlines())}{end}" if text.strip() else ""
    lines = [line for line in added.splitlines() if line.strip()]
    before: list[str] = list(file.lines)
    if lines:
        if after is None or not 0 <= after <= len(new):
            raise UsageError("there is no such line", remedy=f"The file has {len(new)} lines.")
        end = _line_end(file.lines)
        block = "".join(line + end for line in lines)
        if after == 0:
            before.insert(0, "")
            new.insert(0, block)
        elif file.lines[after - 1].endswith("\n"):
            before.insert(after, "")
            new.insert(after, block)
        else:  # the last line, which has no end
            new[after - 1] += end + block.removesuffix(end)
    patch = "".join(unified_diff(file.name, before, new))
    if not patch:
        raise UsageError("nothing is changed", remedy="Change a line, or add one.")
    return patch


def _line_end(lines: Sequence[str]) -> str:
    return next((line[len(line.rstrip("\r\n")) :] for line in lines if line.endswith("\n")), "\n")
