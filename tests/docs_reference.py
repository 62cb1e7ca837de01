"""Write docs/reference/ and the manual page from where commands, rules and settings are defined.

`make docs-reference` does it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from linkwatch.cli.app import app
from linkwatch.cli.front import GROUPS
from linkwatch.report.reference import rules_page
from linkwatch.settings.reference import TABLE_HEAD, settings_table
from linkwatch.sources.embeds import SYNTAXES

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
RULES_PAGE = REFERENCE / "rules.md"
EMBEDS_PAGE = REFERENCE / "embeds.md"
SETTINGS_PAGE = REFERENCE / "settings.md"
EXIT_CODES_PAGE = REFERENCE / "exit-codes.md"
COMMANDS_PAGE = REFERENCE / "commands.md"
MAN_PAGE = REFERENCE.parent / "man" / "linkwatch.1"

_SETTINGS = re.compile(rf"{re.escape(TABLE_HEAD)}\n(\|.*\n)+")


def settings_page(page: str) -> str:
    """The page of the settings with its table as it is."""
    return _SETTINGS.sub(lambda _: f"{settings_table()}\n", page)


_ABOUT_EMBEDS = """\
# Ids without a URL

Sites embed videos by their ids, without a URL. linkwatch reads the syntaxes below: an id is a link where a syntax
says so, and has the shape of an id of YouTube (`ID`: 11 characters of a video; `PLAYLIST`: `PL…`, `UU…`, `OLAK5uy_…`;
`CHANNEL`: `UC…`). Each is reported at its place, with the label that stands in the tag or block (`title`, `label`,
`caption`), in any order. The JSON report names the syntax (`syntax`), and `linkwatch fix` leaves such ids as they
are.

What only looks like one is none: templates (`{{ page.id }}`), words (`youtube: programming`), names of accounts
(`youtube:` beside `twitter:` or `github:`), and what Markdown shows as code or hides in a comment, but for directives
and chunks that are run. [Plug-ins](../guide/plugins.md) add the syntaxes of other programs, and the setting `embeds`
patterns of your own:

```toml
embeds = ['!video\\((?P<video>[\\w-]+)\\)']
```

This page is written from `src/linkwatch/sources/embeds.py` by `make docs-reference`.

| `syntax` | read by | examples |
|---|---|---|
"""


def embeds_page() -> str:
    """The page of the syntaxes in which an id is a link."""
    rows = []
    for syntax in SYNTAXES:
        if syntax.examples:
            shown = "<br>".join(map(_code, syntax.examples))
            rows.append(f"| {syntax.name} | {syntax.used_by} | {shown} |\n")
    return _ABOUT_EMBEDS + "".join(rows)


def _code(example: str) -> str:
    """An example in a cell of a table, where a line end is shown as `⏎`."""
    text = example.replace("|", "\\|").replace("\n", " ⏎ ")
    ticks = "``" if "`" in text else "`"
    ticks += "`" * (text.count("```") > 0) * 2
    space = " " if "`" in text else ""
    return f"{ticks}{space}{text}{space}{ticks}"


def commands_page() -> str:
    """Every command with its usage, example and options, by group."""
    return "\n\n".join(_commands()) + "\n"


def man_page() -> str:
    """The same as a page of the manual, in the macros of man(7)."""
    return "\n".join(_manual()) + "\n"


@dataclass(frozen=True)
class _Command:
    path: str
    usage: str
    text: str
    examples: list[str]
    options: list[tuple[str, str]]


def _commands() -> Iterator[str]:
    yield "# The commands"
    yield (
        "`linkwatch COMMAND --help` says the same in the terminal. Every command has `--config`, `--database`, `-q` "
        "and `-v`.\n[What is read as a list](../guide/lists.md) says what a `LIST` may be; "
        "[Exit codes](exit-codes.md) what a command returns.\nThis page is written from the commands by "
        "`make docs-reference`."
    )
    for title, names in GROUPS.items():
        yield f"## {title}"
        for command in _described(names):
            yield f"{'#' * (2 + command.path.count(' '))} `{command.path}`"
            yield f"Usage: `{command.usage}`"
            yield command.text
            if command.examples:
                yield "\n".join(["```console", *command.examples, "```"])
            if command.options:
                rows = [f"| `{_cell(option)}` | {_cell(text)} |" for option, text in command.options]
                yield "\n".join(["| option | meaning |", "|---|---|", *rows])


def _manual() -> Iterator[str]:
    yield '.TH LINKWATCH 1 "" "linkwatch" "User Commands"'
    yield from (".SH NAME", "linkwatch \\- check the YouTube links in lists")
    yield from (".SH SYNOPSIS", ".B linkwatch", "COMMAND [OPTIONS] [ARGUMENTS]")
    yield from (
        ".SH DESCRIPTION",
        _roff("Every command has --config, --database, -q and -v. “linkwatch help” shows more."),
    )
    for title, names in GROUPS.items():
        yield f".SH {title.upper()}"
        for command in _described(names):
            yield from (f".SS {_roff(command.usage)}", _roff(command.text))
            if command.examples:
                yield from (".PP", ".nf", ".RS", *map(_roff, command.examples), ".RE", ".fi")
            for option, text in command.options:
                yield from (".TP", f".B {_roff(option)}", _roff(" ".join(text.split())))
    yield ".SH EXIT STATUS"
    for code, meaning in re.findall(r"^\| (\d+) \| (.+) \|$", EXIT_CODES_PAGE.read_text("utf-8"), re.MULTILINE):
        yield from (".TP", f".B {code}", _roff(meaning.replace("`", "")))


def _described(names: Iterable[str]) -> Iterator[_Command]:
    context = app.make_context("linkwatch", ["demo"])
    for name in names:
        command = app.get_command(context, name)
        assert command is not None
        yield from _with_subcommands(command, click.Context(command, info_name=name, parent=context))


def _with_subcommands(command: click.Command, context: click.Context) -> Iterator[_Command]:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    said, _, example = (command.help or "").partition("\b\n")
    lines = [line.strip() for line in example.splitlines()]
    examples = [line for line in lines if line and not line.startswith("Example")]
    records = [
        parameter.get_help_record(context) for parameter in command.params if isinstance(parameter, click.Option)
    ]
    options = [record for record in records if record and not _COMMON.match(record[0])]
    yield _Command(context.command_path, usage, " ".join(said.split()), examples, options)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            sub = command.get_command(context, name)
            assert sub is not None
            yield from _with_subcommands(sub, click.Context(sub, info_name=name, parent=context))


_COMMON = re.compile("--config|--database|-q|-v|-h|--help")


def _roff(text: str) -> str:
    return re.sub(r"^(?=[.'])", r"\\&", text.replace("\\", r"\e").replace("-", r"\-"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    RULES_PAGE.write_text(rules_page(), "utf-8")
    EMBEDS_PAGE.write_text(embeds_page(), "utf-8")
    SETTINGS_PAGE.write_text(settings_page(SETTINGS_PAGE.read_text("utf-8")), "utf-8")
    COMMANDS_PAGE.write_text(commands_page(), "utf-8")
    MAN_PAGE.write_text(man_page(), "utf-8")
