"""Lengths of time as people write them: `90s`, `30m`, `12h`, `7d`, `2w`."""

import re
from datetime import timedelta

DURATION_PATTERN = r"^\s*[0-9]{1,6}\s*[smhdw]\s*$"

LONGEST = timedelta(days=36_500)
"""A hundred years: a date that lies further back than that could fall before the year 1."""

_UNITS = {
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


def parse_duration(text: str) -> timedelta:
    """Parse a length of time.

    Raises:
        ValueError: It is none, or longer than `LONGEST`; with the reason in the second case.
    """
    if not re.match(DURATION_PATTERN, text):
        raise ValueError
    text = text.strip()
    number, unit = int(text[:-1]), _UNITS[text[-1]]
    if number > LONGEST // unit:
        raise ValueError(f"at most {LONGEST.days}d")
    return number * unit


def format_duration(length: timedelta) -> str:
    """Write a length of time of whole seconds, in the largest unit up to days that divides it."""
    name, unit = next((name, unit) for name, unit in _UNITS.items() if name != "w" and length % unit == timedelta())
    return f"{length // unit}{name}"
