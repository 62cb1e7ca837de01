"""The settings in force, with every secret left out."""

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.store.database import redacted_url
from linkwatch.web.acceptances import listed_acks
from linkwatch.web.context import WebContext
from linkwatch.web.text import masked, settings_shown, told_what


def page(desk: WebContext, request: Request) -> Response:
    """All of them."""
    settings = desk.watching.settings
    return desk.page(
        request,
        "settings.html",
        origin=settings.origin,
        watches=desk.watching.watches(),
        shown=list(settings_shown(settings, redacted_url(settings.database_url))),
        levels=[(rule, level, level is not rule.level) for rule, level in settings.levels.items()],
        targets=[(target.name, masked(target.url), told_what(target)) for target in settings.notify],
        ignored=settings.ignore,
        acks_problem=listed_acks(settings.acks_file, desk.clock()).problem,
    )
