"""The first page: how things stand, what is wrong now, the lists, the day's quota, and who could not be told."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.models.rules import ACCEPTED
from linkwatch.report.formats.html import figures_of
from linkwatch.report.merge import merge_reports
from linkwatch.report.model import Report
from linkwatch.report.summary import headline_parts, notes
from linkwatch.store.outbox import delivery_statuses
from linkwatch.store.quota import load_quota_day
from linkwatch.text import counted
from linkwatch.web.acceptances import listed_acks
from linkwatch.web.context import WebContext
from linkwatch.web.reports import findings_by_group

FINDINGS_SHOWN = 8
"""Findings on the first page."""


def page(context: WebContext, request: Request) -> Response:
    """All lists at a glance."""
    now, settings = context.clock(), context.daemon.settings
    watched = context.reports.of_all()
    whole = merge_reports([each.report for each in watched if each.report is not None], now)
    wrong = [each for each in findings_by_group(watched) if each.group is not ACCEPTED]
    with context.daemon.database.read() as connection:
        quota = load_quota_day(connection, now, settings.quota_per_day)
        unsent = delivery_statuses(connection)
    return context.page(
        request,
        "overview.html",
        watched=watched,
        headlines={each.name: headline(each.report) for each in watched if each.report is not None},
        whole=whole,
        headline=headline(whole) if watched else ("No list is watched yet", "notice", ""),
        notes=notes(whole),
        figures=list(figures_of(replace(whole, quota=None))),
        wrong=wrong[:FINDINGS_SHOWN],
        more=len(wrong) - FINDINGS_SHOWN,
        quota=quota,
        keyed=settings.api_key is not None,
        unsent=unsent,
        targets=settings.notify,
        heartbeat=context.daemon.heartbeat(),
        acks_problem=listed_acks(settings.acks_file, now).problem,
    )


def headline(report: Report) -> tuple[str, str, str]:
    """What is found, its tone, and the rest; a daemon makes the first check by itself."""
    if report.run is None:
        return f"{counted(report.counts.links, 'link')}, not checked yet", "notice", "The first check comes by itself."
    told, tone, rest = headline_parts(report)
    return told, tone, rest.removeprefix(":").strip()
