"""The README and docs/ promise nothing that the commands do not hold."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from acceptance.typed import assert_commands_exist
from docs_reference import (
    COMMANDS_PAGE,
    EMBEDS_PAGE,
    MAN_PAGE,
    RULES_PAGE,
    SETTINGS_PAGE,
    commands_page,
    embeds_page,
    man_page,
    settings_page,
)

from linkwatch.cli.app import app
from linkwatch.cli.exit_codes import ExitCode
from linkwatch.cli.front import COMMANDS, HELP
from linkwatch.report.formats import FORMATS
from linkwatch.report.reference import rules_page
from linkwatch.settings import ENVIRONMENT, Settings
from linkwatch.settings.keys import keys_of

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
CI = (ROOT / ".ci" / "run").read_text("utf-8")


def rows(page: str) -> list[list[str]]:
    """The cells of the first table of a page of docs/reference/, without its head."""
    text = (DOCS / "reference" / page).read_text("utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


@pytest.mark.parametrize("target", sorted({*re.findall(r'(?m)^(?:\t@echo "|)make ([\w-]+)', MAKEFILE + CI)}))
def test_what_the_help_of_make_and_ci_name_can_be_made(target: str) -> None:
    tried = subprocess.run(
        ["make", "--dry-run", target],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stderr


def test_every_command_has_its_section_with_an_example() -> None:
    sections = re.split(r"^### `linkwatch ([a-z]+)`$", COMMANDS_PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert sections[1::2] == list(COMMANDS)
    assert [
        name for name, section in zip(sections[1::2], sections[2::2], strict=True) if "```console" not in section
    ] == []


def test_the_help_without_click_names_what_click_knows() -> None:
    assert app.list_commands(app.make_context("linkwatch", ["demo"])) == list(COMMANDS)
    options = {option for parameter in app.params for option in parameter.opts} | {"-h", "--help"}
    assert options == set(re.findall(r"(?<![\w-])--?[A-Za-z]+", HELP.partition("Options:")[2].partition("\n\n")[0]))


def test_the_help_fits_into_80_columns() -> None:
    assert max(map(len, HELP.splitlines())) <= 80


@pytest.mark.parametrize("name", COMMANDS)
def test_what_the_help_says_of_a_command_is_what_the_command_says_of_itself(name: str) -> None:
    command = app.get_command(app.make_context("linkwatch", [name]), name)
    assert command is not None
    assert command.help is not None
    assert command.help.startswith(COMMANDS[name].rstrip(".").partition(":")[0].partition(";")[0])


def test_the_table_of_exit_codes_is_the_exit_codes() -> None:
    assert [int(row[0]) for row in rows("exit-codes.md")] == [code.value for code in ExitCode]


def test_the_rules_are_described_as_the_registry_has_them() -> None:
    """After a change of the registry: `make docs-reference`."""
    assert RULES_PAGE.read_text("utf-8") == rules_page()


def test_the_page_of_embeds_is_the_table_of_syntaxes() -> None:
    """After a change of the table: `make docs-reference`."""
    assert EMBEDS_PAGE.read_text("utf-8") == embeds_page()


def test_the_settings_and_commands_are_described_as_they_are() -> None:
    """After a change of one: `make docs-reference`."""
    page = SETTINGS_PAGE.read_text("utf-8")
    assert settings_page(page) == page
    assert COMMANDS_PAGE.read_text("utf-8") == commands_page()
    assert MAN_PAGE.read_text("utf-8") == man_page()


def test_the_table_of_settings_has_every_setting_and_its_default() -> None:
    table = {row[1].strip("`[]"): row[2].strip("`") for row in rows("settings.md") if row[1].startswith("`")}
    renamed = {"levels": "rules", "schedules": "schedule"}
    fields = {key.field for key in keys_of(Settings).values() if key.in_file}
    assert set(table) == {renamed.get(name, name) for name in fields}
    defaults = Settings()
    for name in ("database_url", "quota_per_day", "confirm_strikes", "retention_days"):
        assert table[name] == json.dumps(getattr(defaults, name))
    refused = {row[0].strip("`") for row in rows("settings.md") if row[1] == "never in a file"}
    assert refused == {
        key.environment.variable for key in keys_of(Settings).values() if key.environment and not key.in_file
    }
    assert {row[0].strip("`") for row in rows("settings.md") if row[0]} == {
        *ENVIRONMENT, "LINKWATCH_CONFIG", "YOUTUBE_API_KEY", "LINKWATCH_DASHBOARD_TOKEN"
    }  # fmt: skip


def test_the_formats_are_those_that_there_are() -> None:
    assert f"--format {'|'.join(FORMATS)}" in (DOCS / "reference" / "formats.md").read_text("utf-8")
    assert [row[0].strip("`") for row in rows("formats.md")] == list(FORMATS)


@pytest.mark.parametrize("command", sorted(set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.MULTILINE))))
def test_every_make_command_is_in_the_makefile(command: str) -> None:
    assert f"\n{command}:" in MAKEFILE


def test_ci_runs_the_readmes_own_test_command() -> None:
    assert "make test\n" in CI


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_that_is_linked_is_there(page: Path) -> None:
    text = re.sub(r"(`+).+?\1", "", page.read_text("utf-8"))  # what is shown as code links to nothing
    links = set(re.findall(r"\]\((?!https?:)([^)#\s]+)\)", text))
    assert {link for link in links if not (page.parent / link).exists()} == set()


def test_every_page_can_be_reached_from_the_menu_of_the_site() -> None:
    menu = re.findall(r"- ([\w/-]+\.md)$", (ROOT / "mkdocs.yml").read_text("utf-8"), re.MULTILINE)
    assert sorted(menu) == sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_option_that_is_typed_exists(page: Path) -> None:
    blocks = re.findall(r"```(?:console|sh|shell)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert_commands_exist("\n".join(blocks))


def test_the_cron_line_is_the_one_that_is_deployed() -> None:
    line = (ROOT / "deploy" / "crontab").read_text("utf-8").splitlines()[-1]
    assert line in (DOCS / "guide" / "every-day.md").read_text("utf-8")
