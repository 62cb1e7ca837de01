"""Plug-ins through the command: the example, and every way in which one can be broken."""

import json
import re
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from acceptance.command import UNREACHABLE, environment, linkwatch, write_list
from acceptance.youtube_servers import COURSE, LECTURE, WATCH, youtube_server
from installed_plugins import EXAMPLE, importable, install, install_example
from integration.notifications.webhook import Webhook

from linkwatch import api
from linkwatch.errors import SettingsError
from linkwatch.plugins import EMBEDS, FORMATS, GROUPS, READERS, RULES, PluginError

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"
SHORT = "https://www.youtube.com/shorts/haHLRD0QZ08"

RULE = """
from linkwatch.plugin_api import IN_THE_LIST, Level, Rule, Subject
rule = Rule("{name}", Level.WARNING, IN_THE_LIST, Subject.LINK, title="T", description="d", example="e", remedy="r")
def findings(context):
    {body}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Path]:
    """What stands for site-packages."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    with importable(folder):
        yield folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "course.bookmarks").write_text(f"A short\t{SHORT}\nA talk\thttps://youtu.be/HPIYzKUYcYI\n")
    (folder / "wiki.txt").write_text("[[video:0nB8PgdsIRc|Lecture 3]]\n")
    return folder


@pytest.fixture
def example(site: Path, here: Path) -> Path:
    """A folder whose settings enable the example plug-in."""
    install_example(site)
    (here / "linkwatch.toml").write_text('plugins = ["linkwatch-example"]\nlists = ["course.bookmarks", "wiki.txt"]\n')
    return here


def enable(here: Path, *names: str, more: str = "") -> None:
    (here / "linkwatch.toml").write_text(f"plugins = {json.dumps(names)}\n{more}")


def test_the_example_reads_lists_and_embeds_of_its_own(example: Path) -> None:
    ran = linkwatch("extract", "course.bookmarks", "wiki.txt", cwd=example)
    assert (ran.code, ran.err) == (0, "")
    assert [line.split(",")[:2] for line in ran.out.splitlines()[1:]] == [
        ["https://www.youtube.com/shorts/haHLRD0QZ08", "A short"],
        ["https://youtu.be/HPIYzKUYcYI", "A talk"],
        ["https://www.youtube.com/watch?v=0nB8PgdsIRc", "Lecture 3"],
    ]


def test_the_guide_shows_a_plugin_that_works(site: Path, here: Path) -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guide" / "plugins.md").read_text("utf-8")
    rule_, reader_, syntax, format_, use = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    modules = {"shorts": rule_, "bookmarks": reader_, "wiki": syntax, "tally": format_}
    points = tomllib.loads(re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)[1])["project"]["entry-points"]
    assert points == tomllib.loads((EXAMPLE / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    sources = {f"linkwatch_example/{name}.py": source for name, source in modules.items()}
    install(site, "linkwatch-example", "1.0", points, sources)
    enable(here, "linkwatch-example")
    ran = linkwatch("report", "--lists-only", "--format", "tally", "course.bookmarks", "wiki.txt", cwd=here)
    assert (ran.code, ran.out, ran.err) == (0, "example-shorts\t1\n", "")
    (here / "list.md").write_text(SHORT)
    with chdir(here):
        names: dict[str, Any] = {}
        exec(use, names)  # noqa: S102  # it is our own
    assert [str(finding.rule) for finding in names["report"].findings] == ["example-shorts"]


def test_a_folder_has_the_lists_that_a_plugin_reads(example: Path) -> None:
    ran = linkwatch("report", "--lists-only", "--format", "json", ".", cwd=example)
    files = {link["file"] for resource in json.loads(ran.out)["resources"] for link in resource["links"]}
    assert files == {"course.bookmarks", "wiki.txt"}


def test_nothing_of_a_plugin_counts_that_the_settings_do_not_name(example: Path) -> None:
    (example / "linkwatch.toml").unlink()
    ran = linkwatch("report", "--lists-only", "--format", "json", "course.bookmarks", cwd=example)
    assert "example-shorts" not in ran.out
    assert linkwatch("report", "--format", "tally", "course.bookmarks", cwd=example).code == 2


@pytest.mark.parametrize(
    "format_", ["terminal", "json", "jsonl", "markdown", "html", "csv", "junit", "sarif", "github"]
)
def test_a_finding_of_its_rule_stands_in_every_format(format_: str, example: Path) -> None:
    ran = linkwatch("report", "--lists-only", "--format", format_, "--fail-on", "warning", cwd=example)
    assert (ran.code, ran.err) == (1, "")
    assert " is a short" in ran.out


def test_the_json_report_fits_its_schema(example: Path) -> None:
    ran = linkwatch("report", "--lists-only", "--format", "json", cwd=example)
    report = json.loads(ran.out)
    assert {finding["rule"] for finding in report["findings"]} >= {"example-shorts"}
    schema = json.loads((SCHEMAS / "linkwatch.report.1.schema.json").read_text("utf-8"))
    jsonschema.validate(report, schema)


def test_sarif_describes_its_rule(example: Path) -> None:
    driver = json.loads(linkwatch("report", "--lists-only", "--format", "sarif", cwd=example).out)["runs"][0]["tool"]
    assert driver["driver"]["rules"][-1]["id"] == "example-shorts"
    assert driver["driver"]["rules"][-1]["name"] == "ExampleShorts"


def test_the_settings_and_comments_name_its_rule(example: Path) -> None:
    enable(example, "linkwatch-example", more='[rules]\nexample-shorts = "error"\n')
    assert linkwatch("report", "--lists-only", "course.bookmarks", cwd=example).code == 1
    assert (
        linkwatch("report", "--lists-only", "--rule", "example-shorts=off", "course.bookmarks", cwd=example).code == 0
    )
    (example / "list.txt").write_text(f"{SHORT} # linkwatch: ignore example-shorts\n")
    assert linkwatch("report", "--lists-only", "list.txt", cwd=example).code == 0


def test_its_rule_and_format_stand_in_the_help(example: Path) -> None:
    text = " ".join(linkwatch("report", "--help", cwd=example).out.split())
    assert "uncanonical, example-shorts." in text
    assert "atom|tally]" in text.replace(" ", "")
    ran = linkwatch("rule", "example-shorts", cwd=example)
    assert "a link leads to a short" in ran.out
    assert "example-shorts" in linkwatch("rule", cwd=example).out
    assert linkwatch("help", "example-shorts", cwd=example).out == ran.out


def test_doctor_says_what_a_plugin_adds(example: Path) -> None:
    ran = linkwatch("doctor", cwd=example, env=environment(UNREACHABLE))
    assert (
        "linkwatch-example 1.0: reader “bookmarks”, embed syntax “wiki-video”, rule “example-shorts”, format “tally”"
        in " ".join(ran.out.split())
    )


def test_doctor_says_what_is_broken(site: Path, here: Path) -> None:
    install(site, "broken-plugin", "2.0", {FORMATS: {"mine": "absent_module"}}, {})
    enable(here, "broken-plugin")
    ran = linkwatch("doctor", cwd=here, env=environment(UNREACHABLE))
    assert ran.code == 2
    assert "its format “mine” can't be used: ModuleNotFoundError" in " ".join(ran.out.split())


def test_its_format_is_written_beside_others(example: Path) -> None:
    ran = linkwatch(
        "report", "--lists-only", "--format", "tally", "--format", "json", "--output", "report.json", cwd=example
    )
    assert (ran.code, ran.out, ran.err) == (0, "example-shorts\t1\n", "")
    assert json.loads((example / "report.json").read_text("utf-8"))["counts"]["warnings"] == 1


def test_a_list_of_a_plugin_is_not_fixed(example: Path) -> None:
    ran = linkwatch("fix", "course.bookmarks", cwd=example)
    assert ran.code == 2
    assert "course.bookmarks: its format, bookmarks, is a plug-in's, and can't be fixed" in ran.err


def test_an_error_of_its_reader_names_the_line(example: Path) -> None:
    (example / "bad.bookmarks").write_text("no tab\n")
    ran = linkwatch("report", "--lists-only", "bad.bookmarks", cwd=example)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "Error: bad.bookmarks:1: has no tab\n  Write a label, a tab and a URL.\n"


def test_the_python_api_takes_plugins_from_settings_made_by_hand(
    example: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(example)
    report = api.load_report(
        settings=api.Settings(lists=("course.bookmarks",), plugins=("linkwatch-example",)), lists_only=True
    )
    assert [str(finding.rule) for finding in report.findings if finding.level == "warning"] == ["example-shorts"]
    assert api.render(report, "tally") == "example-shorts\t1\n"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("linkwatch-absent", ": 'linkwatch-absent' is not installed"),
        ("click", ": 'click' adds nothing to linkwatch"),
        ("", " must be an array of names of distributions, not ['']"),
    ],
)
def test_a_plugin_that_is_none_is_an_error_of_the_settings(name: str, why: str, here: Path) -> None:
    enable(here, name)
    ran = linkwatch("report", "--lists-only", "wiki.txt", cwd=here)
    assert ran.code == 2
    assert f"linkwatch.toml:1: plugins{why}" in " ".join(ran.err.split())
    with pytest.raises(SettingsError):
        api.load_report(["wiki.txt"], settings=api.Settings(plugins=(name,)))


def rule(name: str, body: str = "return []") -> str:
    return RULE.format(name=name, body=body)


def reader(extension: str) -> str:
    return f"extensions = ('{extension}',)\ndef read(*a): ..."


BROKEN = {
    "a module that is missing": (RULES, "my-rule", "absent_module", "", "ModuleNotFoundError: No module named"),
    "a module that raises": (RULES, "my-rule", "broken", "1 / 0", "ZeroDivisionError: division by zero"),
    "a module that exits": (RULES, "my-rule", "broken", "raise SystemExit(3)", "SystemExit: 3"),
    "no rule": (RULES, "my-rule", "broken", "", "it needs `rule`"),
    "a rule of another name": (RULES, "my-rule", "broken", rule("other-rule"), "another name"),
    "a rule of ours": (RULES, "dead", "broken", rule("dead"), "linkwatch has a rule of that name"),
    "a rule of one word": (RULES, "mine", "broken", rule("mine"), "two or more words"),
    "a rule that raises": (RULES, "my-rule", "broken", rule("my-rule", "raise KeyError('x')"), "KeyError: 'x'"),
    "a rule with nonsense": (RULES, "my-rule", "broken", rule("my-rule", "return [1]"), "`findings` must give"),
    "no reader": (READERS, "mine", "broken", "extensions = ('.mine',)", "it needs `extensions`"),
    "a reader of our extension": (READERS, "mine", "broken", reader(".md"), "linkwatch reads .md files itself"),
    "an extension without a dot": (READERS, "mine", "broken", reader("mine"), "must begin with a dot"),
    "no syntax": (EMBEDS, "mine", "broken:X", "X = 'abc'", "it must be a linkwatch.plugin_api.Syntax"),
    "a syntax of ours": (
        EMBEDS, "shortcode", "broken:X",
        "import re\nfrom linkwatch.plugin_api import Syntax\nX = Syntax('shortcode', '', re.compile('(?P<video>x)'))",
        "linkwatch has a syntax of that name",
    ),
    "a syntax without a group": (
        EMBEDS, "mine", "broken:X",
        "import re\nfrom linkwatch.plugin_api import Syntax\nX = Syntax('mine', '', re.compile('x'))",
        "a group named video, playlist or channel",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("group", "name", "value", "source", "why"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_costs_itself_alone(
    group: str, name: str, value: str, source: str, why: str, site: Path, here: Path
) -> None:
    install_example(site)
    install(site, "broken-plugin", "2.0", {group: {name: value}}, {"broken.py": source})
    enable(here, "broken-plugin", "linkwatch-example")
    ran = linkwatch("report", "--lists-only", "--format", "tally", "course.bookmarks", "wiki.txt", cwd=here)
    assert (ran.code, ran.out) == (0, "example-shorts\t1\n")
    message = " ".join(ran.err.split())
    assert f"plug-in broken-plugin 2.0: its {GROUPS[group]} “{name}” can't be used: " in message
    assert why in message
    assert "Update broken-plugin, or remove it from “plugins” in the settings." in message
    assert message.count("plug-in broken-plugin") == 1


def test_the_settings_may_name_a_rule_that_can_not_be_loaded(site: Path, here: Path) -> None:
    install(site, "broken-plugin", "2.0", {RULES: {"my-rule": "absent_module"}}, {})
    enable(here, "broken-plugin", more='[rules]\nmy-rule = "error"\n')
    ran = linkwatch("report", "--lists-only", "wiki.txt", "--allow-empty", cwd=here)
    assert ran.code == 0
    assert "my-rule" in ran.err


def test_of_two_plugins_with_one_name_the_first_stays(site: Path, example: Path) -> None:
    other = {"other.py": "def render(report):\n    return 'other\\n'\n"}
    install(site, "other-plugin", "2.0", {FORMATS: {"tally": "other"}}, other)
    enable(example, "linkwatch-example", "other-plugin")
    ran = linkwatch("report", "--lists-only", "--format", "tally", "course.bookmarks", cwd=example)
    assert (ran.code, ran.out) == (0, "example-shorts\t1\n")
    assert "plug-in other-plugin 2.0: its format “tally” can't be used: linkwatch-example 1.0 has one" in ran.err


def test_of_two_readers_of_one_extension_the_first_stays(site: Path, example: Path) -> None:
    install(site, "other-plugin", "2.0", {READERS: {"other": "other"}}, {"other.py": reader(".bookmarks")})
    enable(example, "linkwatch-example", "other-plugin")
    ran = linkwatch("extract", ".", cwd=example)
    assert (ran.code, "A talk" in ran.out) == (0, True)
    assert "its reader “other” can't be used: linkwatch-example 1.0 reads .bookmarks files already" in " ".join(
        ran.err.split()
    )


def test_a_plugin_that_lies_in_the_working_folder_is_not_installed(here: Path) -> None:
    """`python -m linkwatch` searches there first, and it may be a stranger's repository."""
    source = "raise AssertionError('was loaded')"
    install(here, "evil-plugin", "1.0", {RULES: {"evil-rule": "evil"}}, {"evil.py": source})
    enable(here, "evil-plugin")
    with importable(here):
        ran = linkwatch("report", "--lists-only", "wiki.txt", "--allow-empty", cwd=here)
    assert ran.code == 2
    assert "linkwatch.toml:1: plugins: 'evil-plugin' is not installed" in ran.err


@pytest.mark.parametrize(
    ("name", "source", "why"),
    [
        ("mine", "def render(report):\n    return 1 / 0\n", "ZeroDivisionError: division by zero"),
        ("mine", "def render(report):\n    return None\n", "`render` must return a text"),
        ("mine", "", "it needs a function `render(report)`"),
        ("mine", "needs = {1}\ndef render(report): ...\n", "its `needs` must be a set"),
    ],
)
def test_a_format_that_fails_leaves_the_other_reports_alone(
    name: str, source: str, why: str, site: Path, here: Path
) -> None:
    install(site, "broken-plugin", "2.0", {FORMATS: {name: "broken"}}, {"broken.py": source})
    enable(here, "broken-plugin")
    (here / "list.md").write_text("https://youtu.be/HPIYzKUYcYI\n")
    arguments = ["--format", name, "--output", "a.txt", "--format", "json", "--output", "report.json"]
    ran = linkwatch("report", "--lists-only", *arguments, "list.md", cwd=here)
    assert ran.code == 2
    assert why in ran.err
    assert not (here / "a.txt").exists()
    assert (here / "report.json").exists()


def test_a_format_of_ours_is_not_replaced(site: Path, here: Path) -> None:
    source = "def render(report):\n    return 'mine'\n"
    install(site, "broken-plugin", "2.0", {FORMATS: {"json": "broken"}}, {"broken.py": source})
    enable(here, "broken-plugin")
    (here / "list.md").write_text("https://youtu.be/HPIYzKUYcYI\n")
    ran = linkwatch("report", "--lists-only", "--format", "json", "list.md", cwd=here)
    assert json.loads(ran.out)["schema"] == "linkwatch.report/1"


def test_a_reader_that_fails_costs_its_list_alone(site: Path, here: Path) -> None:
    source = "extensions = ('.mine',)\ndef read(lines, file, syntaxes):\n    return [1]\n"
    install(site, "broken-plugin", "2.0", {READERS: {"mine": "broken"}}, {"broken.py": source})
    enable(here, "broken-plugin")
    (here / "a.mine").write_text("text\n")
    (here / "b.md").write_text("https://youtu.be/HPIYzKUYcYI\n")
    met = linkwatch("extract", ".", cwd=here)
    assert (met.code, met.out.count("HPIYzKUYcYI")) == (0, 1)
    assert "a.mine: plug-in broken-plugin 2.0: its reader “mine” can't be used: TypeError" in " ".join(met.err.split())
    assert linkwatch("extract", "a.mine", cwd=here).code == 2


def test_render_of_the_api_names_what_failed(site: Path, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here)
    install(site, "broken-plugin", "2.0", {FORMATS: {"mine": "absent_module"}}, {})
    (here / "list.md").write_text("https://youtu.be/HPIYzKUYcYI\n")
    report = api.load_report(["list.md"], settings=api.Settings(plugins=("broken-plugin",)), lists_only=True)
    with pytest.raises(PluginError, match=r"broken-plugin 2\.0"):
        api.render(report, "mine")
    with pytest.raises(KeyError):
        api.render(report, "nonsense")


@pytest.mark.long
def test_a_message_has_the_finding_of_its_rule(example: Path) -> None:
    with Webhook() as hook, youtube_server(entities=(COURSE, LECTURE)) as server:
        notify = (
            'allow_private = true\n[[notify]]\nurl = "json://$LINKWATCH_PLACE/x?rto=1"\nrules = ["example-shorts"]\n'
        )
        enable(example, "linkwatch-example", more=notify)
        write_list(example, WATCH.replace("watch?v=", "shorts/"))
        ran = linkwatch("check", cwd=example, env=environment(server, LINKWATCH_PLACE=hook.place))
    assert (ran.code, ran.err) == (0, "")
    assert "is a short" in hook.received[0]["message"]
