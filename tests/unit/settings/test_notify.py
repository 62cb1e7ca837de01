"""`[[notify]]`, `ping_url` and `allow_private`; no message and no repr shows an address."""

from datetime import timedelta
from pathlib import Path

import pytest

from linkwatch.errors import SettingsError
from linkwatch.models import rules
from linkwatch.models.rules import Level
from linkwatch.settings import Notify, Settings, load_settings

SECRET = "hush-5ecret"


LENGTH = "must be a length of time such as '6h' or '14d', not"


def read(folder: Path, text: str, name: str = "linkwatch.toml") -> Settings:
    file = folder / name
    file.write_text(text, "utf-8")
    return load_settings(config=str(file), environ={})


def recipients(folder: Path, text: str) -> tuple[Notify, ...]:
    return read(folder, text).notify


def error_of(folder: Path, text: str) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    assert SECRET not in f"{caught.value.message} {caught.value.remedy}"
    return caught.value


def test_there_are_no_recipients_by_default() -> None:
    settings = Settings()
    assert (settings.notify, settings.ping_url, settings.allow_private) == ((), None, False)


def test_a_table_is_a_recipient(tmp_path: Path) -> None:
    (recipient,) = recipients(
        tmp_path,
        '[[notify]]\nurl = "$CHAT"\nname = "team"\nlists = ["courses/*"]\nrules = ["dead"]\n'
        'level = "error"\nremind = "7d"\ntemplate = "words.txt"\n',
    )
    assert (recipient.name, recipient.url, recipient.lists, recipient.rules) == (
        "team",
        "$CHAT",
        ("courses/*",),
        (rules.DEAD,),
    )
    assert (recipient.level, recipient.remind, recipient.template) == (Level.ERROR, timedelta(days=7), "words.txt")
    assert recipient.place == f"{tmp_path / 'linkwatch.toml'}:1"


def test_by_default_a_recipient_gets_all_warnings_once_in_our_text(tmp_path: Path) -> None:
    (recipient,) = recipients(tmp_path, '[[notify]]\nurl = "$CHAT"\n')
    assert (recipient.lists, recipient.rules, recipient.level, recipient.remind, recipient.template) == (
        (),
        (),
        Level.WARNING,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("url", "name"),
    [("$CHAT", "CHAT"), ("${CHAT}", "CHAT"), (f"slack://{SECRET}", "slack-"), (f"$KIND://{SECRET}", "notify-")],
)
def test_the_default_name_holds_no_secret(tmp_path: Path, url: str, name: str) -> None:
    (recipient,) = recipients(tmp_path, f'[[notify]]\nurl = "{url}"\n')
    assert recipient.name.startswith(name)
    assert SECRET not in recipient.name


def test_several_addresses_are_as_many_recipients_each_with_a_name(tmp_path: Path) -> None:
    several = recipients(tmp_path, '[[notify]]\nname = "team"\nurls = ["slack://a", "slack://b"]\nlevel = "notice"\n')
    assert [one.url for one in several] == ["slack://a", "slack://b"]
    assert len({one.name for one in several}) == 2
    assert all(one.name.startswith("team-") and one.level is Level.NOTICE for one in several)


def test_a_repr_shows_no_address(tmp_path: Path) -> None:
    settings = read(tmp_path, f'ping_url = "https://ping.example/{SECRET}"\n[[notify]]\nurl = "slack://{SECRET}"\n')
    assert SECRET not in repr(settings)


def test_an_error_in_pyproject_names_the_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("pyproject.toml").write_text('[[tool.linkwatch.notify]]\nurl = "$A"\n\n[[tool.linkwatch.notify]]\nurls = 1\n')
    with pytest.raises(SettingsError, match=r"pyproject\.toml:5: urls must be"):
        load_settings(environ={})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'[[notify]]\nurl = "slack://{SECRET}"\nurk = 1\n', ":3: unknown key 'urk'"),
        ('[[notify]]\nname = "team"\n', ":1: this [[notify]] has no address"),
        (f'[[notify]]\nurl = "slack://{SECRET}"\nurls = ["$A"]\n', ":1: this [[notify]] has url and urls"),
        (f'[[notify]]\nurl = "{SECRET}"\n', ":2: url must be an address"),
        (f'[[notify]]\nurl = "json:$PLACE/{SECRET}"\n', ":2: url must be an address"),
        ("[[notify]]\nurl = 1\n", ":2: url must be an address"),
        ("[[notify]]\nurls = []\n", ":2: urls must be an array of addresses"),
        (f'[[notify]]\nurls = "slack://{SECRET}"\n', ":2: urls must be an array of addresses"),
        ('[[notify]]\nurl = "$A"\nlists = "a.csv"\n', ":3: lists must be an array of patterns"),
        (
            '[[notify]]\nurl = "$A"\nrules = ["dead", "gone"]\n',
            ":3: rules must be an array of rules, not ['dead', 'gone']: 'gone' is unknown",
        ),
        ('[[notify]]\nurl = "$A"\nrules = []\n', ":3: rules must be an array"),
        ('[[notify]]\nurl = "$A"\nlevel = "off"\n', ":3: level must be one of error, warning, notice"),
        (
            '[[notify]]\nurl = "$A"\nremind = "weekly"\n',
            f":3: remind {LENGTH} 'weekly'",
        ),
        ('[[notify]]\nurl = "$A"\nremind = 7\n', f":3: remind {LENGTH} 7"),
        ('[[notify]]\nurl = "$A"\nname = "two\\nlines"\n', ":3: name must be a text on one line"),
        ('[[notify]]\nurl = "$A"\ntemplate = ""\n', ":3: template must be the path of a file beside the settings"),
        ('[[notify]]\nurl = "$A"\n\n[[notify]]\nurl = "$A"\n', ":4: this [[notify]] has the name 'A' of another one"),
        ('[notify]\nurl = "$A"\n', ":1: notify must be an array of tables"),
        (f'ping_url = "{SECRET}"\n', ":1: ping_url must be a URL"),
        ("ping_url = 1\n", ":1: ping_url must be a URL"),
        ('allow_private = "yes"\n', ":1: allow_private must be true or false, not 'yes'"),
    ],
)
def test_an_error_names_the_line(tmp_path: Path, text: str, message: str) -> None:
    assert f"linkwatch.toml{message}" in error_of(tmp_path, text).message


@pytest.mark.parametrize("url", ["https://ping.example/x", "$PING", "http://127.0.0.1:1/$ID"])
def test_a_ping_may_go_to_a_url_or_a_variable(tmp_path: Path, url: str) -> None:
    settings = read(tmp_path, f'ping_url = "{url}"\nallow_private = true\n')
    assert (settings.ping_url, settings.allow_private) == (url, True)
