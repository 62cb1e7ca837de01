"""How much evidence a verdict needs: numbers, some of them settings."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """How much evidence a verdict needs."""

    confirm_strikes: int = 3
    """Missed checks, reported by one endpoint alone, after which a resource that was available is unavailable; ≥ 1."""

    confirm_spacing: timedelta = timedelta(hours=6)
    """Missed checks closer together than this count as one: an outage is not three."""

    brake_floor: int = 3
    """The brake never stops a run that misses no more resources than this."""

    brake_share: float = 0.2
    """Share of what was available, 0–1, that one endpoint alone may report missing in one run."""
