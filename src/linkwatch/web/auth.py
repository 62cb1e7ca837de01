"""The dashboard's token, the sessions of those who gave it, and the tokens that make forms ours.

Nothing is stored: a session is its own end, signed with a key that is made from the token, so another token ends all of
them. Without a token there are no sessions, and the key is a random seed.
"""

import hmac
from datetime import datetime, timedelta

SESSION = timedelta(days=7)
"""How long somebody stays logged in."""


class Authenticator:
    """Signs and compares, in constant time.

    Args:
        token: What opens the dashboard; None: it is open.
        seed: Random bytes, for the forms of a dashboard that is open.
    """

    def __init__(self, token: str | None, seed: bytes) -> None:
        self._token = None if token is None else token.encode()
        self._key = hmac.digest(self._token or seed, b"linkwatch dashboard", "sha256")

    @property
    def is_open(self) -> bool:
        """Whether nobody is asked for a token."""
        return self._token is None

    def admits(self, offered: str) -> bool:
        """Whether this is the token."""
        # Digests are compared: their length tells nothing of the token's.
        return self._token is not None and hmac.compare_digest(
            self._signed("token", offered), self._signed("token", self._token.decode())
        )

    def new_session(self, now: datetime) -> str:
        """A session that begins now."""
        end = str(int((now + SESSION).timestamp()))
        return f"{end}.{self._signed('session', end)}"

    def is_session(self, session: str, now: datetime) -> bool:
        """Whether it is one of ours, and has not ended."""
        end, _, signature = session.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signed("session", end).encode()):
            return False
        return now.timestamp() < int(end)

    def form_token(self, session: str) -> str:
        """What a form carries that was made for this session; empty: there is none."""
        return self._signed("form", session)

    def is_form_token(self, offered: str, session: str) -> bool:
        """Whether a form that comes back was made for this session."""
        return hmac.compare_digest(offered.encode(errors="replace"), self.form_token(session).encode())

    def _signed(self, purpose: str, text: str) -> str:
        return hmac.digest(self._key, f"{purpose} {text}".encode("utf-8", "replace"), "sha256").hex()
