"""Settings: flag, then environment, then file, then default; every error names the file and line."""

from datetime import timedelta
from pathlib import Path

import pytest

from linkwatch.errors import SettingsError
from linkwatch.models import rules
from linkwatch.models.rules import RULES, Level, default_levels
from linkwatch.settings import Ignore, Settings, load_settings

KEY = "AIzaSyA-not-a-real-key"


NUMBER = "must be a whole number from 1 to 1,000,000,000, not"
LENGTH = "must be a length of time such as '6h' or '14d', not"
URL = "must be a URL that begins with http:// or https://, not"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(text: str, name: str = "linkwatch.toml") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def load(text: str = "", **environ: str) -> Settings:
    """The settings of a `linkwatch.toml` and an environment."""
    if text:
        write(text)
    return load_settings(environ=environ)


def error_of(text: str, name: str = "linkwatch.toml") -> SettingsError:
    write(text, name)
    with pytest.raises(SettingsError) as caught:
        load_settings(environ={})
    return caught.value


# Where settings come from.


def test_without_a_file_and_an_environment_everything_has_its_deerror_of() -> None:
    settings = load()
    assert settings == Settings()
    assert settings.database_url == "sqlite:///linkwatch.db"
    assert settings.data_api_url == "https://youtube.googleapis.com/"
    assert settings.oembed_url == "https://www.youtube.com/oembed"
    assert (settings.api_key, settings.quota_per_day, settings.lists, settings.origin) == (None, 10_000, (), None)


def test_the_flag_wins_over_the_environment_that_over_the_file_and_that_over_the_deerror_of() -> None:
    write('database_url = "sqlite:///file.db"\n')
    environ = {"LINKWATCH_DATABASE_URL": "sqlite:///environment.db"}
    assert load_settings(database="flag.db", environ=environ).database_url == "sqlite:///flag.db"
    assert load_settings(environ=environ).database_url == "sqlite:///environment.db"
    assert load_settings(environ={}).database_url == "sqlite:///file.db"
    assert load_settings(environ={"LINKWATCH_DATABASE_URL": " "}).database_url == "sqlite:///file.db"


@pytest.mark.parametrize(
    ("variable", "value", "name", "expected"),
    [
        ("LINKWATCH_DATABASE_URL", "postgresql://host/db", "database_url", "postgresql://host/db"),
        ("LINKWATCH_DATABASE_URL", "/tmp/a b.db", "database_url", "sqlite:////tmp/a b.db"),  # noqa: S108  # not opened
        ("LINKWATCH_DATA_API_URL", "http://127.0.0.1:8123", "data_api_url", "http://127.0.0.1:8123/"),
        ("LINKWATCH_DATA_API_URL", "http://127.0.0.1:8123/", "data_api_url", "http://127.0.0.1:8123/"),
        ("LINKWATCH_OEMBED_URL", "http://127.0.0.1:8123/oembed", "oembed_url", "http://127.0.0.1:8123/oembed"),
        ("LINKWATCH_QUOTA_PER_DAY", " 500 ", "quota_per_day", 500),
    ],
)
def test_the_environment(variable: str, value: str, name: str, expected: object) -> None:
    assert getattr(load(**{variable: value}), name) == expected


@pytest.mark.parametrize("name", ["LINKWATCH_DATA_API_URL", "LINKWATCH_OEMBED_URL"])
@pytest.mark.parametrize("value", ["youtube.example", "ftp://youtube.example"])
def test_an_address_of_an_endpoint_is_a_url(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(**{name: value})
    assert caught.value.message == f"${name} {URL} {value!r}"


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many", "١٢", "9" * 5_000])
def test_an_invalid_variable_is_named(value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^\$LINKWATCH_QUOTA_PER_DAY {NUMBER} "):
        load(LINKWATCH_QUOTA_PER_DAY=value)


def test_the_named_file_wins_over_the_variable_and_that_over_the_file_that_is_there() -> None:
    for name in ("linkwatch.toml", "named.toml", "variable.toml"):
        write(f'lists = ["{name}.md"]', name)
    environ = {"LINKWATCH_CONFIG": "variable.toml"}
    assert load_settings(config="named.toml", environ=environ).lists == ("named.toml.md",)
    assert load_settings(environ=environ).lists == ("variable.toml.md",)
    assert load_settings(environ={}).lists == ("linkwatch.toml.md",)
    assert load_settings(environ={}).origin == "linkwatch.toml"


def test_pyproject_is_read_when_there_is_no_file_of_our_own() -> None:
    write(
        '[project]\nname = "x"\n\n[tool.linkwatch]\nlists = ["a.md"]\n\n[tool.linkwatch.rules]\ngrown = "off"\n',
        "pyproject.toml",
    )
    settings = load_settings(environ={})
    assert (settings.lists, settings.levels[rules.GROWN], settings.origin) == (("a.md",), Level.OFF, "pyproject.toml")
    write('lists = ["b.md"]')
    assert load_settings(environ={}).lists == ("b.md",)


def test_a_pyproject_without_our_table_is_not_read() -> None:
    write("[project\nbroken", "pyproject.toml")
    assert load_settings(environ={}) == Settings()


def test_a_byte_order_mark_is_no_error_of() -> None:
    assert load('\ufefflists = ["a.md"]\r\nconfirm_strikes = 2\r\n').lists == ("a.md",)


# What can be set.


def test_every_setting_of_a_file() -> None:
    settings = load(
        """
        lists = ["README.md", "courses/*.md"]
        database_url = "links.db"
        quota_per_day = 5000
        calls_in_flight = 1
        oembed_in_flight = 2
        confirm_strikes = 4
        confirm_spacing = "90m"
        stale_after = "3w"
        changes_for = "2d"
        retention_days = 7

        [rules]
        duplicate = "error"
        owner-changed = "off"
        """
    )
    assert settings == Settings(
        lists=("README.md", "courses/*.md"),
        database_url="sqlite:///links.db",
        quota_per_day=5_000,
        calls_in_flight=1,
        oembed_in_flight=2,
        confirm_strikes=4,
        confirm_spacing=timedelta(minutes=90),
        stale_after=timedelta(weeks=3),
        changes_for=timedelta(days=2),
        retention_days=7,
        levels={**default_levels(), rules.DUPLICATE: Level.ERROR, rules.OWNER_CHANGED: Level.OFF},
        origin="linkwatch.toml",
    )


def test_the_default_levels_are_those_of_the_contract() -> None:
    by_level = {level: {rule.name for rule in RULES.values() if rule.level is level} for level in Level}
    assert by_level[Level.ERROR] == {"dead", "malformed", "emptied"}
    assert by_level[Level.NOTICE] >= {"retitled", "grown", "uncanonical"}
    assert by_level[Level.WARNING] >= {
        "suspect", "duplicate", "mislabelled", "owner-changed", "restricted", "shrunk", "stale", "unmonitorable",
    }  # fmt: skip
    assert by_level[Level.OFF] == set()
    assert default_levels() == {rule: rule.level for rule in RULES.values()}


@pytest.mark.parametrize("level", Level)
def test_a_rule_can_have_any_level(level: Level) -> None:
    assert load(f'[rules]\ndead = "{level}"').levels == {**default_levels(), rules.DEAD: level}


def test_the_levels_of_the_command_line_win_over_those_of_the_file() -> None:
    write('[rules]\ndead = "off"\ngrown = "error"\n')
    flags = ["dead=warning", "stale=off", "stale=error"]
    expected = {rules.DEAD: Level.WARNING, rules.STALE: Level.ERROR, rules.GROWN: Level.ERROR}
    assert load_settings(rules=flags, environ={}).levels == {**default_levels(), **expected}
    Path("linkwatch.toml").unlink()
    assert load_settings(rules=["dead=notice"], environ={}).levels == {**default_levels(), rules.DEAD: Level.NOTICE}


@pytest.mark.parametrize(
    ("flag", "message", "remedy"),
    [
        ("daed=off", "--rule: unknown rule 'daed'; did you mean 'dead'?", "Known rules: dead, duplicate"),
        ("xyz=off", "--rule: unknown rule 'xyz'", "Known rules: dead, duplicate"),
        ("dead=fatal", "--rule: dead must be one of error, warning, notice, off, not 'fatal'", ""),
        ("dead=eror", "--rule: dead must be one of error, warning, notice, off, not 'eror'; did you mean 'error'?", ""),
        ("dead=", "--rule: dead must be one of error, warning, notice, off, not ''", ""),
        ("dead", "--rule must be NAME=LEVEL, not 'dead'", "For example: --rule "),
        ("", "--rule must be NAME=LEVEL, not ''", "For example: --rule "),
    ],
)
def test_an_invalid_level_on_the_command_line_is_named(flag: str, message: str, remedy: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(rules=[flag], environ={})
    assert caught.value.message == message
    assert caught.value.remedy.startswith(remedy)


# [[ignore]]


def test_ignore_tables_keep_their_order() -> None:
    settings = load(
        """
        [[ignore]]
        url = "*&list=RD*"
        reason = "mixes are another list for everybody"

        [[ignore]]
        id = "PL*"
        section = "Archive > 20[01]?"
        file = "docs/*"
        rules = ["dead", "owner-changed"]
        """
    )
    assert settings.ignore == (
        Ignore(url="*&list=RD*", reason="mixes are another list for everybody"),
        Ignore(id="PL*", section="Archive > 20[01]?", file="docs/*", rules=(rules.DEAD.name, rules.OWNER_CHANGED.name)),
    )


def test_ignore_tables_can_stand_in_pyproject_and_in_one_value() -> None:
    write('[[tool.linkwatch.ignore]]\nid = "x"\n[tool.linkwatch]\nlists = ["a.md"]\n', "pyproject.toml")
    settings = load_settings(environ={})
    assert (settings.ignore, settings.lists) == ((Ignore(id="x"),), ("a.md",))
    assert load('ignore = [{ id = "x" }, { file = "y" }]').ignore == (Ignore(id="x"), Ignore(file="y"))
    assert load("ignore = []").ignore == ()


SOME = '[rules]\ndead = "off"\n\n[[ignore]]\nid = "a"\nrules = ["dead"]\n\n[[ ignore ]]  # the second\n'
"""Its second `[[ignore]]` table begins in line 8."""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "linkwatch.toml:8: this [[ignore]] has no pattern"),
        ('reason = "r"\nrules = ["dead"]\n', "linkwatch.toml:8: this [[ignore]] has no pattern"),
        ('url = "x"\nids = "y"\n', "linkwatch.toml:10: unknown key 'ids' in [[ignore]]; did you mean 'id'?"),
        ('\n\nid = ["x", "y"]\n', "linkwatch.toml:11: id must be a text, not ['x', 'y']"),
        ('section = ""\n', "linkwatch.toml:9: section must be a text, not ''"),
        ('file = "x"\n"reason" = 5\n', "linkwatch.toml:10: reason must be a text, not 5"),
        ('id = "x"\nrules = "dead"\n', "linkwatch.toml:10: rules must be an array of rules, not 'dead'"),
        ('id = "x"\nrules = []\n', "linkwatch.toml:10: rules must be an array of rules, not []"),
        (
            'id = "x"\nrules = ["dead",\n"daed"]\n',
            "linkwatch.toml:10: rules must be an array of rules, not ['dead', 'daed']: 'daed' is unknown; "
            "did you mean 'dead'?",
        ),
        (
            'id = "x"\nrules = [1]\n[[ignore]]\nrules = 1\n',
            "linkwatch.toml:10: rules must be an array of rules, not [1]",
        ),
    ],
)
def test_an_error_in_an_ignore_table_names_the_line_in_that_table(text: str, message: str) -> None:
    error = error_of(SOME + text)
    assert error.message == message
    assert error.remedy


def test_an_error_in_an_ignore_table_of_pyproject_names_the_line_in_our_tables() -> None:
    text = '[[tool.other.ignore]]\nid = 1\n[[tool.linkwatch.ignore]]\nid = "x"\n[[tool.linkwatch."ignore"]]\nid = 1\n'
    assert error_of(text, "pyproject.toml").message == "pyproject.toml:6: id must be a text, not 1"


@pytest.mark.parametrize("text", ['ignore = "x"', '[ignore]\nid = "x"', "ignore = [1]"])
def test_ignore_must_be_an_array_of_tables(text: str) -> None:
    assert error_of(text).message == "linkwatch.toml:1: ignore must be an array of tables"


# The key.


def test_the_key_is_read_from_the_environment_only() -> None:
    assert load(YOUTUBE_API_KEY=f" {KEY}\n").api_key == KEY
    assert load(YOUTUBE_API_KEY="  ").api_key is None


@pytest.mark.parametrize("name", ["api_key", "YOUTUBE_API_KEY", "youtube-api-key", "key"])
def test_a_key_in_a_file_is_refused_and_never_printed(name: str) -> None:
    error = error_of(f'lists = ["a.md"]\n{name} = "{KEY}"\n')
    assert error.message.startswith(f"linkwatch.toml:2: unknown setting '{name}'")
    assert "$YOUTUBE_API_KEY" in error.message
    assert KEY not in error.message + error.remedy


def test_the_key_is_in_no_representation() -> None:
    settings = load(YOUTUBE_API_KEY=KEY)
    assert KEY not in repr(settings) + str(settings)


@pytest.mark.parametrize("key", ["AIza SyA", "AIza\nSyA", "AIzaSyé", "AIza\x00"])
def test_an_invalid_key_is_refused_without_printing_it(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(YOUTUBE_API_KEY=key)
    assert caught.value.message.startswith("$YOUTUBE_API_KEY ")
    assert key not in caught.value.message + caught.value.remedy


# Errors, with file and line.


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("xyz = 5\n", "“linkwatch help settings” lists all of them."),
        ("quota_a_day = 5\n", ""),
        ('[rules]\nxyz = "off"\n', "Known rules: dead, duplicate, "),
        ('[[ignore]]\nxyz = "x"\n', "Known keys: "),
    ],
)
def test_the_remedy_for_an_unknown_name_is_short(text: str, remedy: str) -> None:
    error = error_of(text)
    assert error.remedy.startswith(remedy)
    assert bool(error.remedy) is bool(remedy)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quota = 5\n", "linkwatch.toml:1: unknown setting 'quota'"),
        ("quota_a_day = 5\n", "linkwatch.toml:1: unknown setting 'quota_a_day'; did you mean 'quota_per_day'?"),
        ('lists = ["a.md"]\n\n# levels\n[levels]\ndead = "off"\n', "linkwatch.toml:4: unknown setting 'levels'"),
        ('origin = "x"\n', "linkwatch.toml:1: unknown setting 'origin'"),
        ('"a b" = 1\n', "linkwatch.toml:1: unknown setting 'a b'"),
        ("[tool.linkwatch]\nlists = []\n", "linkwatch.toml:1: unknown setting 'tool'"),
        ('[rules]\ndead = "off"\ndaed = "off"\n', "linkwatch.toml:3: unknown rule 'daed'; did you mean 'dead'?"),
        ('[rules]\ndead = "fatal"\n', "linkwatch.toml:2: dead must be one of error, warning, notice, off, not 'fatal'"),
        ("[rules]\ndead = true\n", "linkwatch.toml:2: dead must be one of error, warning, notice, off, not True"),
        ("[rules]\ndead = []\n", "linkwatch.toml:2: dead must be one of error, warning, notice, off, not []"),
        ('[rules]\nOWNER_CHANGED = "off"\n', "linkwatch.toml:2: unknown rule 'OWNER_CHANGED'"),
        ('\nrules = { duplicat = "off" }\n', "linkwatch.toml:2: unknown rule 'duplicat'"),
        ('\nrules.duplicat = "off"\n', "linkwatch.toml:2: unknown rule 'duplicat'"),
        ('\nrules = "strict"\n', "linkwatch.toml:2: rules must be a table"),
        ("[[rules]]\n", "linkwatch.toml:1: rules must be a table"),
        ('lists = "a.md"\n', "linkwatch.toml:1: lists must be an array of paths"),
        ("lists = []\n", "linkwatch.toml:1: lists must be an array of paths"),
        ('lists = ["a.md", 1]\n', "linkwatch.toml:1: lists must be an array of paths"),
        ('lists = [""]\n', "linkwatch.toml:1: lists must be an array of paths"),
        (
            "\n\nconfirm_strikes = 0\n",
            f"linkwatch.toml:3: confirm_strikes {NUMBER} 0",
        ),
        (
            "confirm_strikes = true\n",
            f"linkwatch.toml:1: confirm_strikes {NUMBER} True",
        ),
        (
            "confirm_strikes = 2.0\n",
            f"linkwatch.toml:1: confirm_strikes {NUMBER} 2.0",
        ),
        (
            'quota_per_day = "500"\n',
            f"linkwatch.toml:1: quota_per_day {NUMBER} '500'",
        ),
        (
            f"quota_per_day = {10**40}\n",
            f"linkwatch.toml:1: quota_per_day {NUMBER} 1000",
        ),
        (
            "retention_days = 36501\n",
            "linkwatch.toml:1: retention_days must be a whole number from 1 to 36,500, not 36501",
        ),
        (
            "confirm_spacing = 6\n",
            f"linkwatch.toml:1: confirm_spacing {LENGTH} 6",
        ),
        (
            'confirm_spacing = "six hours"\n',
            f"linkwatch.toml:1: confirm_spacing {LENGTH} 'six hours'",
        ),
        (
            'confirm_spacing = "-6h"\n',
            f"linkwatch.toml:1: confirm_spacing {LENGTH} '-6h'",
        ),
        (
            'stale_after = "36501d"\n',
            f"linkwatch.toml:1: stale_after {LENGTH} '36501d': at most 36500d",
        ),
        (
            'changes_for = "999999w"\n',
            f"linkwatch.toml:1: changes_for {LENGTH} '999999w': at most 36500d",
        ),
        (
            'inside = "ful"\n',
            "linkwatch.toml:1: inside must be one of off, members, full, not 'ful'; did you mean 'full'?",
        ),
        (
            'restrictions = ["age", "ages"]\n',
            "linkwatch.toml:1: restrictions must be an array of any of age, embedding, regions, live, upcoming, "
            "not ['age', 'ages']: 'ages' is unknown; did you mean 'age'?",
        ),
        (
            'regions = ["GER"]\n',
            "linkwatch.toml:1: regions must be an array of codes of countries such as \"DE\", not ['GER']",
        ),
        (
            'database_url = " "\n',
            "linkwatch.toml:1: database_url must be an SQLAlchemy URL, the path of a file, or xdg, not ' '",
        ),
    ],
)
def test_an_error_names_the_line(text: str, message: str) -> None:
    assert error_of(text).message.startswith(message)


def test_an_error_in_pyproject_names_the_line_in_our_table() -> None:
    """`name` stands in `[project]` as well, and `lists` in another tool's table."""
    text = '[project]\nname = "x"\n[tool.other]\nlists = 1\nrules = 1\n[tool.linkwatch]\n'
    assert error_of(text + 'name = "x"\n', "pyproject.toml").message.startswith(
        "pyproject.toml:7: unknown setting 'name'"
    )
    assert error_of(text + "lists = 1\n", "pyproject.toml").message.startswith("pyproject.toml:7: lists must be")
    table = text + '[tool.linkwatch.rules]\nname = "off"\n'
    assert error_of(table, "pyproject.toml").message.startswith("pyproject.toml:8: unknown rule 'name'")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('lists = ["a.md"]\nconfirm_strikes = \n', 2),
        ('lists = [\n    "a.md",\n', 2),
        ('timezone = "UTC\n', 1),
        ('timezone = """UTC', 1),
        ("[rules\n", 1),
    ],
)
def test_what_is_not_toml_names_the_file_and_the_line(text: str, line: int) -> None:
    """What is never closed, at the last line: there it was missing."""
    assert error_of(text).message.startswith(f"linkwatch.toml:{line}: not TOML: ")


def test_a_file_that_is_not_utf_8_says_so() -> None:
    Path("linkwatch.toml").write_bytes('lists = ["\u00e9.md"]'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"^linkwatch\.toml: not UTF-8$"):
        load_settings(environ={})


@pytest.mark.parametrize(("flag", "variable"), [("nowhere.toml", ""), (None, "nowhere.toml")])
def test_a_named_file_that_is_not_there_is_a_error_of(flag: str | None, variable: str) -> None:
    with pytest.raises(SettingsError, match=r"^nowhere\.toml: No such file"):
        load_settings(config=flag, environ={"LINKWATCH_CONFIG": variable})


def test_a_folder_is_no_settings_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="Is a directory"):
        load_settings(config=str(tmp_path), environ={})


@pytest.mark.parametrize("state_home", ["", "relative/state"], ids=["unset", "relative: to be ignored"])
def test_xdg_names_a_database_of_this_folder_in_the_state_folder_of_the_user(
    state_home: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    names = {}
    for folder in ("courses", "more/courses"):
        (tmp_path / folder).mkdir(parents=True)
        monkeypatch.chdir(tmp_path / folder)
        for home in (state_home, str(tmp_path / "state")):
            monkeypatch.setenv("XDG_STATE_HOME", home)
            names[folder, home] = Path(
                load_settings(database="xdg", environ={}).database_url.removeprefix("sqlite:///")
            )
            assert load_settings(environ={"LINKWATCH_DATABASE_URL": "xdg"}) == load_settings(database="xdg", environ={})
    assert {(name.parent, name.name[:8]) for name in names.values()} == {
        (tmp_path / "home" / ".local" / "state" / "linkwatch", "courses-"),
        (tmp_path / "state" / "linkwatch", "courses-"),
    }
    assert len(set(names.values())) == 4
    assert all(name.parent.stat().st_mode & 0o077 == 0 for name in names.values())


def test_a_state_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(SettingsError, match=r"--database must be .*, not 'xdg': /\S*/file/linkwatch: Not a directory"):
        load_settings(database="xdg", environ={})
