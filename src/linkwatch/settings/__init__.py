"""linkwatch.toml and the environment → frozen Settings: flag, then environment, then file, then default.

values.py     everything that can be set
rules.py      the rules and their levels
reading.py    the door: load_settings
checking.py   a value as it is written → the value, or what is wrong with it
ignoring.py   the `[[ignore]]` tables
notifying.py  the `[[notify]]` tables
scheduling.py the cadence, and the `[[schedule]]` tables
places.py     where a key stands
"""

from linkwatch.models.rules import DEFAULT_LEVELS, Level, Rule
from linkwatch.settings.load import ENVIRONMENT, database_url, load_settings
from linkwatch.settings.model import (
    DATA_API_URL,
    DEFAULT_FILE,
    DEFAULT_LIST,
    OEMBED_URL,
    RESTRICTIONS,
    Auto,
    Cadence,
    Cron,
    Ignore,
    InspectMode,
    Notify,
    Schedule,
    Settings,
)

__all__ = [
    "DATA_API_URL",
    "DEFAULT_FILE",
    "DEFAULT_LEVELS",
    "DEFAULT_LIST",
    "ENVIRONMENT",
    "OEMBED_URL",
    "RESTRICTIONS",
    "Auto",
    "Cadence",
    "Cron",
    "Ignore",
    "InspectMode",
    "Level",
    "Notify",
    "Rule",
    "Schedule",
    "Settings",
    "database_url",
    "load_settings",
]
