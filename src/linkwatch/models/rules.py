"""Rules."""

from collections.abc import Mapping
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs; `off` hides it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    OFF = "off"


class Rule(StrEnum):
    """Every rule a finding can come from, in the order of the contract."""

    DEAD = "dead"
    MALFORMED = "malformed"
    EMPTIED = "emptied"
    SUSPECT = "suspect"
    DUPLICATE = "duplicate"
    MISLABELLED = "mislabelled"
    OWNER_CHANGED = "owner-changed"
    RESTRICTED = "restricted"
    HOLLOW = "hollow"
    SHRUNK = "shrunk"
    STALE = "stale"
    UNMONITORABLE = "unmonitorable"
    MISPLACED = "misplaced"
    RETITLED = "retitled"
    GROWN = "grown"
    OVERLAP = "overlap"
    UNCANONICAL = "uncanonical"


_NOTICES = {Rule.RETITLED, Rule.GROWN, Rule.OVERLAP, Rule.UNCANONICAL}


_ERRORS = {Rule.DEAD, Rule.MALFORMED, Rule.EMPTIED}


DEFAULT_LEVELS: Mapping[Rule, Level] = {
    rule: Level.ERROR if rule in _ERRORS else Level.NOTICE if rule in _NOTICES else Level.WARNING for rule in Rule
}
