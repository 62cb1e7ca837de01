"""Badges: the state of a schedule's links, as SVG for a README or a page of one's own, and as JSON for shields.io."""

from html import escape

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.observation import State
from linkwatch.models.rules import Level
from linkwatch.report.model import Report
from linkwatch.report.summary import is_complete
from linkwatch.text import counted
from linkwatch.web.conditional import ASK_AGAIN, conditional
from linkwatch.web.context import WebContext

_COLOURS = {"error": "#b3261e", "warning": "#8a5200", "good": "#17713f", "notice": "#44546a"}
"""White text has a contrast of at least 4.5 to 1 on each."""

_LABEL = "links"


def badge(context: WebContext, request: Request) -> Response:
    """The badge of a schedule."""
    schedule = context.reports.get(request.path_params["schedule"])
    if schedule is None:
        raise HTTPException(404)
    return conditional(request, Response(badge_svg(schedule.report), media_type="image/svg+xml"), ASK_AGAIN)


class EndpointBadge(msgspec.Struct, rename="camel"):
    """What shields.io takes from an endpoint."""

    label: str
    message: str
    """Not empty."""

    color: str
    is_error: bool
    """The address of the badge can't set another colour."""

    schema_version: int = 1
    cache_seconds: int = 300
    """How long shields.io keeps it; it takes no less than 300."""


def badge_svg(report: Report | None) -> str:
    """The badge of a report; None: there is none yet."""
    message, tone = badge_message(report)
    return render_badge(message, _COLOURS[tone])


def endpoint_badge(report: Report | None) -> EndpointBadge:
    """The badge of a report for shields.io; None: there is none yet."""
    message, tone = badge_message(report)
    return EndpointBadge(_LABEL, message, _COLOURS[tone].removeprefix("#"), tone == "error")


def badge_message(report: Report | None) -> tuple[str, str]:
    """The text of a badge and its tone."""
    if report is None or report.run is None:
        return "not checked yet", "notice"
    counts = report.counts
    for level, tone in ((Level.ERROR, "error"), (Level.WARNING, "warning")):
        if counts.levels[level]:
            return counted(counts.levels[level], level.value), tone
    if not is_complete(report):
        return "not all checked", "warning"
    available = counts.states[State.AVAILABLE]
    if available == counts.resources:
        return f"{available:,} fine", "good"
    return f"{available:,} of {counts.resources:,} fine", "good"


def render_badge(message: str, colour: str) -> str:
    """The badge as SVG; the text is stretched to the estimated width, whatever the font."""
    left, right = _width(_LABEL), _width(message)
    width = left + right
    text = escape(f"{_LABEL}: {message}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{text}">'
        f"<title>{text}</title>"
        f'<clipPath id="r"><rect width="{width}" height="20" rx="4"/></clipPath><g clip-path="url(#r)">'
        f'<rect width="{left}" height="20" fill="#44474d"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{colour}"/></g>'
        f'<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">'
        f"{_text(_LABEL, left / 2, left)}{_text(message, left + right / 2, right)}</g></svg>\n"
    )


def _text(text: str, middle: float, width: int) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - 12}">{escape(text)}</text>'


def _width(text: str) -> int:
    return round(6.6 * len(text)) + 12
