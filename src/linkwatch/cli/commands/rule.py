"""`linkwatch rule`."""

from collections.abc import Mapping

import click

from linkwatch.cli.options import CommonOptions, common_options
from linkwatch.cli.output import console_for, print_text
from linkwatch.cli.suggestions import closest
from linkwatch.errors import UsageError
from linkwatch.models.rules import GROUPS, RULES, Level, Rule
from linkwatch.report.console import Console


@click.command("rule")
@click.argument("name", required=False, metavar="[NAME]")
@common_options
def command(common: CommonOptions, name: str | None) -> int:
    """Explain a rule: when it fires, an example, and what to do. Without a name, list the rules.

    \b
    Example:
      linkwatch rule
      linkwatch rule shrunk
    """
    console, levels = console_for(None), common.settings.levels
    if name is None:
        print_text("\n".join(_list(levels, console)) + "\n")
        return 0
    rule = RULES.get(name)
    if rule is None:
        raise UsageError(f"there is no rule {name!r}", remedy=closest(name, RULES) or "“linkwatch rule” lists them.")
    print_text("\n".join(_explain(rule, levels[rule], console)) + "\n")
    return 0


def _list(levels: Mapping[Rule, Level], console: Console) -> list[str]:
    width = max(map(len, RULES)) + 4
    lines: list[str] = []
    for group in GROUPS:
        rules = [rule for rule in RULES.values() if rule.group is group]
        if rules:
            lines += ["", console.style(group.title, "heading")]
        for rule in rules:
            lines += console.paragraph(
                f"{levels[rule]:<7}  {rule.title}", lead=f"  {rule.name}".ljust(width), indent=" " * (width + 9)
            )
    return [*lines[1:], "", "“linkwatch rule NAME” explains one."]


def _explain(rule: Rule, level: Level, console: Console) -> list[str]:
    where = "" if rule.needs_check else " The lists alone show it: “linkwatch report --lists-only” finds it too."
    default = " by default" if level is rule.level else f" in these settings, {rule.level} by default"
    parts = {
        "Fires": f"when {rule.description}.{where}",
        "Example": rule.example,
        "Remedy": rule.remedy,
        "Level": f"{level}{default}; set it with --rule {rule.name}=LEVEL, or in the settings: "
        f'[rules] {rule.name} = "LEVEL". LEVEL is error, warning, notice or off.',
    }
    lines = list(console.paragraph(f"{rule.title}.", lead=f"{rule.name}: ", lead_style="heading", indent="  "))
    for title, text in parts.items():
        lines += console.paragraph(text, lead=f"  {title:<9}", indent=" " * 11)
    return lines
