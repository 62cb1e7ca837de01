"""Authentication: the token of the dashboard, sessions, and form tokens against cross-site requests.

A session is its expiry time and a random number, signed with a key derived from the token, so a new token ends all
sessions. Of sessions only those are stored that were ended before their time. Without a token there are no sessions,
and the key is derived from a random seed.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, Signer

SHORTEST_TOKEN = 16
FEWEST_CHARACTERS = 8
"""Different ones, in a token that can be reached from other machines."""

SESSION = timedelta(days=7)
"""How long a session lasts."""


def is_weak(token: str) -> bool:
    """Whether a token could be guessed."""
    return len(token) < SHORTEST_TOKEN or len(set(token)) < FEWEST_CHARACTERS


def digest_of(session: str) -> str:
    """What is stored of a session that was ended: the session itself is a secret."""
    return sha256(session.encode("utf-8", "replace")).hexdigest()


class Authenticator:
    """Checks tokens and sessions, in constant time.

    Args:
        token: Required to see the dashboard; None: it is open.
        seed: Random bytes, for the form tokens of an open dashboard.
        is_over: Whether a session, by its digest and when it began, was ended before its time.
    """

    def __init__(
        self, token: str | None, seed: bytes, is_over: Callable[[str, datetime], bool] = lambda _digest, _begun: False
    ) -> None:
        self._is_over = is_over
        self._token = None if token is None else token.encode()
        key = self._token or seed
        # Each with a salt, so what is signed for one purpose serves no other.
        self._tokens, self._sessions, self._forms = (
            Signer(key, salt=f"linkwatch dashboard {purpose}", key_derivation="hmac", digest_method=sha256)
            for purpose in ("token", "session", "form")
        )

    @property
    def is_open(self) -> bool:
        """Whether no token is required."""
        return self._token is None

    def admits(self, offered: str) -> bool:
        """Whether the offered token is right."""
        # Signatures are compared, so that the length of the token can't be measured.
        return self._token is not None and self._tokens.verify_signature(
            offered.encode("utf-8", "replace"), self._tokens.get_signature(self._token)
        )

    def new_session(self, now: datetime) -> str:
        """A session that begins now."""
        return self._sessions.sign(f"{int((now + SESSION).timestamp())}.{secrets.token_hex(8)}").decode()

    def is_session(self, session: str, now: datetime) -> bool:
        """Whether the session is genuine and has not expired."""
        end = self.end_of(session)
        return end is not None and now < end and not self._is_over(digest_of(session), end - SESSION)

    def end_of(self, session: str) -> datetime | None:
        """When a session ends by itself; None when it is not genuine."""
        try:
            text = self._sessions.unsign(session.encode("utf-8", "replace"))
        except BadSignature:
            return None
        return datetime.fromtimestamp(int(text.partition(b".")[0]), UTC)

    def form_token(self, session: str) -> str:
        """The token of the forms of a session; the session is empty when there is none."""
        return self._forms.get_signature(session.encode("utf-8", "replace")).decode()

    def is_form_token(self, offered: str, session: str) -> bool:
        """Whether a form was made for this session."""
        return self._forms.verify_signature(session.encode("utf-8", "replace"), offered.encode("utf-8", "replace"))
