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
    """What a rule examines."""

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
    "Broken", "broken", "replace or remove the broken links; run “linkwatch show ID” for the full history of one"
)
MISSING = Group("Missing, not confirmed", "missing", "wait: the next checks confirm what is missing, or find it again")
CHANGED = Group("Changed", "changed", "check that what changed still belongs in your list")
IN_THE_LIST = Group("In the list", "to correct in the list", "correct the lines that are named")
ACCEPTED = Group(
    "Acknowledged", "acknowledged", "nothing: every finding is acknowledged; “linkwatch ack --list” shows why"
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
    """What a finding says, in a few words."""

    description: str
    """When it fires: what may follow “fires when”."""

    example: str
    """A message of a finding."""

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

    remedy_for_file: str = ""
    """What a person at a terminal reads once for a file with several such links, after their number, in place of each
    finding; `FILE` stands for its name. Empty: every finding has lines of its own."""

    identity: tuple[str, ...] = ()
    """Keys of the evidence that distinguish two findings about one resource."""

    def __str__(self) -> str:
        return self.name

    def __format__(self, spec: str) -> str:
        return format(self.name, spec)


PLUGIN_RULE_NAME = r"[a-z][a-z0-9]*(-[a-z0-9]+)+"
"""What the name of a plug-in's rule looks like; the hyphen keeps a misspelt `dead` from being taken for one."""

_RULES: dict[str, Rule] = {}

RULES: Mapping[str, Rule] = _RULES
"""Every rule by its name, in the order in which rules are listed; those of enabled plug-ins come last."""


def register(rule: Rule) -> Rule:
    """Add a rule.

    Raises:
        ValueError: There is one of this name.
    """
    if rule.name in _RULES:
        raise ValueError(f"there is a rule {rule.name!r} already")
    _RULES[rule.name] = rule
    return rule


def named_rule(name: str) -> Rule:
    """The rule of this name; for one of a plug-in that this process has not loaded, a rule that examines links."""
    return RULES.get(name) or unloaded_rule(name, "a plug-in")


def unloaded_rule(name: str, plugin: str) -> Rule:
    """What stands for a rule of a plug-in that is not loaded, or can't be.

    Args:
        name: Of the rule.
        plugin: Whose rule it is.
    """
    return Rule(
        name,
        Level.NOTICE,
        IN_THE_LIST,
        Subject.LINK,
        title=f"A rule of {plugin} that is not loaded",
        description=f"{plugin} can be loaded again",
        example="none",
        remedy=f"Update {plugin}, or remove it from “plugins” in the settings.",
        needs_check=False,
    )


def rule_name_schemas() -> list[dict[str, object]]:
    """The JSON Schemas of which the name of a rule fits one: the rules of linkwatch, and those of plug-ins."""
    return [{"enum": list(RULES)}, {"pattern": f"^{PLUGIN_RULE_NAME}$", "description": "A rule of a plug-in."}]


def default_levels() -> dict[Rule, Level]:
    """The level of each rule, unless the settings say otherwise."""
    return {rule: rule.level for rule in RULES.values()}


DEAD = register(
    Rule(
        "dead",
        Level.ERROR,
        BROKEN,
        Subject.RESOURCE,
        title="No longer available",
        description="it is unavailable, and that is confirmed",
        example="playlist “Statistics” is no longer available (last seen 2026-11-24)",
        remedy="Replace or remove the link; an archived copy may show what it was.",
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
        title="Not a valid YouTube link",
        description="a YouTube link has no valid id (`watch?v=short`, an empty `list=`)",
        example="https://www.youtube.com/watch?v=short is malformed: `short` has 5 characters; a video id has 11",
        remedy="Copy the link from YouTube again.",
        needs_check=False,
    )
)
EMPTIED = register(
    Rule(
        "emptied",
        Level.ERROR,
        BROKEN,
        Subject.RESOURCE,
        title="No videos left",
        description="a playlist has no videos left, or all that it has are private or deleted",
        example="playlist “Statistics” has no videos left",
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
        title="Missing, not confirmed",
        description="it is missing, which is not confirmed yet",
        example="video “Optimization” is missing from the Data API's answers (missed check 1 of 3)",
        remedy="Wait: the next checks confirm it, or find it again.",
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
        title="Listed more than once",
        description="a list has several links to the same resource, under whatever URLs",
        example="the same playlist is listed 2 times: resources.csv:14:1, resources.csv:18:1",
        remedy="Keep one of the links; another may have been meant for something else.",
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
        title="Label doesn't match the title",
        description="its label shares no word with the title, or only words that many links of the list have; "
        "or it has another number",
        example="label “Linear Algebra” doesn't match the title “Calculus 3”",
        remedy="Open the link, then correct the label or the link.",
        shows_url=True,
    )
)
OWNER_CHANGED = register(
    Rule(
        "owner-changed",
        Level.WARNING,
        CHANGED,
        Subject.LINK,
        title="Another owner",
        description="its channel is another one than before, or than the list says",
        example="owner changed: sentdex → freeCodeCamp.org (playlist “Machine Learning”)",
        remedy="Check that it still belongs in the list, then correct the owner or the link.",
        is_change=True,
    )
)
RESTRICTED = register(
    Rule(
        "restricted",
        Level.WARNING,
        CHANGED,
        Subject.RESOURCE,
        title="Not everyone can watch it",
        description="it is age-restricted, blocked in some countries, not embeddable, live, or not started yet; "
        "for a playlist, some of its videos are",
        example="video “Optimization” is age-restricted (sign-in required)",
        remedy="Link to another upload, or tell the readers of the list.",
        is_change=True,
    )
)
HOLLOW = register(
    Rule(
        "hollow",
        Level.WARNING,
        CHANGED,
        Subject.RESOURCE,
        title="Many videos are private or deleted",
        description="a tenth or more of a playlist's videos (`hollow_percent`) are private or deleted, "
        "but still listed in it",
        example="12 of 64 videos of playlist “Calculus 1” are private or deleted",
        remedy="Link to another playlist, or tell its owner.",
        is_change=True,
    )
)
SHRUNK = register(
    Rule(
        "shrunk",
        Level.WARNING,
        CHANGED,
        Subject.RESOURCE,
        title="Videos have left the playlist",
        description="a playlist lost videos; the message says which, and whether its owner removed them "
        "or they are private or deleted",
        example="playlist “Calculus 1” lost 2 videos: 31 → 29; removed by the playlist owner: “Limits”, “Series”",
        remedy="Check that the playlist still belongs in the list.",
        is_change=True,
    )
)
STALE = register(
    Rule(
        "stale",
        Level.WARNING,
        IN_THE_LIST,
        Subject.RESOURCE,
        title="Not checked for long",
        description="no check got an answer for longer than `stale_after`",
        example="no check got an answer for playlist “Calculus 1” since 2026-10-02",
        remedy="Run “linkwatch doctor” to see why the checks get no answer.",
    )
)
UNMONITORABLE = register(
    Rule(
        "unmonitorable",
        Level.WARNING,
        IN_THE_LIST,
        Subject.RESOURCE,
        title="Can't be monitored",
        description="nothing can be asked about it: Watch Later, mixes, `/c/` names that nobody has",
        example="WL can't be monitored: Watch Later is different for every viewer",
        remedy="Link to what is the same for every viewer: a playlist, a video, or a channel by its handle or id.",
        needs_check=False,
    )
)
MISPLACED = register(
    Rule(
        "misplaced",
        Level.WARNING,
        IN_THE_LIST,
        Subject.LINK,
        title="Video not in the playlist",
        description="it is listed with a playlist (`watch?v=…&list=…`) that it is not in, or no longer in",
        example="video “Limits” is no longer in playlist “Calculus 1” (it was number 4 until 2026-11-20)",
        remedy="Remove the playlist from the URL, or link to another video.",
    )
)
RETITLED = register(
    Rule(
        "retitled",
        Level.NOTICE,
        CHANGED,
        Subject.RESOURCE,
        title="New title",
        description="its title changed",
        example="playlist title changed: “Calculus I” → “Calculus 1”",
        remedy="Check that the label still matches.",
        is_change=True,
    )
)
GROWN = register(
    Rule(
        "grown",
        Level.NOTICE,
        CHANGED,
        Subject.RESOURCE,
        title="New videos",
        description="a playlist has new videos",
        example="playlist “Calculus 1” gained 2 videos: 29 → 31",
        remedy="Nothing.",
        is_change=True,
    )
)
OVERLAP = register(
    Rule(
        "overlap",
        Level.NOTICE,
        IN_THE_LIST,
        Subject.LISTS,
        title="Playlists overlap",
        description="playlists share most of their videos",
        example="playlist “Calculus” shares 29 of its 31 videos with “Calculus 1”",
        remedy="Keep the better one; the message says which that is.",
        identity=("other",),
    )
)
UNCANONICAL = register(
    Rule(
        "uncanonical",
        Level.NOTICE,
        IN_THE_LIST,
        Subject.LINK,
        title="Better URL",
        description="its URL works, but has more than it needs, or is an old form",
        example="better URL: https://www.youtube.com/watch?v=haHLRD0QZ08",
        remedy="Use the URL in the message, or run “linkwatch fix”.",
        remedy_for_file="could be written better: run “linkwatch fix FILE”",
        needs_check=False,
    )
)
