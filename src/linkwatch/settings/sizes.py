"""Sizes as people write them: `500KB`, `16MB`, `2GB`."""

import re

SIZE_PATTERN = r"^\s*[0-9]{1,6}\s*(B|KB|MB|GB)\s*$"

_UNITS = {"GB": 10**9, "MB": 10**6, "KB": 10**3, "B": 1}


def parse_size(text: str) -> int:
    """Parse a size, in bytes.

    Raises:
        ValueError: It is none, or 0.
    """
    if not re.match(SIZE_PATTERN, text):
        raise ValueError
    number, unit = re.findall(r"[0-9]+|[A-Z]+", text)
    if not int(number):
        raise ValueError("at least 1B")
    return int(number) * _UNITS[unit]


def format_size(size: int) -> str:
    """Write a size in the largest unit that divides it."""
    name, unit = next((name, unit) for name, unit in _UNITS.items() if size % unit == 0)
    return f"{size // unit}{name}"
