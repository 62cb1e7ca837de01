"""What every request handler gets: daemon, reports, authenticator, clock; and the rendering of pages."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from urllib.parse import parse_qsl, quote, unquote

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from linkwatch.daemon.api import DaemonApi
from linkwatch.daemon.list_watcher import describe_missing
from linkwatch.errors import StoreError
from linkwatch.models.resource import Resource
from linkwatch.report.charts import days_strip, states_strip
from linkwatch.report.formats.html import about_of, state_mark, templates_of_reports
from linkwatch.report.model import Report
from linkwatch.report.resource.text import member_title, restrictions_in_words
from linkwatch.report.status import ListStatus, day_in_words
from linkwatch.report.summary import acceptance
from linkwatch.services.dashboard import last_run_id, pictured_videos
from linkwatch.text import fit_for_html, place, visible
from linkwatch.version import __version__
from linkwatch.web import paths
from linkwatch.web.attempts import Attempts
from linkwatch.web.auth import Authenticator
from linkwatch.web.middleware import POLICY, SESSION_COOKIE
from linkwatch.web.public_addresses import PublicAddresses
from linkwatch.web.reports import ReportCache, ScheduleFinding
from linkwatch.web.sessions import Sessions
from linkwatch.web.text import describe_cadence, format_due, format_duration

FLASH_COOKIE = "linkwatch_said"
"""Holds a message for the next page."""

_ERROR = "!"
"""Begins a message that is an error."""

_TIME = re.compile(r"\b(\d{4}-\d\d-\d\d \d\d:\d\d) UTC\b", re.ASCII)

_POLICY_WITH_THUMBNAILS = POLICY.replace("img-src 'self'", f"img-src 'self' {paths.THUMBNAIL_HOST}")

Handler = Callable[["WebContext", Request], Response]


@dataclass(frozen=True, slots=True)
class WebContext:
    """Passed to every request handler."""

    daemon: DaemonApi
    authenticator: Authenticator
    clock: Callable[[], datetime]
    sessions: Sessions
    attempts: Attempts
    reports: ReportCache = field(init=False)
    public: PublicAddresses = field(init=False)
    statuses: dict[str, tuple[Report | None, ListStatus]] = field(init=False, default_factory=dict)
    """Of public schedules, by their names, each with the report that it was made from."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reports", ReportCache(self.daemon, self.clock))
        object.__setattr__(self, "public", PublicAddresses(self.daemon))

    @property
    def prefix(self) -> str:
        """The path that the dashboard has behind a proxy; empty at the root."""
        return paths.prefix_of(self.daemon.settings.base_url)

    def address_of(self, request: Request) -> str:
        """Where a page is found from outside."""
        base_url = self.daemon.settings.base_url
        return f"{base_url}{request.url.path.removeprefix('/')}" if base_url else str(request.url)

    def html(self, text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        """A page; its links lead below the prefix."""
        return HTMLResponse(paths.add_prefix(text, self.prefix), status, headers)

    def page(self, request: Request, template: str, status: int = 200, **values: object) -> Response:
        """Render a page.

        Args:
            request: The request.
            template: Its name in `templates/`.
            status: HTTP status.
            values: For the template, beside those of every page.
        """
        flash_message = unquote(request.cookies.get(FLASH_COOKIE, ""))
        session = request.cookies.get(SESSION_COOKIE, "")
        text = (
            templates()
            .get_template(template)
            .render(
                now=self.clock(),
                here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
                path=request.url.path,
                flash_message=flash_message.removeprefix(_ERROR),
                flash_is_error=flash_message.startswith(_ERROR),
                form_token=self.authenticator.form_token(session),
                logged_in=not self.authenticator.is_open,
                progress=self.daemon.progress(),
                last_run=self._last_run(),
                settings_problem=self.daemon.settings_problem,
                version=__version__,
                thumbnails=self.daemon.settings.thumbnails,
                **values,
            )
        )
        headers = {"content-security-policy": _POLICY_WITH_THUMBNAILS} if self.daemon.settings.thumbnails else {}
        response = self.html(text, status, headers)
        if flash_message:
            response.delete_cookie(FLASH_COOKIE)
        return response

    def pictured_videos(self, resources: Iterable[Resource]) -> dict[Resource, str]:
        """The ids of the videos whose pictures show these; none unless the settings want pictures."""
        return pictured_videos(self.daemon.database, resources) if self.daemon.settings.thumbnails else {}

    def _last_run(self) -> int | None:
        try:
            return last_run_id(self.daemon.database, self.clock())
        except StoreError:
            return None  # the page that says so is made here, too


def flash(response: Response, text: str, *, is_error: bool = False) -> Response:
    """Show a message on the next page."""
    mark = _ERROR if is_error else ""
    response.set_cookie(FLASH_COOKIE, quote(mark + visible(text)[:1_000]), max_age=60, httponly=True, samesite="strict")
    return response


@cache
def templates() -> Environment:
    """The environment of the HTML reports, with its escaping, and the dashboard's own templates and filters."""
    report_templates = templates_of_reports()
    loaders = [PackageLoader("linkwatch.web"), PackageLoader("linkwatch.report.resource"), report_templates.loader]
    own = report_templates.overlay(loader=ChoiceLoader([loader for loader in loaders if loader is not None]))
    own.filters = own.filters | {
        "about": about_of,
        "acceptance": acceptance,
        "due": format_due,
        "cadence": describe_cadence,
        "day": _day,
        "days_strip": days_strip,
        "duration": format_duration,
        "markdown_line": _markdown_line,
        "message": _linked_message,
        "missing": describe_missing,
        "moment": _moment,
        "ago": _ago,
        "place": place,
        "query_of": _query_of,
        "restricted": restrictions_in_words,
        "state": state_mark,
        "time": _time,
        "with_times": _with_times,
        "states_strip": states_strip,
        "text_of_field": _text_of_field,
        "member_title": member_title,
        "whole": _whole,
    }
    own.globals = own.globals | {function.__name__: _as_attribute(function) for function in paths.TEMPLATE_FUNCTIONS}
    return own


def style_sheet() -> str:
    """The styles of the report and of the history of a resource, and the dashboard's own."""
    return templates().get_template("dashboard.css").render()


def _ago(time: datetime) -> Markup:
    """A time that the script replaces by how long ago it was; without a script, UTC."""
    return Markup('<time class="ago" datetime="{:%Y-%m-%dT%H:%M:%SZ}">{:%Y-%m-%d %H:%M} UTC</time>').format(time, time)


def _moment(time: datetime) -> Markup:
    """A time that the script replaces by how long ago it was, with the local time, and UTC beside it."""
    return Markup('<time class="moment" datetime="{:%Y-%m-%dT%H:%M:%SZ}">{:%Y-%m-%d %H:%M} UTC</time>').format(
        time, time
    )


def _time(time: datetime) -> Markup:
    """A time to which the script adds the local time."""
    return Markup('<time class="local" datetime="{:%Y-%m-%dT%H:%M:%SZ}">{:%Y-%m-%d %H:%M} UTC</time>').format(
        time, time
    )


def _with_times(text: str) -> Markup:
    """A text of ours in which the times are such times."""
    return Markup(_TIME.sub(_replaced_time, _shown(text)))  # noqa: S704 - escaped


def _replaced_time(match: re.Match[str]) -> str:
    try:
        return _time(datetime.fromisoformat(f"{match[1]}Z"))
    except ValueError:  # it only looks like a time
        return match[0]


def _day(time: datetime, now: datetime) -> Markup:
    """A day in words, with the time for the script."""
    return Markup('<time datetime="{:%Y-%m-%dT%H:%M:%SZ}">{}</time>').format(time, day_in_words(time, now))


def _linked_message(entry: ScheduleFinding, address: str | None) -> Markup:
    """The message of a finding; its title leads to the page of the resource."""
    message = _shown(entry.finding.message)
    if address is None:
        return message
    title = _shown(f"“{entry.name}”")
    link = Markup('<a href="{}">{}</a>').format(address, title)
    if title in message:
        return message.replace(title, link, 1)
    return Markup("{}: {}").format(link, message)


def _shown(text: str) -> Markup:
    """A text as every template shows it: shortened, made visible, escaped."""
    return escape(templates_of_reports().finalize(text))  # type: ignore[misc]  # it is set


def _markdown_line(resource: Resource, title: str) -> str:
    """The line of a list in Markdown."""
    label = re.sub(r"([\\\[\]])", r"\\\1", visible(title))
    return f"- [{label}]({resource.url})"


def _query_of(address: str) -> list[tuple[str, str]]:
    """Names and values of the query of an address."""
    return parse_qsl(address.partition("?")[2])


def _whole(value: object) -> Markup:
    """Escape a form value without shortening it, as displayed texts are."""
    return escape(fit_for_html(str(value)))


def _text_of_field(text: str) -> Markup:
    """The whole content of a `<textarea>`, whose first line end browsers leave out."""
    return Markup("\n") + Markup("\n").join(map(_whole, text.replace("\r\n", "\n").split("\n")))


def _as_attribute(function: Callable[..., str]) -> Callable[..., Markup]:
    return lambda *parts, **named: escape(function(*parts, **named))
