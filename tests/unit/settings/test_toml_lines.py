import pytest

from linkwatch.settings.toml_lines import line_of

TEXT = """\
lists = ["a.md"]

[rules]
"dead" = "off"
owner-changed = "off"

[[ignore]]
id = "a"

[[ ignore ]]  # the second
'file' = "b"
rules = [
    "dead",
]

[tool.linkwatch]
inside = "off"
[[tool."linkwatch".ignore]]
id = "c"
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (["lists"], 1),
        (["rules"], 3),
        (["rules", "dead"], 4),
        (["rules", "owner-changed"], 5),
        (["ignore", 0], 7),
        (["ignore", 0, "id"], 8),
        (["ignore", 1], 10),
        (["ignore", 1, "file"], 11),
        (["ignore", 1, "rules"], 12),
        (["ignore", 1, "reason"], 10),
        (["tool", "linkwatch"], 16),
        (["tool", "linkwatch", "inside"], 17),
        (["tool", "linkwatch", "ignore", 0, "id"], 19),
        (["rules", "nowhere"], 3),
    ],
)
def test_a_key_is_found_below_the_table_that_it_is_in(path: list[str | int], line: int) -> None:
    assert line_of(TEXT, *path) == line


def test_tables_that_are_written_as_one_value_have_its_line() -> None:
    assert line_of('lists = ["a"]\nignore = [{ id = "a" }, { id = 1 }]\n', "ignore", 1, "id") == 2
