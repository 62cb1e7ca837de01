"""The rules as Markdown, from their registry: docs/reference/rules.md."""

from collections.abc import Iterator

from linkwatch.models.rules import GROUPS, RULES, Rule


def rules_table() -> str:
    """A row each, in the order of the registry."""
    rows = [f"| `{rule}` | {rule.level} | {rule.description} |" for rule in RULES.values()]
    return "\n".join(["| rule | level | fires when |", "|---|---|---|", *rows])


def rules_page() -> str:
    """All that is said of each rule, by group."""
    return "\n\n".join(_page()) + "\n"


def _page() -> Iterator[str]:
    yield "# The rules"
    yield rules_table()
    yield (
        "Each finding comes from a rule. Its level can be set in the settings "
        '(`[rules] duplicate = "error"`, or `"off"`) or with `--rule duplicate=error`.\n'
        "This page is written from `src/linkwatch/models/rules.py` by `make docs-reference`."
    )
    for group in GROUPS:
        rules = [rule for rule in RULES.values() if rule.group is group]
        if rules:
            yield f"## {group.title}"
            yield from map(_section, rules)


def _section(rule: Rule) -> str:
    where = "" if rule.needs_check else " The list alone shows it: `linkwatch report --lists-only` finds it too."
    return (
        f"### `{rule}`\n\n{rule.title}. Level by default: {rule.level}.\n\n"
        f"- Fires when {rule.description}.{where}\n- Example: {rule.example}\n- What to do: {rule.remedy}"
    )
