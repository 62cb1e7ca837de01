"""The settings in force, with every secret left out."""

from starlette.requests import Request
from starlette.responses import Response

from linkwatch.store.database import redacted_url
from linkwatch.web.acceptances import listed_acks
from linkwatch.web.context import WebContext
from linkwatch.web.text import describe_target, displayed_settings, mask_url


def page(context: WebContext, request: Request) -> Response:
    """All of them."""
    settings = context.daemon.settings
    return context.page(
        request,
        "settings.html",
        origin=settings.origin,
        schedules=context.daemon.schedules(),
        shown=list(displayed_settings(settings, redacted_url(settings.database_url))),
        levels=[(rule, level, level is not rule.level) for rule, level in settings.levels.items()],
        targets=[(target.name, mask_url(target.url), describe_target(target)) for target in settings.notify],
        ignored=settings.ignore,
        acks_problem=listed_acks(settings.acks_file, context.clock()).problem,
    )
