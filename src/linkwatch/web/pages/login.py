"""The form that asks for the token."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkwatch.web.context import WebContext
from linkwatch.web.paths import local_path


def page(context: WebContext, request: Request) -> Response:
    """The form; where nobody is asked there is nothing to fill in."""
    wanted = local_path(request.query_params.get("next", ""))
    if context.authenticator.is_open:
        return RedirectResponse(wanted, 303)
    return context.page(request, "login.html", wanted=wanted, refused=False)
