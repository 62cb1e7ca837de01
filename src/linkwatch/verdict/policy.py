"""How much evidence a verdict needs."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the verdict; each is a setting."""

    confirm_strikes: int = 3
    """Misses by one witness alone before what was alive is called unavailable; ≥ 1."""

    confirm_spacing: timedelta = timedelta(hours=6)
    """Misses closer together than this are one strike: an outage is not three."""

    brake_floor: int = 3
    """The brake never holds so few."""

    brake_share: float = 0.2
    """Share of what was available, 0–1, that may go missing in one run on the word of one witness alone."""
