"""The pages on which lists are added, edited and removed. What is wrong is asked for again, with what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.daemon.api import ScheduleState
from linkwatch.errors import ListError
from linkwatch.masking import mask
from linkwatch.models.stored_list import StoredList
from linkwatch.services.edit_patch import EditableFile, files_of, read_editable
from linkwatch.services.stored_lists import load_list, parsed
from linkwatch.sources.files import STORED
from linkwatch.web.context import WebContext
from linkwatch.web.exports import download as as_download
from linkwatch.web.paging import PAGE_SIZE, paginate, parse_page_number

LONGEST_TEXT = 1_000_000
"""Characters of a list that is edited as a whole; a longer one is downloaded and uploaded."""

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EditedList:
    """One of the lists of a schedule."""

    schedule: str
    """The name of the schedule."""

    file: str
    """The name of the list; that of one in the database is `list:NAME`."""

    others: tuple[str, ...]
    """All lists of the schedule."""

    @property
    def stored_name(self) -> str | None:
        """Its name in the database; None: it is in a file."""
        return self.file.removeprefix(STORED) if self.file.startswith(STORED) else None


def find_list(context: WebContext, request: Request, file: str) -> EditedList:
    """The list of the schedule in the path; without the name of a file, its first.

    Raises:
        HTTPException: There is no such schedule, or it has no such list.
    """
    state = find_state(context, request)
    files = state.files or tuple(state.schedule.lists if state.schedule.stored_list is not None else ())
    chosen = file or next(iter(files), "")
    if chosen not in files:
        raise HTTPException(404, "There is no such list")
    return EditedList(state.schedule.name, chosen, files)


def find_state(context: WebContext, request: Request) -> ScheduleState:
    """The schedule in the path.

    Raises:
        HTTPException: There is none.
    """
    name = request.path_params["schedule"]
    state = next((each for each in context.daemon.schedules() if name == each.schedule.name), None)
    if state is None:
        raise HTTPException(404, "There is no such list")
    return state


def add_page(context: WebContext, request: Request, typed: Typed | None = None, problem: str | None = None) -> Response:
    """The forms that add a list."""
    return context.page(
        request,
        "add_list.html",
        200 if problem is None else 422,
        typed=typed or {},
        problem=problem,
        folders=context.daemon.settings.list_folders,
    )


def page(context: WebContext, request: Request) -> Response:
    """One list with its links, to be edited: that in the database at once, that in a file as a patch."""
    edited = find_list(context, request, request.query_params.get("file", ""))
    line = request.query_params.get("line", "")
    if edited.stored_name is None:
        return file_page(context, request, edited)
    return link_page(context, request, edited, line) if line else stored_page(context, request, edited)


def stored_page(
    context: WebContext, request: Request, edited: EditedList, typed: Typed | None = None, problem: str | None = None
) -> Response:
    """A list in the database."""
    stored, text = _loaded(context, edited)
    csv = parsed(text, stored.address)
    rows = paginate(csv.rows, parse_page_number(request.query_params.get("page", "")))
    return context.page(
        request,
        "edit_list.html",
        200 if problem is None else 422,
        edited=edited,
        name=stored.name,
        digest=stored.digest,
        csv=csv,
        page=rows,
        text=text if len(text) <= LONGEST_TEXT else None,
        typed=typed or {},
        problem=problem,
    )


def link_page(
    context: WebContext,
    request: Request,
    edited: EditedList,
    line: str,
    typed: Typed | None = None,
    problem: str | None = None,
) -> Response:
    """One link of a list in the database."""
    stored, text = _loaded(context, edited)
    csv = parsed(text, stored.address)
    row = csv.row(int(line)) if line.isdecimal() and len(line) < 10 and line.isascii() else None
    if row is None:
        raise HTTPException(404, "There is no such link")
    cells = [
        (at, name, (typed or {}).get(f"cell {at}", cell))
        for at, (name, cell) in enumerate(zip(csv.names, row.cells, strict=True))
        if name.strip().lower() != "paused"
    ]
    return context.page(
        request,
        "edit_link.html",
        200 if problem is None else 422,
        edited=edited,
        name=stored.name,
        digest=stored.digest,
        row=row,
        cells=cells,
        typed=typed or {},
        problem=problem,
    )


def file_page(
    context: WebContext, request: Request, edited: EditedList, typed: Typed | None = None, problem: str | None = None
) -> Response:
    """A list in a file."""
    file = read_listed_file(context, request, edited)
    query = request.query_params
    number = parse_page_number(query.get("page", "")) if "page" in query else _page_of(file, query.get("line", ""))
    numbers = paginate(file.linked, number)
    return context.page(
        request,
        "edit_file.html",
        200 if problem is None else 422,
        edited=edited,
        file=file,
        page=numbers,
        typed=typed or {},
        problem=problem,
    )


def _page_of(file: EditableFile, line: str) -> int:
    """The page with a line; the first one where there is no such line."""
    number = int(line) if line.isascii() and line.isdecimal() and len(line) < 10 else 0
    return file.linked.index(number) // PAGE_SIZE + 1 if number in file.linked else 1


def read_listed_file(context: WebContext, request: Request, edited: EditedList) -> EditableFile:
    """The file of a list.

    Raises:
        HTTPException: It can't be read.
    """
    try:
        settings = context.daemon.settings
        found = files_of(find_state(context, request).schedule.lists, settings).get(edited.file)
        if found is None:
            raise HTTPException(404, "There is no such list")
        return read_editable(found, settings)
    except ListError as error:
        raise HTTPException(503, mask(f"{error.message}. {error.remedy}")) from None


def remove_page(context: WebContext, request: Request) -> Response:
    """Asks whether a list is to be removed."""
    edited = find_removable(context, request)
    stored, text = _loaded(context, edited)
    count = None if stored.path is not None else len(parsed(text, stored.address).rows)
    return context.page(
        request, "remove_list.html", edited=edited, name=stored.name, stands_for=stored.path, count=count
    )


def find_removable(context: WebContext, request: Request) -> EditedList:
    """The list in the database that the schedule in the path is about.

    Raises:
        HTTPException: It is none.
    """
    state = find_state(context, request)
    if state.schedule.stored_list is not None:
        return EditedList(state.schedule.name, f"{STORED}{state.schedule.stored_list}", ())
    edited = find_list(context, request, request.query_params.get("file", ""))
    if edited.stored_name is None:
        raise HTTPException(404, "There is no such list in the database")
    return edited


def download(context: WebContext, request: Request) -> Response:
    """A list in the database as CSV, as it is stored."""
    edited = find_removable(context, request)
    stored, text = _loaded(context, edited)
    if stored.path is not None:
        raise HTTPException(404, "There is no such list in the database")
    return as_download(text.encode(), "text/csv", f"{stored.name}.csv")


def _loaded(context: WebContext, edited: EditedList) -> tuple[StoredList, str]:
    try:
        return load_list(context.daemon.database, edited.stored_name or "")
    except ListError as error:
        raise HTTPException(404, error.message) from None
