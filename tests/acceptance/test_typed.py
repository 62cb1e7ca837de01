"""The commands of README.md and deploy/, typed word for word in a fresh folder, as a new user would."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from acceptance.command import KEY, TIMEOUT_SECONDS
from acceptance.youtube_servers import youtube_server

from linkwatch.simulator.serve import YouTubeServer

pytestmark = [pytest.mark.long, pytest.mark.sqlite("the databases are those of the documents")]

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "deploy").rglob("*.md"))]

NOT_TYPED = {
    r"git clone|pipx install": "installs from a repository; `make release-check` installs what they would",
    r"docker ": "needs Docker; `make try-image` takes the steps of the image",
    r"kubectl ": "needs a cluster; the files have tests of their own",
    r"systemctl |install -[Ddom]|python3 -m venv /opt|echo .* >/etc/": "as root; `make lint-deploy` reads the units",
    r"cd /var/lib|rm -f linkwatch\.db-": "as root; backups have tests of their own",
}
"""Why a command that begins so is not typed here."""


class Block(NamedTuple):
    """Commands that stand together in a document."""

    page: Path
    commands: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.page.relative_to(ROOT)}: {self.commands[0][:40]}"


def blocks(page: Path) -> Iterator[Block]:
    for text in re.findall(r"^```(?:console|sh|shell)\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        lines = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
        prompted = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        typed = tuple(re.sub(r"\s{2,}#.*| # .*", "", line) for line in prompted or lines)
        if typed:
            yield Block(page, typed)


BLOCKS = [block for page in PAGES for block in blocks(page)]
CRON = [
    line.split(maxsplit=5)[5]
    for page in (ROOT / "deploy" / "crontab", ROOT / "deploy" / "README.md")
    for line in page.read_text("utf-8").splitlines()
    if re.match(r"[\d*/]+ [\d*/]+ \S+ \S+ \S+ +\S", line)
]


def is_typed(command: str) -> bool:
    return not any(re.match(beginning, command) for beginning in NOT_TYPED)


@pytest.fixture
def youtube() -> Iterator[YouTubeServer]:
    with youtube_server() as server:
        yield server


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A user's home with a clone of the repository, and linkwatch where pipx and uv put it."""
    clone = tmp_path / "linkwatch"
    clone.mkdir()
    for name in ("README.md", "resources.csv"):
        shutil.copy(ROOT / name, clone)
    shutil.copytree(ROOT / "deploy", clone / "deploy", ignore=shutil.ignore_patterns("lists", "*.env", "__pycache__"))
    program = tmp_path / ".local" / "bin" / "linkwatch"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m linkwatch "$@"\n')
    program.chmod(0o755)
    return tmp_path


def type_in(
    folder: Path, home: Path, commands: tuple[str, ...], **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Type commands one after the other; an exit code of 1 says that a link is broken, which is no failure."""
    script = "".join(f"{{ {command}\n}} || [ $? -eq 1 ] || exit 99\n" for command in commands)
    path = f"{home / '.local' / 'bin'}:{os.environ['PATH']}"
    env = {"HOME": str(home), "PATH": path, **variables}
    return subprocess.run(
        ["sh", "-uc", script],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=4 * TIMEOUT_SECONDS,
        check=False,
    )


@pytest.mark.parametrize(
    "block", [block for block in BLOCKS if any(map(is_typed, block.commands))], ids=lambda block: block.id
)
def test_what_a_document_says_to_type_works(block: Block, home: Path, youtube: YouTubeServer) -> None:
    clone = home / "linkwatch"
    # The README begins beside the clone, but for the picture at its top; deploy/ is read within it.
    folder = home if block.page == ROOT / "README.md" and "linkwatch/resources.csv" in str(block.commands) else clone
    ran = type_in(
        folder,
        home,
        tuple(filter(is_typed, block.commands)),
        YOUTUBE_API_KEY=KEY,
        LINKWATCH_DATA_API_URL=youtube.url,
        LINKWATCH_OEMBED_URL=youtube.oembed_url,
    )
    assert ran.returncode == 0, ran.stderr
    assert "Error" not in ran.stderr


@pytest.mark.parametrize("command", CRON, ids=lambda command: " ".join(command.split()[-3:]))
def test_the_lines_of_cron_work_with_the_little_that_cron_gives(
    command: str, home: Path, youtube: YouTubeServer
) -> None:
    (home / "lists").mkdir()
    (home / "lists" / "README.md").write_text((ROOT / "resources.csv").read_text("utf-8"))
    (home / "lists" / "linkwatch.toml").write_text('[[notify]]\nurl = "json://127.0.0.1:9/"\n')
    (home / ".config").mkdir()
    (home / ".config" / "linkwatch.env").write_text(
        f"YOUTUBE_API_KEY={KEY}\nLINKWATCH_DATA_API_URL={youtube.url}\nLINKWATCH_OEMBED_URL={youtube.oembed_url}\n"
    )
    ran = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=home,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "user"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=4 * TIMEOUT_SECONDS,
        check=False,
    )
    assert ran.returncode in {0, 1}, ran.stderr
    assert "Error" not in ran.stderr


def test_every_reason_for_not_typing_a_command_is_needed() -> None:
    commands = [command for block in BLOCKS for command in block.commands]
    assert all(any(re.match(beginning, command) for command in commands) for beginning in NOT_TYPED)
    assert len(CRON) == 2
