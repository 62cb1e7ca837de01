"""How each tool is run: its command, its environment, and the parser of its output."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.peers import reading
from bench.peers.install import LINKCHECKER, LINKINATOR, LYCHEE, MARKDOWN_LINK_CHECK, Peer
from bench.serving import LINKWATCH

MARKDOWN, HTML = "list.md", "list.html"
"""The list in the folder in which a tool runs."""

LINKCHECKER_SETTINGS = "linkcheckerrc"
"""Its settings there, which alone can name the trusted authority."""

REMAP = (
    r"https://www\.youtube\.com/playlist\?list=(.*) "
    "https://www.youtube.com/oembed?format=json&url=https://www.youtube.com/playlist?list=$1"
)


@dataclass(frozen=True, slots=True)
class Tool:
    """One way to run one tool."""

    name: str
    command: tuple[str, ...]
    read: reading.Reader
    peer: Peer | None = None
    """None for linkwatch."""

    environment: Mapping[str, str] = field(default_factory=dict)


_LYCHEE = (str(LYCHEE.path), "--no-progress", "--format", "json", "-v")
_LINKCHECKER = (str(LINKCHECKER.path), "--check-extern", "--no-status", "-v", "-o", "csv")
_LINKINATOR = (str(LINKINATOR.path), MARKDOWN, "--markdown", "--format", "json", "--verbosity", "info")
_LINKWATCH = (LINKWATCH, "check", "--quiet", "--format", "json")
_KEY = {"YOUTUBE_API_KEY": "bench"}

LYCHEE_PLAIN = Tool("lychee", (*_LYCHEE, MARKDOWN), reading.read_lychee, LYCHEE)
LYCHEE_TUNED = Tool(
    "lychee, tuned",
    (*_LYCHEE, "--host-concurrency", "64", "--host-request-interval", "0ms", MARKDOWN),
    reading.read_lychee,
    LYCHEE,
)
LYCHEE_REMAPPED = Tool("lychee, remapped", (*_LYCHEE, "--remap", REMAP, MARKDOWN), reading.read_lychee, LYCHEE)
LINKCHECKER_PLAIN = Tool(
    "linkchecker", (*_LINKCHECKER, "-f", LINKCHECKER_SETTINGS, HTML), reading.read_linkchecker, LINKCHECKER
)
LINKINATOR_PLAIN = Tool("linkinator", _LINKINATOR, reading.read_linkinator, LINKINATOR)
MARKDOWN_LINK_CHECK_PLAIN = Tool(
    "markdown-link-check",
    (str(MARKDOWN_LINK_CHECK.path), MARKDOWN),
    reading.read_markdown_link_check,
    MARKDOWN_LINK_CHECK,
)
WITH_KEY = Tool("linkwatch, key", (*_LINKWATCH, MARKDOWN), reading.read_linkwatch, environment=_KEY)
WITH_KEY_OUTSIDE = Tool(
    "linkwatch, key, inside off",
    (*_LINKWATCH, "--inside", "off", MARKDOWN),
    reading.read_linkwatch,
    environment=_KEY,
)
WITHOUT_KEY = Tool("linkwatch, no key", (*_LINKWATCH, MARKDOWN), reading.read_linkwatch)

TIMED = (
    LYCHEE_PLAIN,
    LYCHEE_TUNED,
    LYCHEE_REMAPPED,
    LINKCHECKER_PLAIN,
    LINKINATOR_PLAIN,
    MARKDOWN_LINK_CHECK_PLAIN,
    WITH_KEY,
    WITH_KEY_OUTSIDE,
    WITHOUT_KEY,
)
JUDGED = (
    LYCHEE_PLAIN,
    LYCHEE_REMAPPED,
    LINKCHECKER_PLAIN,
    LINKINATOR_PLAIN,
    MARKDOWN_LINK_CHECK_PLAIN,
    WITH_KEY,
    WITHOUT_KEY,
)
"""The ways to run that may give different verdicts."""
