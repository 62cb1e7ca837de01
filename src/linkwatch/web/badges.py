"""A small picture of how a schedule's links are, for a README or a page of one's own."""

from html import escape

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.observation import State
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.report.summary import is_complete
from linkwatch.text import counted
from linkwatch.web.context import WebContext

_COLOURS = {"error": "#b3261e", "warning": "#8a5200", "good": "#17713f", "notice": "#44546a"}
"""White stands out from each by 4.5 to 1 at least."""

_LABEL = "links"


def badge(context: WebContext, request: Request) -> Response:
    """The badge of a schedule."""
    watched = context.reports.of(request.path_params["schedule"])
    if watched is None:
        raise HTTPException(404)
    message, tone = badge_message(watched.report)
    return Response(
        render_badge(message, _COLOURS[tone]), media_type="image/svg+xml", headers={"cache-control": "no-cache"}
    )


def badge_message(report: Report | None) -> tuple[str, str]:
    """What the badge says, and the tone of it."""
    if report is None or report.run is None:
        return "not checked yet", "notice"
    counts = report.counts
    for level, tone in ((Level.ERROR, "error"), (Level.WARNING, "warning")):
        if counts.levels[level]:
            return counted(counts.levels[level], level.value), tone
    if not is_complete(report):
        return "not all checked", "warning"
    fine = counts.states[State.AVAILABLE]
    return (f"{fine:,} fine" if fine == counts.resources else f"{fine:,} of {counts.resources:,} fine"), "good"


def render_badge(message: str, colour: str) -> str:
    """The badge as SVG; text is stretched to the room that is reckoned for it, whatever the font."""
    left, right = _width(_LABEL), _width(message)
    whole = left + right
    text = escape(f"{_LABEL}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" aria-label="{text}">'
        f"<title>{text}</title>"
        f'<clipPath id="r"><rect width="{whole}" height="20" rx="4"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left}" height="20" fill="#44474d"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(_LABEL, left / 2, left)}{_text(message, left + right / 2, right)}</g></svg>\n"
    )


def _text(text: str, middle: float, width: int) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - 12}">{escape(text)}</text>'


def _width(text: str) -> int:
    return round(6.6 * len(text)) + 12
