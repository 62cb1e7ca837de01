"""Authentication: the token of the dashboard, sessions, and form tokens against cross-site requests.

Nothing is stored: a session is its expiry time, signed with a key derived from the token, so a new token ends all
sessions. Without a token there are no sessions, and the key is derived from a random seed.
"""

import hmac
from datetime import datetime, timedelta

SESSION = timedelta(days=7)
"""How long a session lasts."""


class Authenticator:
    """Checks tokens and sessions, in constant time.

    Args:
        token: Required to see the dashboard; None: it is open.
        seed: Random bytes, for the form tokens of an open dashboard.
    """

    def __init__(self, token: str | None, seed: bytes) -> None:
        self._token = None if token is None else token.encode()
        self._key = hmac.digest(self._token or seed, b"linkwatch dashboard", "sha256")

    @property
    def is_open(self) -> bool:
        """Whether no token is required."""
        return self._token is None

    def admits(self, offered: str) -> bool:
        """Whether the offered token is right."""
        # Digests are compared, so that the length of the token can't be measured.
        return self._token is not None and hmac.compare_digest(
            self._signed("token", offered), self._signed("token", self._token.decode())
        )

    def new_session(self, now: datetime) -> str:
        """A session that begins now."""
        end = str(int((now + SESSION).timestamp()))
        return f"{end}.{self._signed('session', end)}"

    def is_session(self, session: str, now: datetime) -> bool:
        """Whether the session is genuine and has not expired."""
        end, _, signature = session.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signed("session", end).encode()):
            return False
        return now.timestamp() < int(end)

    def form_token(self, session: str) -> str:
        """The token of the forms of a session; the session is empty when there is none."""
        return self._signed("form", session)

    def is_form_token(self, offered: str, session: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(offered.encode(errors="replace"), self.form_token(session).encode())

    def _signed(self, purpose: str, text: str) -> str:
        return hmac.digest(self._key, f"{purpose} {text}".encode("utf-8", "replace"), "sha256").hex()
