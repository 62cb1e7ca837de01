"""What is listed twice, and which playlists share most of their videos."""

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models import rules
from linkwatch.models.rules import Level
from linkwatch.web.context import WebContext
from linkwatch.web.paging import paginate, parse_page_number
from linkwatch.web.reports import findings_by_group


def page(context: WebContext, request: Request) -> Response:
    """Both, of all lists; what is accepted stands at the end of each."""
    found = findings_by_group(context.reports.of_all())
    query, levels = request.query_params, context.daemon.settings.levels
    return context.page(
        request,
        "duplicates.html",
        duplicates=paginate(
            [f for f in found if f.finding.rule is rules.DUPLICATE], parse_page_number(query.get("page", ""))
        ),
        overlaps=paginate(
            [f for f in found if f.finding.rule is rules.OVERLAP], parse_page_number(query.get("overlaps", ""))
        ),
        off=[rule for rule in (rules.DUPLICATE, rules.OVERLAP) if levels[rule] is Level.OFF],
        keyed=context.daemon.settings.api_key is not None,
    )
