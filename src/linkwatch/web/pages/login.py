"""The form that asks for the token."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from linkwatch.web.context import WebContext
from linkwatch.web.paths import own_path


def page(desk: WebContext, request: Request) -> Response:
    """The form; where nobody is asked there is nothing to fill in."""
    wanted = own_path(request.query_params.get("next", ""))
    if desk.keyring.is_open:
        return RedirectResponse(wanted, 303)
    return desk.page(request, "login.html", wanted=wanted, refused=False)
