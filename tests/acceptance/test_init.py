"""`linkwatch init`: settings for what is there, and nothing that is there is touched."""

import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from acceptance.command import environment, linkwatch
from acceptance.youtube_servers import youtube_server
from jsonschema import Draft202012Validator
from msgspec import json
from ruamel.yaml import YAML

OFFLINE = environment(key=None)
LINK = "- [A talk](https://youtu.be/aB3dE5gH7jI)\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A README, a folder of pages, a folder that is ignored, and what has no links."""
    for name, text in {
        "README.md": LINK * 2,
        "with space.md": LINK,
        "courses/one.md": LINK,
        "courses/deep/two.md": LINK * 3,
        "old/gone.md": LINK,
        "notes.md": "no links",
        ".linkwatchignore": "old/\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_the_lists_that_have_links_are_named_and_then_checked_without_naming_them(site: Path) -> None:
    ran = linkwatch("init", cwd=site, env=OFFLINE)
    assert (ran.code, ran.err) == (0, "")
    assert tomllib.loads((site / "linkwatch.toml").read_text())["lists"] == ["README.md", "courses/", "with space.md"]
    assert "courses/: 4 links in 2 files" in ran.out
    assert "“linkwatch help key” says how to get one" in ran.out
    assert "7 links" in linkwatch("report", "--lists-only", cwd=site, env=OFFLINE).out


def test_the_settings_fit_the_schema_that_is_written_beside_them(site: Path) -> None:
    assert linkwatch("init", "--schema", cwd=site, env=OFFLINE).code == 0
    text = (site / "linkwatch.toml").read_text()
    assert text.startswith("#:schema ./linkwatch.toml.schema.json\n")
    schema = json.decode((site / "linkwatch.toml.schema.json").read_bytes())
    Draft202012Validator(schema).validate(tomllib.loads(text))
    assert linkwatch("report", "--lists-only", cwd=site, env=OFFLINE).code == 0


def test_every_hint_of_the_settings_can_be_uncommented(site: Path) -> None:
    linkwatch("init", cwd=site, env=OFFLINE)
    settings = site / "linkwatch.toml"
    lines = settings.read_text().splitlines()
    settings.write_text("\n".join(line.removeprefix("# ") if "=" in line or "[" in line else line for line in lines))
    assert linkwatch("report", "--lists-only", cwd=site, env=OFFLINE).err == ""


def test_the_workflow_checks_the_lists(site: Path) -> None:
    ran = linkwatch("init", "--github", cwd=site, env=OFFLINE)
    assert "replace OWNER" in ran.out
    workflow = YAML(typ="safe").load((site / ".github/workflows/linkwatch.yml").read_text())
    (step,) = [step for step in workflow["jobs"]["linkwatch"]["steps"] if step.get("id") == "linkwatch"]
    assert shlex.split(step["with"]["lists"]) == ["README.md", "courses/", "with space.md"]


def test_the_line_for_cron_runs_a_check_in_this_folder(site: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = site.rename(site.with_name("100% mine"))
    line = linkwatch("init", "--cron", "--quiet", cwd=folder, env=OFFLINE).out.rstrip("\n")
    *times, command = line.split(maxsplit=5)
    assert len(times) == 5
    assert r"100\% mine" in command, "a bare % is a line end to cron"
    home = tmp_path_factory.mktemp("home")
    (home / ".config").mkdir()
    shell = ["sh", "-c", command.replace(r"\%", "%")]
    with youtube_server() as youtube:
        (home / ".config" / "linkwatch.env").write_text(f"LINKWATCH_OEMBED_URL={youtube.oembed_url}\n")
        ran = subprocess.run(shell, env={**OFFLINE, "HOME": str(home)}, capture_output=True, text=True, check=False)
    assert ran.returncode == 1, "the video is unknown at the address of the file"
    assert (folder / "linkwatch.db").exists()


@pytest.mark.parametrize(
    ("name", "text"), [("linkwatch.toml", "# mine\n"), ("pyproject.toml", "[tool.linkwatch]\nlists = ['README.md']\n")]
)
def test_settings_that_are_there_stay_and_what_is_missing_is_added(site: Path, name: str, text: str) -> None:
    (site / name).write_text(text)
    ran = linkwatch("init", cwd=site, env=OFFLINE)
    assert (ran.code, ran.out) == (2, "")
    assert f"{name} has settings already, and stays as it is" in ran.err
    assert linkwatch("init", "--github", cwd=site, env=OFFLINE).code == 0
    again = linkwatch("init", "--github", cwd=site, env=OFFLINE)
    assert again.code == 2
    assert ".github/workflows/linkwatch.yml is there already" in again.err
    assert (site / name).read_text() == text


def test_where_nothing_has_a_link_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("nothing")
    ran = linkwatch("init", cwd=tmp_path, env=OFFLINE)
    assert ran.code == 2
    assert "no file here has a YouTube link" in ran.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.md"]


def test_the_key_is_not_written(site: Path) -> None:
    ran = linkwatch("init", "--cron", cwd=site, env=environment(key="hush-hush-hush"))
    assert "The key of the environment is used." in ran.out
    assert "hush" not in ran.out + ran.err + "".join(path.read_text() for path in site.rglob("*") if path.is_file())
