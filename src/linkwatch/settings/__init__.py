"""linkwatch.toml and the environment → frozen Settings: flag, then environment, then file, then default.

model.py        everything that can be set: one field a setting, with its type, constraints, variable and description
value_types.py  the types of the fields: what a value must be, and how it is written
durations.py    lengths of time: `7d`, `12h`
sizes.py        sizes: `16MB`
schedule.py     the cadence, and the `[[schedule]]` tables
notify.py       the `[[notify]]` tables
keys.py         fields → keys of a table; what a file says → values, or an error with file and line
load.py         load_settings: the flags, the environment and the file put together
toml_lines.py   the line of a key in a file
schema.py       the JSON Schema of linkwatch.toml
reference.py    the table of all settings
"""

from linkwatch.models.rules import Level, Rule
from linkwatch.settings.load import ENVIRONMENT, load_settings
from linkwatch.settings.model import (
    DATA_API_URL,
    DEFAULT_FILE,
    DEFAULT_LIST,
    OEMBED_URL,
    RESTRICTIONS,
    Ignore,
    InspectMode,
    Settings,
    normalized_database_url,
)
from linkwatch.settings.notify import Notify
from linkwatch.settings.schedule import Auto, Cadence, Cron, Schedule

__all__ = [
    "DATA_API_URL",
    "DEFAULT_FILE",
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
    "load_settings",
    "normalized_database_url",
]
