"""The forms that add, edit and remove lists; for a list in a file, the patch with the changes."""

from collections.abc import Callable
from pathlib import PurePath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkwatch.errors import ListError, StoreError, UsageError
from linkwatch.masking import mask
from linkwatch.services import stored_lists
from linkwatch.services.edit_patch import patch_of
from linkwatch.services.list_input import check_url, read_content, read_typed
from linkwatch.services.stored_lists import ReadList, change_row
from linkwatch.sources.csv_list import CsvList, Row
from linkwatch.sources.files import STORED
from linkwatch.sources.formats import format_by_extension
from linkwatch.text import counted
from linkwatch.web.actions import Fields
from linkwatch.web.context import WebContext, flash
from linkwatch.web.exports import download
from linkwatch.web.pages import edit as pages
from linkwatch.web.paths import edit_path, list_path


def add(context: WebContext, request: Request, fields: Fields) -> Response:
    """Add a list: of links that were pasted, of an uploaded file, or of a path."""
    database, settings = context.daemon.database, context.daemon.settings
    name, how = fields.get("name", ""), fields.get("how", "")
    try:
        if how == "path":
            path = stored_lists.allowed_path(fields.get("path", ""), settings)
            name = stored_lists.check_name(name or path.name)
            stored_lists.add_path(database, name, path)
        else:
            given = _uploaded(context, request) if how == "file" else read_typed(fields.get("links", ""), settings)
            if how == "file":
                name = name or PurePath(request.state.file_name).stem
            name = stored_lists.check_name(name)
            stored_lists.add_new(database, name, given)
    except StoreError:
        raise
    except UsageError as error:
        return pages.add_page(context, request, fields, _in_words(error))
    context.daemon.refresh_stored_lists()
    return _to_list(context, name, f"“{name}” was added. It is checked as soon as no other check runs.")


def _uploaded(context: WebContext, request: Request) -> ReadList:
    name, content = request.state.file_name, request.state.file_content
    if not name:
        raise UsageError("no file is chosen", remedy="Choose the file with the links.")
    return read_content(content, name, context.daemon.settings, format_by_extension(name))


def edit(context: WebContext, request: Request, fields: Fields) -> Response:
    """Change a list in the database: add links, change, pause or remove one, or replace the whole list."""
    edited = pages.find_list(context, request, fields.get("file", ""))
    name = edited.stored_name
    if name is None:
        raise HTTPException(404, "There is no such list in the database")
    action, line = fields.get("action", ""), fields.get("line", "")
    actions: dict[str, Callable[[], str]] = {
        "add": lambda: _add_links(context, name, fields),
        "text": lambda: _replace(context, name, fields, _read_whole(context, name, fields)),
        "upload": lambda: _replace(context, name, fields, _uploaded(context, request)),
        "pause": lambda: _change(context, name, fields, lambda csv, row: csv.pause(row, paused=True), "is paused"),
        "resume": lambda: _change(context, name, fields, lambda csv, row: csv.pause(row, paused=False), "is resumed"),
        "remove": lambda: _change(context, name, fields, stored_lists.remove_row, "was removed"),
        "cells": lambda: _change(context, name, fields, lambda csv, row: _set_cells(csv, row, fields), "was changed"),
    }
    if action not in actions:
        raise HTTPException(400, "There is no such action")
    try:
        message = actions[action]()
    except StoreError:
        raise
    except UsageError as error:
        if action in {"cells", "remove"}:
            return pages.link_page(context, request, edited, line, fields, _in_words(error))
        return pages.stored_page(context, request, edited, fields, _in_words(error))
    context.daemon.refresh_stored_lists()
    page = fields.get("page", "")
    back = edit_path(edited.schedule, file=edited.file, page=page if page.isdecimal() else "")
    return flash(RedirectResponse(back, 303), message)


def _read_whole(context: WebContext, name: str, fields: Fields) -> ReadList:
    """A list that was edited as a whole: CSV with a column `url`, or links as they are pasted."""
    stored, text = stored_lists.load_list(context.daemon.database, name)
    before = stored_lists.parsed(text, stored.address)
    return read_typed(fields.get("text", ""), context.daemon.settings, before)


def _add_links(context: WebContext, name: str, fields: Fields) -> str:
    given = read_typed(fields.get("links", ""), context.daemon.settings)
    result = stored_lists.add_links(context.daemon.database, name, given)
    again = f" {counted(result.repeated, 'link')} it had already." if result.repeated else ""
    return f"Added {counted(result.added, 'link')} to “{name}”.{again}"


def _replace(context: WebContext, name: str, fields: Fields, given: ReadList) -> str:
    text = given.csv.text
    stored_lists.replace_text(context.daemon.database, name, text, digest=fields.get("digest", ""))
    return f"“{name}” was changed: it has {counted(len(given.csv.rows), 'link')}."


def _change(context: WebContext, name: str, fields: Fields, change: Callable[[CsvList, Row], None], what: str) -> str:
    number = _number(fields.get("line", "")) or 0
    change_row(context.daemon.database, name, fields.get("digest", ""), number, change)
    return f"The link on line {number} {what}."


def _set_cells(csv: CsvList, row: Row, fields: Fields) -> None:
    for at, name in enumerate(csv.names):
        value = fields.get(f"cell {at}")
        if value is None:
            continue
        if name.strip().lower() == "url" and value.strip() != row.cells[at].strip():
            check_url(value)
        csv.change(row, {name: value})


def remove(context: WebContext, request: Request, fields: Fields) -> Response:
    """Remove a list from the database; the page with the form has asked."""
    name = pages.find_removable(context, request).stored_name or ""
    try:
        stored_lists.remove_list(context.daemon.database, name)
    except StoreError:
        raise
    except UsageError as error:
        raise HTTPException(404, error.message) from None
    context.daemon.refresh_stored_lists()
    message = f"“{name}” was removed. What is known of its resources stays."
    return flash(RedirectResponse("/lists", 303), message)


def make_patch(context: WebContext, request: Request, fields: Fields) -> Response:
    """The changes of a list in a file, as a patch to download."""
    edited = pages.find_list(context, request, fields.get("file", ""))
    if edited.stored_name is not None:
        raise HTTPException(404, "There is no such file")
    file = pages.read_listed_file(context, request, edited)
    try:
        if fields.get("digest", "") != file.digest:
            raise UsageError("the file was changed meanwhile", remedy="Load the page again, and repeat your change.")
        named = ((_number(name.removeprefix("line ")), text) for name, text in fields.items() if name[:5] == "line ")
        lines = {number: text for number, text in named if number is not None}
        patch = patch_of(file, lines, after=_number(fields.get("after", "")), added=fields.get("new", ""))
    except UsageError as error:
        return pages.file_page(context, request, edited, fields, _in_words(error))
    return download(patch.encode(file.encoding, "replace"), "text/x-diff", f"{PurePath(file.name).name}.patch")


def _to_list(context: WebContext, name: str, message: str) -> Response:
    """The page of a list in the database, if a schedule is about it."""
    states = context.daemon.schedules()
    own = (each.schedule for each in states if each.schedule.stored_list == name)
    others = (each.schedule for each in states if f"{STORED}{name}" in each.schedule.lists)
    schedule = next(own, None) or next(others, None)
    return flash(RedirectResponse("/lists" if schedule is None else list_path(schedule.name), 303), message)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _in_words(error: UsageError) -> str:
    message = mask(f"{error.message}. {error.remedy}".strip())
    # The message of a list that can't be read begins with the name of its file.
    return message if isinstance(error, ListError) else message[0].upper() + message[1:]
