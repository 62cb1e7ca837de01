"""`linkwatch help`."""

from collections.abc import Sequence
from contextlib import suppress

import click

from linkwatch.cli.front import COMMANDS
from linkwatch.cli.options import common_options_unread
from linkwatch.cli.output import console_for, print_text
from linkwatch.cli.suggestions import closest
from linkwatch.errors import SettingsError, UsageError
from linkwatch.models.rules import RULES
from linkwatch.report.console import Console
from linkwatch.report.plain_markdown import markdown_lines
from linkwatch.services.help_pages import FOLDERS, HelpPage, help_pages
from linkwatch.settings import load_settings


@click.command("help")
@click.argument("topic", required=False, metavar="[TOPIC]")
@common_options_unread
@click.pass_context
def command(ctx: click.Context, topic: str | None, config: str | None, database: str | None, quiet: bool) -> int:
    """Show a page of the documentation; without a topic, list them. A TOPIC may be a command or a rule, too.

    \b
    Example:
      linkwatch help
      linkwatch help key
    """
    console, pages = console_for(None), list(help_pages())
    page = next((page for page in pages if page.topic == topic), None)
    if topic is not None and page is None and topic not in COMMANDS:
        with suppress(SettingsError):  # whoever has wrong settings reads the help all the same
            load_settings(config=config, database=database)  # it may be a rule of a plug-in
    if topic is None:
        lines = _list(pages, console)
    elif page is not None:
        lines = list(markdown_lines(page.text, console))
    elif topic in COMMANDS or topic in RULES:
        arguments = (
            [topic, "--help"] if topic in COMMANDS else ["rule", topic, *(["--config", config] if config else [])]
        )
        app = ctx.find_root().command
        with app.make_context("linkwatch", arguments) as root:
            return int(app.invoke(root) or 0)
    else:
        known = [*(page.topic for page in pages), *COMMANDS, *RULES]
        raise UsageError(
            f"there is no page about {topic!r}", remedy=closest(topic, known) or "“linkwatch help” lists the pages."
        )
    print_text("\n".join(lines) + "\n")
    return 0


def _list(pages: Sequence[HelpPage], console: Console) -> list[str]:
    width = max(len(page.topic) for page in pages) + 4
    lines: list[str] = []
    for folder, heading in FOLDERS.items():
        lines += ["", console.style(heading, "heading")]
        for page in pages:
            if page.folder == folder:
                lines += console.paragraph(page.title, lead=f"  {page.topic}".ljust(width), indent=" " * width)
    return [*lines[1:], "", "“linkwatch help TOPIC” shows one; a topic may be a command or a rule, too."]
