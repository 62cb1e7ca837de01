"""A user's own words: a sandboxed template that sees the digest; what is wrong with it is reported with its line."""

from dataclasses import replace
from pathlib import Path

import pytest
from unit.notifications.test_selection import TARGET

from linkwatch.errors import SettingsError
from linkwatch.notifications.text import MAX_LENGTH
from linkwatch.notifications.user_templates import EXAMPLE, read_templates, render_template


def words(folder: Path, text: str, **changes: object) -> str:
    file = folder / "words.txt"
    file.write_text(text, "utf-8")
    templates = read_templates([replace(TARGET, template=file.name)], file.parent)
    return render_template(templates[TARGET.name], replace(EXAMPLE, **changes))  # type: ignore[arg-type]  # by their names


def test_a_template_says_it_in_its_own_words_and_the_id_stays(tmp_path: Path) -> None:
    text = "Hello!\n{% for section in digest.sections %}\n{{ section.count }} {{ section.title }}\n{% endfor %}\n"
    assert words(tmp_path, text) == "Hello!\n1 Broken\n\nmessage 0123456789ab of linkwatch"


def test_what_it_says_is_cut_to_a_sensible_length(tmp_path: Path) -> None:
    assert len(words(tmp_path, "{{ 'x' * 9999 }}")) <= MAX_LENGTH + 50


def test_a_title_is_text_and_no_template(tmp_path: Path) -> None:
    assert words(tmp_path, "{{ digest.title }}", title="{{ 6 * 7 }}").startswith("{{ 6 * 7 }}")


def test_who_has_none_needs_none() -> None:
    assert read_templates([TARGET], Path()) == {}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fine\n{% if %}\n", 2),
        ("fine\n\n{{ digest.sectoins }}\n", 3),
        ("{{ nonsense }}\n", 1),
        ("\n{{ 1 / 0 }}\n", 2),
        ("\n\n{{ digest.__class__.__mro__ }}\n", 3),
        ("{% for n in range(99999999) %}{% endfor %}\n", 1),
        ("{% include '/etc/passwd' %}\n", 1),
    ],
)
def test_what_is_wrong_is_reported_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SettingsError, match=rf"words\.txt:{line}: the template fails"):
        words(tmp_path, text)


@pytest.mark.parametrize(("content", "said"), [(None, "No such file"), (b"caf\xe9", "not UTF-8")])
def test_one_that_cannot_be_read_is_named_with_its_table(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "words.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=rf"^linkwatch\.toml:1: template .*words\.txt: {said}"):
        read_templates([replace(TARGET, template=file.name)], file.parent)
