"""`linkwatch init`."""

from pathlib import Path

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import print_text, remark_unless
from linkwatch.errors import UsageError
from linkwatch.services import init
from linkwatch.settings import DEFAULT_FILE
from linkwatch.text import counted


@click.command("init")
@click.option("--github", is_flag=True, help=f"Write {init.WORKFLOW}, too: a workflow that checks the lists.")
@click.option(
    "--schema", is_flag=True, help=f"Write {init.SCHEMA}, too, with which editors check and complete the settings."
)
@click.option("--cron", is_flag=True, help="Print a line for cron that checks the lists every morning.")
@common_options
def command(common: CommonOptions, github: bool, schema: bool, cron: bool) -> int:
    """Write settings for the lists in this folder: it asks nothing, and overwrites nothing.

    \b
    Example:
      linkwatch init
      linkwatch init --github --schema
    """
    existing = init.starts_with_settings()
    if existing is not None and not (github or schema or cron):
        raise UsageError(
            f"{existing} has settings already, and stays as it is", remedy="Edit it, or move it away first."
        )
    found = init.find_lists(common.settings, remark_unless(common.quiet))
    files = {} if existing is not None else {DEFAULT_FILE: init.settings_text(found, has_schema=schema)}
    if schema:
        files[init.SCHEMA] = init.schema_text()
    if github:
        files[init.WORKFLOW] = init.workflow_text(found)
    init.refuse_existing(files)
    for name, text in files.items():
        init.write_new(name, text)
    if not common.quiet:
        print_text("\n".join(_report(found, list(files), existing, has_key=bool(common.settings.api_key))) + "\n")
    if cron:
        print_text(f"{init.cron_line(Path.cwd())}\n")
    return 0


def _report(found: init.FoundLists, written: list[str], existing: str | None, *, has_key: bool) -> list[str]:
    lines = [f"Found {counted(found.links, 'link')}:"]
    lines += [f"  {name}: {words}" for name, words in found.lists.items()]
    if existing is not None:
        lines.append(f"{existing} has settings already, and stays as it is.")
    lines += [f"Wrote {name}." for name in written]
    if init.WORKFLOW in written:
        lines.append("In the workflow, replace OWNER by the owner of linkwatch's repository.")
    lines.append(
        "The key of the environment is used."
        if has_key
        else "There is no key in the environment ($YOUTUBE_API_KEY): “linkwatch help key” says how to get one."
    )
    return [*lines, "Next: linkwatch check"]
