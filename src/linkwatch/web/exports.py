"""Downloads: the report of a schedule as a file, and the changes that `linkwatch fix` would make to its lists."""

import io
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.errors import UsageError
from linkwatch.report import formats
from linkwatch.services.fix import plan_fixes
from linkwatch.web.context import WebContext
from linkwatch.web.reports import ScheduleReport

_MEDIA_TYPES = {"csv": "text/csv", "html": "text/html", "json": "application/json", "patch": "text/x-diff"}


def export(context: WebContext, request: Request) -> Response:
    """One file to download; `csv`, `html` and `json` are formats of reports."""
    name = request.path_params["format"]
    schedule = context.reports.get(request.path_params["schedule"])
    if name not in _MEDIA_TYPES or schedule is None or schedule.report is None:
        raise HTTPException(404)
    text = _patch(context, schedule) if name == "patch" else formats.render(name, schedule.report)
    return download(
        text.encode("utf-8", "replace"), _MEDIA_TYPES[name], f"{schedule.name.rpartition('/')[2] or 'list'}.{name}"
    )


def download(content: bytes, media_type: str, name: str) -> Response:
    """A file to download."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='', errors='replace')}"
    return Response(content, media_type=media_type, headers={"content-disposition": disposition})


def _patch(context: WebContext, schedule: ScheduleReport) -> str:
    """A unified diff, for `patch` or `git apply`; empty when there is nothing to change."""
    lists, settings = schedule.state.schedule.lists, context.daemon.settings
    try:
        planned = plan_fixes(lists, settings, stdin=io.BytesIO(), allow_empty=True)
    except UsageError as error:
        raise HTTPException(503, error.message) from None
    return "".join(line for each in planned for line in each.diff())
