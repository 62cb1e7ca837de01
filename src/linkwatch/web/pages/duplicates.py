"""What is listed twice, and which playlists share most of their videos."""

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models import rules
from linkwatch.models.rules import Level
from linkwatch.web.context import WebContext
from linkwatch.web.paging import number_in, page_of
from linkwatch.web.reports import shown


def page(desk: WebContext, request: Request) -> Response:
    """Both, of all lists; what is accepted stands at the end of each."""
    found = shown(desk.reports.of_all())
    query, levels = request.query_params, desk.watching.settings.levels
    return desk.page(
        request,
        "duplicates.html",
        duplicates=page_of([f for f in found if f.finding.rule is rules.DUPLICATE], number_in(query.get("page", ""))),
        overlaps=page_of([f for f in found if f.finding.rule is rules.OVERLAP], number_in(query.get("overlaps", ""))),
        off=[rule for rule in (rules.DUPLICATE, rules.OVERLAP) if levels[rule] is Level.OFF],
        keyed=desk.watching.settings.api_key is not None,
    )
