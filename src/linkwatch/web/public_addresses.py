"""Where the public pages are: their paths are the only ones that show a list without logging in.

A wrong address, a list that is not public and a page that is not give the same plain 404.
"""

import re
import time
from collections.abc import Callable, Sequence
from hmac import compare_digest
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from linkwatch.daemon.api import DaemonApi, ScheduleState
from linkwatch.errors import StoreError
from linkwatch.services.public import public_paths, public_secrets
from linkwatch.settings import Schedule
from linkwatch.settings.schedule import PublicAddress, PublicPage

REFRESH_SECONDS = 5.0
"""How old the knowledge of the secrets may be: `linkwatch public --renew` runs in another process."""

_PATH = re.compile(r"/public/.+/(?:status|badge\.svg|badge\.json|feed\.atom)", re.DOTALL)


def is_public(method: str, path: str) -> bool:
    """Whether a request is for a public page, be there one or not.

    Args:
        method: Of the request.
        path: Decoded, as requests are routed by it.
    """
    return method in {"GET", "HEAD"} and _PATH.fullmatch(path) is not None


def plain_error(status: int) -> Response:
    """An error that tells nothing of what there is."""
    return PlainTextResponse(f"{HTTPStatus(status).phrase}\n", status)


class PublicAddresses:
    """The addresses of the public pages.

    Args:
        daemon: With the schedules and the database.
        monotonic: A monotonic clock, in seconds.
    """

    def __init__(self, daemon: DaemonApi, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._daemon, self._monotonic = daemon, monotonic
        self._secrets: dict[str, str] | None = None
        self._loaded_at = 0.0

    def find(self, address: str, page: PublicPage) -> ScheduleState:
        """The schedule that has a public page at an address.

        Raises:
            HTTPException: There is none, for whatever reason.
            StoreError: The database can't be read, and never could.
        """
        states = self._daemon.schedules()
        state = self._by_secret(address, states) or _by_name(address, states)
        if state is None or page not in state.schedule.public:
            raise HTTPException(404)
        return state

    def paths(self, schedule: Schedule) -> dict[str, str]:
        """The paths of the public pages of a schedule, by their last parts.

        Raises:
            StoreError: The database can't be read, and never could.
        """
        if not schedule.public:
            return {}
        known = self._known([state.schedule for state in self._daemon.schedules()])
        return {path.rpartition("/")[2]: path for _, path in public_paths(schedule, known)}

    def forget(self) -> None:
        """Read the database before the next answer: a secret is a new one."""
        self._secrets = None

    def _by_secret(self, address: str, states: Sequence[ScheduleState]) -> ScheduleState | None:
        offered, known = address.encode("utf-8", "replace"), self._known([state.schedule for state in states])
        # All are compared, and each in constant time.
        matching = {key for key, secret in known.items() if compare_digest(secret.encode(), offered)}
        return next((state for state in states if state.schedule.key in matching), None)

    def _known(self, schedules: Sequence[Schedule]) -> dict[str, str]:
        """The secrets of the schedules that are public at a secret address, by their keys."""
        secret = {each.key for each in schedules if each.public and each.public_address is PublicAddress.SECRET}
        if not secret:
            return {}
        known = self._secrets
        if known is None or not secret <= known.keys() or self._monotonic() - self._loaded_at >= REFRESH_SECONDS:
            self._loaded_at = self._monotonic()
            try:
                known = self._secrets = public_secrets(self._daemon.database, schedules)
            except StoreError:
                if known is None:
                    raise
        return {key: value for key, value in known.items() if key in secret}


def _by_name(address: str, states: Sequence[ScheduleState]) -> ScheduleState | None:
    """The schedule of a name, or of a key, that is public at a plain address."""
    named = next((state for state in states if state.schedule.name == address), None)
    state = named or next((state for state in states if state.schedule.key == address), None)
    is_plain = state is not None and state.schedule.public_address is PublicAddress.PLAIN
    return state if is_plain else None
