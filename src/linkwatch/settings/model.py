"""Everything that can be set: a field of `Settings` is a key of `linkwatch.toml`.

Its annotation has all there is to know of it: the type, the constraints, the environment variable, the description.
From these derive the reading of files and variables, the messages, and `docs/schemas/linkwatch.toml.schema.json`. A
new setting is a field here, and its user.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, get_args

import msgspec
from msgspec import Meta

from linkwatch.models.link import DuplicateScope
from linkwatch.models.rules import RULES, Level, Rule, default_levels
from linkwatch.settings.durations import LONGEST
from linkwatch.settings.keys import Environment, Table, Tables, Written
from linkwatch.settings.notify import Notify, NotifyTable
from linkwatch.settings.schedule import (
    CadenceText,
    PublicAddress,
    PublicPages,
    Schedule,
    ScheduleTable,
    TimeZone,
)
from linkwatch.settings.value_types import (
    Address,
    Count,
    Duration,
    FolderPaths,
    HttpUrl,
    HttpUrlRoot,
    Networks,
    Paths,
    Patterns,
    Plugins,
    Regions,
    RegularExpressions,
    Restriction,
    Restrictions,
    RuleNames,
    SecretUrl,
    Size,
    Text,
    Timeout,
    Token,
)

DATA_API_URL = "https://youtube.googleapis.com/"
OEMBED_URL = "https://www.youtube.com/oembed"
DEFAULT_FILE = "linkwatch.toml"
DEFAULT_LIST = "resources.csv"

RESTRICTIONS: tuple[str, ...] = get_args(Restriction)
"""What can keep a reader from watching."""


class InspectMode(StrEnum):
    """How far a check with a key inspects playlists."""

    OFF = "off"
    MEMBERS = "members"
    """Which videos are in them."""

    FULL = "full"
    """And the state and restrictions of each video."""


class Ignore(msgspec.Struct, frozen=True, kw_only=True):
    """Links that are left out: those that match every pattern that is given.

    In a pattern `*` stands for any text (a `/` too), `?` for any character, `[…]` for one of some; case counts.
    """

    url: Annotated[Text | None, Meta(description="Pattern of the URL as it is listed.", examples=["*&list=RD*"])] = None
    id: Annotated[Text | None, Meta(description="Pattern of the id of the resource.", examples=["PL*"])] = None
    section: Annotated[
        Text | None,
        Meta(
            description="Pattern of one heading above the link, or of all as a report has them: Archive > 2019.",
            examples=["Archive"],
        ),
    ] = None
    file: Annotated[
        Text | None, Meta(description="Pattern of the list, as a report names it.", examples=["docs/*"])
    ] = None
    rules: Annotated[
        RuleNames, Meta(description="The rules that don't apply to these links; by default, the links are left out.")
    ] = ()
    reason: Annotated[
        Text | None, Meta(description="For those who read the file.", examples=["kept for the record"])
    ] = None

    def __post_init__(self) -> None:
        if not (self.url or self.id or self.section or self.file):
            raise ValueError("has no pattern", "Give it one or more of: url, id, section, file.")


STATE_FOLDER = "xdg"
"""Names the database in the user's folder for the state of programs."""


def normalized_database_url(name: str) -> str:
    """The URL of a database that is named by one, by the path of an SQLite file, or by `xdg`."""
    if name == STATE_FOLDER:
        name = str(_state_file())
    return name if "://" in name else f"sqlite:///{name}"


def _state_file() -> Path:
    """A file for the lists of this folder; another folder has other lists by the same names.

    Raises:
        ValueError: Its folder can't be made.
    """
    # By the XDG Base Directory Specification, a relative path is to be ignored.
    home = Path(os.environ.get("XDG_STATE_HOME", ""))
    folder = (home if home.is_absolute() else Path.home() / ".local" / "state") / "linkwatch"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{folder}: {error.strerror or error}") from None
    here = Path.cwd()
    return folder / f"{here.name or 'root'}-{blake2b(bytes(here), digest_size=4).hexdigest()}.db"


RULE_LEVELS = Table(
    "rules",
    names=RULES,
    noun="rule",
    type=Level,
    default=lambda rule: rule.level,
    description=lambda rule: rule.description,
)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set, and where it was read from."""

    lists: Annotated[Paths, Meta(description="Lists to read when none is named; by default, resources.csv.")] = ()
    exclude: Annotated[
        Patterns,
        Meta(
            description="Files and folders that are left out of folders and globs: patterns in the syntax of "
            ".gitignore, relative to the working directory.",
        ),
    ] = ()
    plugins: Annotated[
        Plugins,
        Meta(
            description="Installed distributions whose readers, embed syntaxes, rules and formats are used; "
            "no other plug-in is.",
        ),
    ] = ()
    max_file: Annotated[Size, Meta(description="The longest list that is read; a longer one is refused.")] = 256_000_000
    database_url: Annotated[
        Text,
        Meta(
            description="The database: an SQLAlchemy URL, the path of an SQLite file, or xdg: a file in the "
            "user's folder for state (XDG_STATE_HOME, else ~/.local/state), one for each folder with lists.",
            examples=["sqlite:///linkwatch.db"],
        ),
        Environment("LINKWATCH_DATABASE_URL"),
        Written(
            "an SQLAlchemy URL, the path of a file, or xdg",
            parse=normalized_database_url,
        ),
    ] = "sqlite:///linkwatch.db"
    data_api_url: Annotated[
        HttpUrlRoot, Meta(description="Root of the Data API."), Environment("LINKWATCH_DATA_API_URL", in_file=False)
    ] = DATA_API_URL
    oembed_url: Annotated[
        HttpUrl, Meta(description="oEmbed endpoint."), Environment("LINKWATCH_OEMBED_URL", in_file=False)
    ] = OEMBED_URL
    api_key: Annotated[
        Token | None,
        Meta(description="Data API key; without one, oEmbed alone is asked."),
        Environment("YOUTUBE_API_KEY", in_file=False),
    ] = field(default=None, repr=False)
    quota_per_day: Annotated[
        Count,
        Meta(description="Quota units of the key's project per Pacific day."),
        Environment("LINKWATCH_QUOTA_PER_DAY"),
    ] = 10_000
    calls_in_flight: Annotated[Count, Meta(description="Data API calls at once at most.")] = 16
    oembed_in_flight: Annotated[Count, Meta(description="oEmbed requests at once at most; 16 at first.")] = 64
    base_url: Annotated[
        HttpUrlRoot | None,
        Meta(
            description="Where the dashboard can be reached, for links in messages; its path is the one below which a "
            "proxy serves it.",
            examples=["https://linkwatch.example.org/"],
        ),
    ] = None
    exchange_timeout: Annotated[
        Timeout,
        Meta(
            description="How long a whole exchange with another host may take (the Data API, oEmbed, a recipient of "
            "notifications, ping_url); later there is no answer."
        ),
    ] = timedelta(seconds=60)
    max_body: Annotated[
        Size, Meta(description="How long an answer of another host may be, decompressed; a longer one is none.")
    ] = 16_000_000
    confirm_strikes: Annotated[
        Count, Meta(description="Missed checks by one endpoint before what was available counts as unavailable.")
    ] = 3
    confirm_spacing: Annotated[
        Duration, Meta(description="Missed checks that lie closer together than this count as one.")
    ] = timedelta(hours=6)
    flap_changes: Annotated[
        Count,
        Meta(
            description="So many changes between available and missing within flap_window make a resource flap: "
            "until it has been quiet, further changes are not notified of."
        ),
    ] = 3
    flap_window: Annotated[Duration, Meta(description="The time within which flap_changes changes count.")] = timedelta(
        days=7
    )
    flap_quiet: Annotated[
        Duration, Meta(description="Without a change for so long, a resource does not flap any more.")
    ] = timedelta(days=3)
    stale_after: Annotated[
        Duration, Meta(description="A resource without an answer for longer than this is stale.")
    ] = timedelta(days=14)
    inside: Annotated[
        InspectMode,
        Meta(
            description="How far a check with a key inspects playlists: off, members (which videos are in them), "
            "full (and what keeps readers from watching each)."
        ),
        Environment("LINKWATCH_INSIDE"),
    ] = InspectMode.MEMBERS
    inside_every: Annotated[
        Duration, Meta(description="A playlist in which nothing seems to change is inspected again after this time.")
    ] = timedelta(days=7)
    hollow_percent: Annotated[
        int,
        Meta(
            ge=1, le=100, description="Percentage of a playlist's videos, private or deleted, from which it is hollow."
        ),
    ] = 10
    regions: Annotated[
        Regions,
        Meta(
            description="Countries of the readers (ISO 3166-1): blocks in others are not reported; "
            "by default, blocks in any country are."
        ),
    ] = ()
    restrictions: Annotated[Restrictions, Meta(description="The restrictions that are reported; by default, all.")] = (
        RESTRICTIONS
    )
    changes_for: Annotated[
        Duration, Meta(description="How long a change (a new title, a lower count) stays in the report.")
    ] = timedelta(days=7)
    retention_days: Annotated[
        int,
        Meta(
            ge=1,
            le=LONGEST.days,
            description="How long superseded titles and counts, and those of unavailable resources, are kept; "
            "YouTube's terms allow 30 days.",
        ),
    ] = 30
    acks_file: Annotated[Text, Meta(description="File of the acknowledgements; it need not exist.")] = (
        "linkwatch-acks.toml"
    )
    embeds: Annotated[
        RegularExpressions,
        Meta(
            description="Further ways in which lists write an id without a URL: regular expressions with a group "
            "`video`, `playlist` or `channel`, and perhaps `label`.",
        ),
    ] = ()
    duplicates: Annotated[
        DuplicateScope,
        Meta(
            description="Where a resource may be listed once: section, list, everywhere (in all lists; a channel may "
            "stand in each)."
        ),
    ] = DuplicateScope.LIST
    ignore: Annotated[
        tuple[Ignore, ...], Meta(description="Links that are left out of the lists."), Tables("ignore", Ignore)
    ] = ()
    notify: Annotated[
        tuple[Notify, ...], Meta(description="Recipients of notifications."), Tables("notify", NotifyTable)
    ] = ()
    ping_url: Annotated[
        SecretUrl | None,
        Meta(
            description="Requested after each complete check, for a dead man's switch; "
            "$NAME stands for a variable of the environment."
        ),
    ] = field(default=None, repr=False)
    notifications: Annotated[
        bool,
        Meta(description="Whether notify and ping_url are used; the GitHub Action sets it to false on pull requests."),
        Environment("LINKWATCH_NOTIFICATIONS", in_file=False),
    ] = True
    cadence: Annotated[
        CadenceText,
        Meta(
            description="How often the daemon checks the lists that no schedule names: a length of time, "
            "a cron expression, or auto (what changes or is missing sooner, what never changes later)."
        ),
    ] = timedelta(days=1)
    timezone: Annotated[TimeZone, Meta(description="The time zone of cron expressions.")] = "UTC"
    public: Annotated[
        PublicPages,
        Meta(
            description="What of the lists that no schedule names can be read without logging in: badge, feed, status."
        ),
    ] = ()
    public_address: Annotated[
        PublicAddress,
        Meta(
            description="Where these public pages are: at a secret address, which `linkwatch public` prints, or at a "
            "plain one with the name of the lists."
        ),
    ] = PublicAddress.SECRET
    schedules: Annotated[
        tuple[Schedule, ...],
        Meta(description="Lists that the daemon checks at a cadence of their own."),
        Tables("schedule", ScheduleTable),
    ] = ()
    bind: Annotated[Address, Meta(description="Address of the daemon's dashboard."), Environment("LINKWATCH_BIND")] = (
        "127.0.0.1:8440"
    )
    dashboard_token: Annotated[
        Token | None,
        Meta(description="The token that the dashboard asks for; beyond loopback it takes one that is hard to guess."),
        Environment("LINKWATCH_DASHBOARD_TOKEN", in_file=False),
    ] = field(default=None, repr=False)
    thumbnails: Annotated[
        bool,
        Meta(
            description="Whether pages of the dashboard show pictures of videos and playlists: browsers load "
            "them from i.ytimg.com, which learns who looks at which."
        ),
    ] = False
    list_folders: Annotated[
        FolderPaths,
        Meta(
            description="The folders whose files can be added on the dashboard by their paths, relative to the working "
            "directory; hidden files are not among them. An empty array: none."
        ),
    ] = (".",)
    trusted_proxies: Annotated[
        Networks,
        Meta(
            description="Reverse proxies of the dashboard: their X-Forwarded-For and X-Forwarded-Proto headers count, "
            "and none but theirs."
        ),
    ] = ()
    allow_private: Annotated[
        bool, Meta(description="Webhooks and pings may go to addresses that are not of the public Internet.")
    ] = False
    levels: Annotated[
        Mapping[Rule, Level],
        Meta(description="The level of the findings of each rule; off hides them."),
        RULE_LEVELS,
    ] = field(default_factory=default_levels)
    origin: str | None = None
    """The file they were read from; None when there was none."""

    use_ignore_files: bool = True
    """Whether `.gitignore` and `.linkwatchignore` leave files out of folders; False with `--no-ignore`."""
