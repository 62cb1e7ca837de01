"""Settings for what is there: which files have YouTube links, and what else a beginning needs."""

import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import tomlkit

from linkwatch.errors import OutputError, UsageError
from linkwatch.files import shipped, write_atomically
from linkwatch.services.lists import read_named_lists
from linkwatch.settings import DEFAULT_FILE, Settings
from linkwatch.sources.document import Remark
from linkwatch.text import counted

WORKFLOW = ".github/workflows/linkwatch.yml"
SCHEMA = "linkwatch.toml.schema.json"


@dataclass(frozen=True, slots=True)
class FoundLists:
    """The lists of a folder."""

    lists: Mapping[str, str]
    """Files of the folder itself, and folders in it that have links → what is in them, in words."""

    links: int


def find_lists(settings: Settings, remark: Remark) -> FoundLists:
    """Find the files with YouTube links in the current folder.

    Raises:
        UsageError: There is none.
    """
    catalogue = read_named_lists(["."], settings, allow_empty=True, remark=remark).catalogue
    files = Counter(PurePath(item.link.file).as_posix() for item in catalogue.links)
    if not files:
        raise UsageError(
            "no file here has a YouTube link",
            remedy="Run it in the folder of your lists, or name them: linkwatch check FILE",
        )
    grouped: dict[str, Counter[str]] = {}
    for file, links in files.items():
        folder, slash, _ = file.partition("/")
        grouped.setdefault(folder + slash, Counter())[file] = links
    described = {
        name: counted(theirs.total(), "link") + (f" in {counted(len(theirs), 'file')}" if name.endswith("/") else "")
        for name, theirs in grouped.items()
    }
    return FoundLists(described, files.total())


def settings_text(found: FoundLists, *, has_schema: bool) -> str:
    """A `linkwatch.toml` for some lists."""
    lines = [f"#:schema ./{SCHEMA}"] if has_schema else []
    lines += ["# “linkwatch help settings” lists all settings.", "", "lists = ["]
    lines += [f"    {_quoted(name)}, # {words}" for name, words in found.lists.items()]
    lines += ["]", "# exclude = ['archive/']", "", "# [rules]", "# retitled = 'off'"]
    lines += ["", "# [[notify]]", "# url = '$LINKWATCH_NOTIFY_URL' # “linkwatch help notifications”"]
    return "\n".join(lines) + "\n"


def workflow_text(found: FoundLists) -> str:
    """A workflow of GitHub for some lists: the example of deploy/ci/."""
    text = shipped("github.yml", "deploy/ci/github.yml").read_text("utf-8")
    names = " ".join(shlex.quote(name) for name in found.lists)
    return text.replace("          lists: README.md\n", f"          lists: {_yaml(names)}\n")


def schema_text() -> str:
    """The JSON Schema of the settings, for editors."""
    return shipped(f"schemas/{SCHEMA}", f"docs/schemas/{SCHEMA}").read_text("utf-8")


def cron_line(folder: Path) -> str:
    """A line of cron that checks the lists of a folder every morning, with secrets from a file."""
    beside = Path(sys.executable).with_name("linkwatch")
    program = shutil.which("linkwatch") or (str(beside) if beside.exists() else None)
    command = shlex.quote(program) if program else f"{shlex.quote(sys.executable)} -m linkwatch"
    environment = 'set -a && . "$HOME/.config/linkwatch.env" && set +a'
    line = f"17 6 * * *  cd {shlex.quote(str(folder))} && {environment} && {command} check --quiet --new-only"
    return line.replace("%", "\\%")  # a line end, to cron


def refuse_existing(names: Iterable[str]) -> None:
    """See that nothing is there that would be overwritten.

    Raises:
        UsageError: One of the files exists.
    """
    for name in names:
        if Path(name).exists():
            raise UsageError(f"{name} is there already, and stays as it is", remedy="Edit it, or move it away first.")


def write_new(name: str, text: str) -> None:
    """Write a new file, with its folder.

    Raises:
        OutputError: It can't be written.
    """
    try:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(name, [text.encode()])
    except OSError as error:
        raise OutputError(f"{name}: {error.strerror}", remedy="Choose a folder that can be written to.") from error


def starts_with_settings() -> str | None:
    """The file that holds settings here already; None when there is none."""
    if Path(DEFAULT_FILE).exists():
        return DEFAULT_FILE
    project = Path("pyproject.toml")
    return str(project) if project.is_file() and "[tool.linkwatch" in project.read_text("utf-8", "replace") else None


def _quoted(text: str) -> str:
    return tomlkit.item(text).as_string()


def _yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
