"""The registry of rules: all that is said of a rule, one row each, in the order in which rules are listed.

A new rule is a row here (or `register`ed by whoever adds it) and a function that `report/rules/registry.py` is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding weighs; `off` hides it."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    OFF = "off"


class Subject(StrEnum):
    """What a rule looks at."""

    RESOURCE = "resource"
    """A resource by itself: whatever list it is in, the finding is the same."""

    LINK = "link"
    """Each link by itself: a resource that is listed twice may have two findings."""

    LISTS = "lists"
    """How links relate to each other: a link in another list may make or end a finding."""


@dataclass(frozen=True, slots=True)
class Group:
    """Findings that ask for the same of their reader."""

    title: str
    short: str
    """After a number: `3 broken`."""

    hint: str
    """What to do about them."""


BROKEN = Group(
    "Broken", "broken", "replace or remove the broken links; “linkwatch show ID” tells all that is known of one"
)
MISSING = Group(
    "Missing, not confirmed",
    "missing",
    "nothing yet for what is missing: the next checks confirm it or bring it back",
)
CHANGED = Group("Changed", "changed", "look whether what changed is still what your list wants")
IN_THE_LIST = Group("In the list", "to correct in the list", "correct the entries at the lines that are named")
ACCEPTED = Group(
    "Known and accepted",
    "known and accepted",
    "nothing: all that was found is accepted; “linkwatch ack --list” shows it all",
)
"""What is acknowledged, whatever its rule."""

GROUPS = (BROKEN, MISSING, CHANGED, IN_THE_LIST, ACCEPTED)
"""In the order in which they are shown: what is broken comes first, whatever its level."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule; there is one value of each, in `RULES`."""

    name: str
    """As it is written in settings, in JSON and in the database."""

    level: Level
    """Unless the settings say otherwise."""

    group: Group
    subject: Subject
    title: str
    """A few words."""

    description: str
    """When it fires, in a sentence."""

    remedy: str
    """What to do about a finding."""

    needs_check: bool = True
    """False: the lists alone show it."""

    is_absence: bool = False
    """The resource is missing: it is over when the resource is available again."""

    is_change: bool = False
    """Something about the resource is no longer as it was."""

    shows_url: bool = False
    """The listed URL stands beside a finding: a reader will want to open it."""

    names_places: bool = False
    """The message of a finding names all of its links."""

    identity: tuple[str, ...] = ()
    """Keys of the evidence that tell two findings about one resource apart."""

    def __str__(self) -> str:
        return self.name

    def __format__(self, spec: str) -> str:
        return format(self.name, spec)


_RULES: dict[str, Rule] = {}

RULES: Mapping[str, Rule] = _RULES
"""Every rule by its name, in the order in which rules are listed."""


def register(rule: Rule) -> Rule:
    """Add a rule.

    Raises:
        ValueError: There is one of this name.
    """
    if rule.name in _RULES:
        raise ValueError(f"there is a rule {rule.name!r} already")
    _RULES[rule.name] = rule
    return rule


def default_levels() -> dict[Rule, Level]:
    """The level of each rule, unless the settings say otherwise."""
    return {rule: rule.level for rule in RULES.values()}


DEAD = register(
    Rule(
        "dead",
        Level.ERROR,
        BROKEN,
        Subject.RESOURCE,
        title="The link is dead",
        description="It is gone or private, confirmed by two witnesses or by several checks.",
        remedy="Replace or remove the link. An archived copy may tell what it was.",
        is_absence=True,
        shows_url=True,
    )
)
MALFORMED = register(
    Rule(
        "malformed",
        Level.ERROR,
        BROKEN,
        Subject.LINK,
        title="The link can't name anything",
        description="It leads to YouTube, but its address holds no complete id.",
        remedy="Copy the link again from YouTube.",
        needs_check=False,
    )
)
EMPTIED = register(
    Rule(
        "emptied",
        Level.ERROR,
        BROKEN,
        Subject.RESOURCE,
        title="The playlist is empty",
        description="The playlist is there, but it has no videos left.",
        remedy="Replace or remove the link.",
        is_change=True,
        shows_url=True,
    )
)
SUSPECT = register(
    Rule(
        "suspect",
        Level.WARNING,
        MISSING,
        Subject.RESOURCE,
        title="It is missing, not confirmed",
        description="A witness misses it, which is not enough to call it dead.",
        remedy="Nothing yet: the next checks confirm it or bring it back.",
        is_absence=True,
        shows_url=True,
    )
)
DUPLICATE = register(
    Rule(
        "duplicate",
        Level.WARNING,
        IN_THE_LIST,
        Subject.LISTS,
        title="The same thing is listed more than once",
        description="Several entries name one resource, under whatever addresses.",
        remedy="Keep one of the entries, and look whether another one was meant to name something else.",
        needs_check=False,
        names_places=True,
    )
)
MISLABELLED = register(
    Rule(
        "mislabelled",
        Level.WARNING,
        IN_THE_LIST,
        Subject.LINK,
        title="The label doesn't fit the title",
        description="What the list calls it and what YouTube calls it have no words in common, or other numbers.",
        remedy="Look what is behind the link, then correct the label or the link.",
        shows_url=True,
    )
)
OWNER_CHANGED = register(
    Rule(
        "owner-changed",
        Level.WARNING,
        CHANGED,
        Subject.LINK,
        title="It comes from another channel",
        description="The channel behind it is another one than before, or than the list says.",
        remedy="Look whether it is still what the list wants, then correct the owner or the link.",
        is_change=True,
    )
)
RESTRICTED = register(
    Rule(
        "restricted",
        Level.WARNING,
        CHANGED,
        Subject.RESOURCE,
        title="Not everybody can watch it",
        description="It asks for one's age, is blocked in some countries, or can't be embedded.",
        remedy="Look for another upload, or tell the readers of the list.",
        is_change=True,
    )
)
HOLLOW = register(
    Rule(
        "hollow",
        Level.WARNING,
        CHANGED,
        Subject.RESOURCE,
        title="Many videos of the playlist are gone",
        description="A share of the playlist's videos is private or gone, though they are still listed in it.",
        remedy="Look for another playlist, or tell its owner.",
        is_change=True,
    )
)
SHRUNK = register(
    Rule(
        "shrunk",
        Level.WARNING,
        CHANGED,
        Subject.RESOURCE,
        title="Videos went from the playlist",
        description="The playlist has fewer videos than before.",
        remedy="Look whether it is still what the list wants.",
        is_change=True,
    )
)
STALE = register(
    Rule(
        "stale",
        Level.WARNING,
        IN_THE_LIST,
        Subject.RESOURCE,
        title="No check got an answer for long",
        description="What is known of it is older than the settings allow.",
        remedy="Look why the checks get no answers: “linkwatch doctor” tells.",
    )
)
UNMONITORABLE = register(
    Rule(
        "unmonitorable",
        Level.WARNING,
        IN_THE_LIST,
        Subject.RESOURCE,
        title="Nothing can be asked about it",
        description="It is another one for every viewer, or has an address that can't be looked up.",
        remedy="List something that everybody sees alike: a playlist, a video, or a channel by its handle or id.",
        needs_check=False,
    )
)
MISPLACED = register(
    Rule(
        "misplaced",
        Level.WARNING,
        IN_THE_LIST,
        Subject.LINK,
        title="The video is not in the playlist",
        description="The entry names a video within a playlist that doesn't hold it.",
        remedy="Take the playlist out of the address, or list another video.",
    )
)
RETITLED = register(
    Rule(
        "retitled",
        Level.NOTICE,
        CHANGED,
        Subject.RESOURCE,
        title="It has a new title",
        description="Its owner gave it another title.",
        remedy="Look whether the label still fits.",
        is_change=True,
    )
)
GROWN = register(
    Rule(
        "grown",
        Level.NOTICE,
        CHANGED,
        Subject.RESOURCE,
        title="The playlist has more videos",
        description="Videos came to the playlist.",
        remedy="Nothing: it is only told.",
        is_change=True,
    )
)
OVERLAP = register(
    Rule(
        "overlap",
        Level.NOTICE,
        IN_THE_LIST,
        Subject.LISTS,
        title="Two playlists share most of their videos",
        description="The list names two playlists that are nearly the same.",
        remedy="Keep the better one: the message says which.",
        identity=("other",),
    )
)
UNCANONICAL = register(
    Rule(
        "uncanonical",
        Level.NOTICE,
        IN_THE_LIST,
        Subject.LINK,
        title="A better address exists",
        description="The link works, but it holds more than it needs, or is an old form.",
        remedy="Write the address as the message says.",
        needs_check=False,
    )
)
