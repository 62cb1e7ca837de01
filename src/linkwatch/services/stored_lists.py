"""Lists that are stored in the database: add, change, pause, remove.

The text of such a list is CSV with a column `url`, and is read like that of a file; its address is `list:NAME`. A
stored list may also stand for a file or folder, which then stays the truth. Removing a list deletes nothing of what is
known of its resources.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from linkwatch.clock import utc_now
from linkwatch.errors import ListError, UsageError
from linkwatch.models.link import Link
from linkwatch.models.stored_list import StoredList
from linkwatch.settings import Settings
from linkwatch.sources.csv_list import CsvList, Row, parse_csv_list
from linkwatch.sources.files import STORED, StoredText, no_stored_list_error
from linkwatch.store.database import Database
from linkwatch.store.schema import open_database, open_for_reading
from linkwatch.store.stored_lists import delete_stored_list, load_stored_lists, load_stored_text, save_stored_list
from linkwatch.text import shortened, visible
from linkwatch.urls.parse import parse_reference, parse_url

_NAME = re.compile(r"[^\W_](?:[\w .+-]{0,78}[\w+])?")


@dataclass(frozen=True, slots=True)
class ReadList:
    """What was given, as it is stored."""

    csv: CsvList
    """All of it: a CSV with a column `url` keeps its other columns, and links to other sites."""

    links: tuple[Link, ...]
    """Its YouTube links, ignored ones too; there is at least one."""


@dataclass(frozen=True, slots=True)
class AddedLinks:
    """What was added to a list."""

    is_new_list: bool
    added: int
    repeated: int
    """Links that were in the list already, and were left out."""


def open_lists(settings: Settings) -> Database:
    """Open the database of the settings, which is made where there is none."""
    return open_database(settings.database_url)


def stored_lists(database: Database) -> list[StoredList]:
    """All of them, by name."""
    with database.read() as connection:
        return load_stored_lists(connection)


def stored_lists_of(database_url: str) -> list[StoredList]:
    """Those in the database with this address; none where it does not exist.

    Raises:
        StoreError: It can't be read.
    """
    with open_for_reading(database_url) as database:
        return stored_lists(database)


def load_stored(database_url: str, name: str) -> StoredText | str:
    """A list of the database with this address: its text, or the path that it stands for.

    Raises:
        ListError: There is no such list.
        StoreError: The database can't be read.
    """
    with open_for_reading(database_url) as database:
        stored, text = load_list(database, name)
    return stored.path or StoredText(stored.digest, lambda: text)


def load_list(database: Database, name: str) -> tuple[StoredList, str]:
    """A list and its text, which is empty where it stands for a file.

    Raises:
        ListError: There is no such list.
    """
    with database.read() as connection:
        found = load_stored_text(connection, name)
    if found is None:
        raise no_stored_list_error(name)
    return found


def check_name(name: str) -> str:
    """The name of a list, without white space around it.

    Raises:
        UsageError: It can't be one.
    """
    name = name.strip().removeprefix(STORED)
    if not _NAME.fullmatch(name):
        remedy = "Letters, digits, spaces and . + - _ are possible, up to 80; the first is a letter or a digit."
        raise UsageError(f"“{shortened(visible(name), 80)}” can't be the name of a list", remedy=remedy)
    return name


# Changing lists.


def add_links(database: Database, name: str, given: ReadList) -> AddedLinks:
    """Make a list of links, or add those that it lacks to one that there is.

    Raises:
        UsageError: It stands for a file, or the name can't be one.
        StoreError: The database can't be written.
    """
    name = check_name(name)
    with database.write() as connection:
        found = load_stored_text(connection, name)
        if found is None:
            save_stored_list(connection, name, None, given.csv.text, utc_now())
            return AddedLinks(is_new_list=True, added=len(given.links), repeated=0)
        stored, text = found
        _refuse_file(stored)
        csv = parsed(text, stored.address)
        listed = {csv.cell(row, "url").strip() for row in csv.rows}
        new = [link for link in given.links if link.url not in listed]
        csv.add(new)
        if new:
            save_stored_list(connection, name, None, csv.text, utc_now())
    return AddedLinks(is_new_list=False, added=len(new), repeated=len(given.links) - len(new))


def add_new(database: Database, name: str, given: ReadList) -> None:
    """Make a list of links.

    Raises:
        UsageError: There is one of this name, or the name can't be one.
        StoreError: The database can't be written.
    """
    name = check_name(name)
    with database.write() as connection:
        _refuse_taken(load_stored_text(connection, name) is not None, name)
        save_stored_list(connection, name, None, given.csv.text, utc_now())


def add_path(database: Database, name: str, path: Path) -> None:
    """Make a list that stands for a file or folder, which stays the truth.

    Raises:
        UsageError: There is one of this name, or the name can't be one.
        StoreError: The database can't be written.
    """
    name = check_name(name)
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise UsageError(f"{_quoted(str(path))} is not UTF-8", remedy="Rename the file.") from None
    with database.write() as connection:
        _refuse_taken(load_stored_text(connection, name) is not None, name)
        save_stored_list(connection, name, str(path), "", utc_now())


def _refuse_taken(is_taken: bool, name: str) -> None:
    if is_taken:
        raise UsageError(f"there is a list “{name}” already", remedy="Choose another name, or add links to that list.")


def _refuse_file(stored: StoredList) -> None:
    if stored.path is not None:
        remedy = "Edit the file: it is read again when it changes."
        raise UsageError(f"“{stored.name}” stands for {visible(stored.path)}", remedy=remedy)


def allowed_path(text: str, settings: Settings) -> Path:
    """The file or folder that a person names on the dashboard, if `list_folders` allows it.

    Whether a file that is not allowed exists is not said.

    Raises:
        UsageError: It is not in an allowed folder, is hidden, or does not exist.
    """
    path = Path(("\0" not in text and text.strip()) or ".")
    with suppress(OSError, RuntimeError):  # RuntimeError: a loop of symbolic links
        resolved = path.resolve()
        for folder in map(Path, settings.list_folders):
            root = folder.resolve()
            if resolved.is_relative_to(root) and resolved != root:
                if any(part.startswith(".") for part in resolved.relative_to(root).parts):
                    continue
                if not (resolved.is_file() or resolved.is_dir()):
                    remedy = f"Relative paths begin at {Path.cwd()}."
                    raise UsageError(f"{_quoted(text)} does not exist, or is no file", remedy=remedy)
                return resolved
    folders = ", ".join(f"“{folder}”" for folder in settings.list_folders) or "none"
    raise UsageError(
        f"{_quoted(text)} is not below a folder whose files can be added here: {folders}",
        remedy="Give another path, upload the file, or have the operator name its folder in “list_folders”.",
    )


def replace_text(database: Database, name: str, text: str, *, digest: str | None) -> None:
    """Replace the text of a list.

    Args:
        database: Opened.
        name: Of the list.
        text: CSV with a column `url`.
        digest: Of the list that was changed; None: whatever it is by now is replaced.

    Raises:
        ListError: There is no such list.
        UsageError: It was changed meanwhile, or stands for a file.
        StoreError: The database can't be written.
    """
    with database.write() as connection:
        found = load_stored_text(connection, name)
        if found is None:
            raise no_stored_list_error(name)
        _refuse_file(found[0])
        if digest is not None and found[0].digest != digest:
            message = f"“{name}” was changed meanwhile"
            raise UsageError(message, remedy="Load it again, and repeat your change.")
        save_stored_list(connection, name, None, text, utc_now())


def change_row(
    database: Database, name: str, digest: str | None, line: int, change: Callable[[CsvList, Row], None]
) -> None:
    """Change one row of a list.

    Args:
        database: Opened.
        name: Of the list.
        digest: Of the list that the line was read from.
        line: On which the row begins.
        change: Changes the list.

    Raises:
        UsageError: There is no such list or row, it was changed meanwhile, or no link would be left in it.
        StoreError: The database can't be written.
    """
    stored, text = load_list(database, name)
    _refuse_file(stored)
    csv = parsed(text, stored.address)
    row = csv.row(line)
    if row is None or (digest is not None and stored.digest != digest):
        raise UsageError(f"“{name}” was changed meanwhile", remedy="Load it again, and repeat your change.")
    change(csv, row)
    if not any(parse_url(csv.cell(each, "url")) for each in csv.rows):
        raise UsageError("no link would be left in the list", remedy="Remove the whole list instead.")
    replace_text(database, name, csv.text, digest=stored.digest)


def remove_row(csv: CsvList, row: Row) -> None:
    """Remove a row; for `change_row`."""
    csv.rows.remove(row)


def find_row(database: Database, name: str, reference: str) -> int:
    """The line of the only row that a person means: by its line, or by a URL or id of YouTube.

    Raises:
        UsageError: There is no such list or row, or there are several.
    """
    stored, text = load_list(database, name)
    _refuse_file(stored)
    csv = parsed(text, stored.address)
    if reference.isascii() and reference.isdecimal():
        lines = [row.line for row in csv.rows if row.line == int(reference[:9])]
    else:
        meant = parse_reference(reference)
        lines = [row.line for row in csv.rows if _names(csv.cell(row, "url"), reference, meant)]
    if len(lines) == 1:
        return lines[0]
    remedy = f"“linkwatch list show '{name}'” prints its lines."
    if not lines:
        raise UsageError(f"{_quoted(reference)} is not in the list “{name}”", remedy=remedy)
    places = ", ".join(map(str, lines[:5]))
    raise UsageError(
        f"{_quoted(reference)} is in “{name}” {len(lines)} times", remedy=f"Give one of its lines: {places}"
    )


def _names(url: str, reference: str, meant: object) -> bool:
    if url.strip() == reference.strip():
        return True
    link = parse_url(url)
    return meant is not None and link is not None and meant in link.resources[:1]


def parsed(text: str, address: str) -> CsvList:
    """The text of a stored list, as it can be changed.

    Raises:
        ListError: It is damaged.
    """
    csv = parse_csv_list((f"{line}\n" for line in text.split("\n")), address)
    if csv is None:
        raise ListError("has no column “url”", file=address, line=1, remedy="Restore a backup of the database.")
    return csv


def remove_list(database: Database, name: str) -> None:
    """Remove a list. Everything that is known of its resources stays, and counts again when they are listed again.

    Raises:
        ListError: There is no such list.
        StoreError: The database can't be written.
    """
    with database.write() as connection:
        if not delete_stored_list(connection, name):
            raise no_stored_list_error(name)


def save_fix(settings: Settings, address: str, text: str, digest: str) -> None:
    """Save the text of a list that `fix` has changed.

    Raises:
        UsageError: It was changed meanwhile, or the database can't be written.
    """
    with open_database(settings.database_url) as database:
        replace_text(database, address.removeprefix(STORED), text, digest=digest)


def _quoted(text: str) -> str:
    return f"“{shortened(visible(text), 100)}”"
