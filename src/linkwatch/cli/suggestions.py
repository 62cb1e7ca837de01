"""What somebody may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def closest(word: str, words: Iterable[str]) -> str | None:
    """A question that names the nearest of the words: `Did you mean “check”?`; None when none is near."""
    near = get_close_matches(word, list(words), n=1)
    return f"Did you mean “{near[0]}”?" if near else None
