"""A rule is a row of the registry and a function: with these two it is everywhere that rules are."""

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from unit.notifications.test_digest import digest_for
from unit.notifications.test_selection import TARGET
from unit.report.builders import PLAYLIST, entry, living, report_of, with_levels

from linkwatch.cli.app import app
from linkwatch.errors import SettingsError
from linkwatch.models.observation import State
from linkwatch.models.rules import _RULES, CHANGED, RULES, Level, Rule, Subject, register
from linkwatch.report.formats import render
from linkwatch.report.model import Finding, Report, ReportedResource
from linkwatch.report.reference import rules_page, rules_table
from linkwatch.report.rules.context import RuleContext
from linkwatch.report.rules.registry import FUNCTIONS, resource_rule
from linkwatch.settings import Notify, load_settings

MESSAGE = "playlist “Calculus 3” has a title of two words"


@pytest.fixture
def new_rule() -> Iterator[Rule]:
    """A rule of somebody else, with its function; gone after the test."""
    rule = register(
        Rule(
            "two-words",
            Level.WARNING,
            CHANGED,
            Subject.RESOURCE,
            title="Two words",
            description="the title has two words",
            example="playlist “Calculus 3” has a title of two words",
            remedy="Add a third word.",
        )
    )

    @resource_rule(rule, State.AVAILABLE)
    def two_words(context: RuleContext, item: ReportedResource) -> Finding | None:
        title = item.record.facts.title if item.record is not None else None
        if title is None or len(title.split()) != 2:
            return None
        message = f"{item.name} has a title of two words"
        return context.finding(rule, resource=item.resource, links=item.links, message=message, since=None)

    yield rule
    del _RULES[rule.name]
    FUNCTIONS.by_state[State.AVAILABLE].pop()


def report(**levels: Level) -> Report:
    return report_of([entry(PLAYLIST)], {PLAYLIST: living("Calculus 3")}, settings=with_levels(**levels))


def test_its_findings_are_in_the_report_unless_it_is_off(new_rule: Rule) -> None:
    assert [(finding.rule, finding.level) for finding in report().findings] == [(new_rule, Level.WARNING)]
    assert [finding.level for finding in report(two_words=Level.ERROR).findings] == [Level.ERROR]
    assert report(two_words=Level.OFF).findings == []


@pytest.mark.parametrize("name", ["terminal", "markdown", "html", "csv", "junit", "github"])
def test_every_format_shows_its_findings(new_rule: Rule, name: str) -> None:
    text = render(name, report())
    assert MESSAGE in text
    assert new_rule.name in text


def test_the_terminal_puts_it_under_its_group(new_rule: Rule) -> None:
    shown = render("terminal", report()).split("\n")
    assert shown[0] == new_rule.group.title
    assert f"  {new_rule.name}  {new_rule.remedy}" in shown


def test_sarif_describes_it_and_the_json_report_names_it(new_rule: Rule) -> None:
    run = json.loads(render("sarif", report()))["runs"][0]
    described = run["tool"]["driver"]["rules"][run["results"][0]["ruleIndex"]]
    assert (described["id"], described["help"]["text"]) == ("two-words", new_rule.remedy)
    assert [finding["rule"] for finding in json.loads(render("json", report()))["findings"]] == ["two-words"]


def test_its_level_can_be_set(new_rule: Rule) -> None:
    assert load_settings(environ={}).levels[new_rule] is Level.WARNING
    assert load_settings(rules=["two-words=error"], environ={}).levels[new_rule] is Level.ERROR


@pytest.mark.usefixtures("new_rule")
def test_the_help_lists_it_with_the_other_rules() -> None:
    text = CliRunner().invoke(app, ["report", "--help"]).output
    unwrapped = "".join(text.split())  # click may break a line at a space or after the hyphen of a name
    assert ",two-words." in unwrapped.partition("Rules:dead,")[2]


def test_notifications_contain_it_and_can_be_about_it_alone(new_rule: Rule) -> None:
    for target in (TARGET, Notify(name="n", url="json://localhost", place="x:1", rules=(new_rule,))):
        digest = digest_for(report(), target=target)
        assert [(s.title, [i.rule for i in s.items]) for s in digest.sections] == [("Changed", ["two-words"])]


def test_the_docs_describe_it(new_rule: Rule) -> None:
    assert rules_table().endswith("\n| `two-words` | warning | the title has two words |")
    assert f"### `two-words`\n\n{new_rule.title}." in rules_page()


def test_without_it_nothing_knows_it() -> None:
    assert "two-words" not in RULES
    with pytest.raises(SettingsError, match="unknown rule 'two-words'"):
        load_settings(rules=["two-words=error"], environ={})
    assert report().findings == []


def test_two_rules_cannot_have_one_name(new_rule: Rule) -> None:
    with pytest.raises(ValueError, match="two-words"):
        register(new_rule)
