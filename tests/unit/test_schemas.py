"""docs/schemas/: the published schemas are those of the types, and fit what is read and written."""

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from installed_plugins import importable, install_example
from write_schemas import FOLDER, schemas, text_of

from linkwatch.errors import SettingsError
from linkwatch.settings import Settings, load_settings
from linkwatch.settings.schema import settings_schema

ROOT = FOLDER.parents[1]
SETTINGS = json.loads(text_of(settings_schema()))
SCHEMA = jsonschema.Draft202012Validator(SETTINGS)
DEPLOYED = sorted((ROOT / "deploy").rglob("linkwatch.toml"))
BLOCK = re.compile(r"^```toml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_DOCUMENTS = [
    (f"{file.relative_to(ROOT)}:{number}", text)
    for file in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md"))
    for number, text in enumerate(BLOCK.findall(file.read_text("utf-8")))
    if "[[ack]]" not in text and "[project." not in text
]
EXAMPLES = [*IN_DOCUMENTS, *((str(file.relative_to(ROOT)), file.read_text("utf-8")) for file in DEPLOYED)]


def test_the_published_schemas_are_those_of_the_types() -> None:
    """If not: make schemas."""
    published = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir()}
    assert published == {name: text_of(schema) for name, schema in schemas().items()}


@pytest.mark.parametrize("name", schemas())
def test_a_published_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schemas()[name])


def test_there_are_examples() -> None:
    assert len(IN_DOCUMENTS) >= 2
    assert DEPLOYED


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_the_settings_that_are_shown_as_examples_fit_the_schema_and_are_read(text: str, tmp_path: Path) -> None:
    SCHEMA.validate(tomllib.loads(text))
    file = tmp_path / "linkwatch.toml"
    file.write_text(text, "utf-8")
    install_example(tmp_path)
    with importable(tmp_path):
        load_settings(config=str(file), environ={})


EVERYTHING = """
    regions = "DE"
    cadence = "17 6 * * mon-fri"
    ping_url = "$PING"

    [rules]
    owner-changed = "off"

    [[schedule]]
    lists = ["a.md"]
    cadence = "auto"

    [[notify]]
    urls = ["$CHAT", "mailto://a"]
    level = "notice"
    remind = "7d"

    [[ignore]]
    id = "PL*"
    rules = ["dead"]
"""


def test_settings_of_every_shape_fit_the_schema_and_are_read(tmp_path: Path) -> None:
    test_the_settings_that_are_shown_as_examples_fit_the_schema_and_are_read(EVERYTHING, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "colour = 1",
        'api_key = "x"',
        'origin = "x"',
        "quota_per_day = 0",
        'quota_per_day = "500"',
        "hollow_percent = 101",
        'stale_after = "six days"',
        "stale_after = 6",
        "lists = []",
        'inside = "ful"',
        'bind = "8440"',
        'rules = "strict"',
        '[rules]\ndaed = "off"',
        '[rules]\ndead = "fatal"',
        '[[schedule]]\nname = "a"',
        '[[schedule]]\nlists = ["a.md"]\nevery = "1d"',
        '[[notify]]\nurl = "$A"\nlevel = "off"',
        "[[notify]]\nurls = []",
        '[[ignore]]\nid = ["a"]',
        '[[ignore]]\nid = "a"\nrules = ["daed"]',
    ],
)
def test_what_is_refused_does_not_fit_the_schema_either(text: str, tmp_path: Path) -> None:
    assert not SCHEMA.is_valid(tomllib.loads(text))
    file = tmp_path / "linkwatch.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SettingsError):
        load_settings(config=str(file), environ={})


PROPERTIES = {
    "": SETTINGS["properties"],
    **{name: SETTINGS["$defs"][name]["properties"] for name in ("Ignore", "NotifyTable", "ScheduleTable")},
}
"""What each key of a table takes, by the table."""


@pytest.mark.parametrize(("table", "key"), [(table, key) for table, keys in PROPERTIES.items() for key in keys])
def test_every_key_has_a_description_and_its_default_and_examples_are_such_values(table: str, key: str) -> None:
    schema = PROPERTIES[table][key]
    assert schema["description"].endswith(".")
    defaults = [schema["default"]] if schema.get("default") else []
    for value in (*schema.get("examples", []), *defaults):
        jsonschema.Draft202012Validator({**schema, "$defs": SETTINGS["$defs"]}).validate(value)


def test_the_defaults_of_the_schema_are_those_of_the_settings(tmp_path: Path) -> None:
    defaults = {key: schema["default"] for key, schema in SETTINGS["properties"].items() if "default" in schema}
    assert defaults["stale_after"] == "14d"
    file = tmp_path / "linkwatch.toml"
    file.write_text("\n".join(f"{key} = {json.dumps(value)}" for key, value in defaults.items()), "utf-8")
    assert replace(load_settings(config=str(file), environ={}), origin=None) == Settings()
