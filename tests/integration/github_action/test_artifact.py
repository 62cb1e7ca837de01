"""The database from an artifact: only the default branch's own, without the token for the host that has it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import respx

from linkwatch.github_action.artifact import restore

API = "https://github.example/api/v3"
LISTED = f"{API}/repos/somebody/lists/actions/artifacts"
ZIP = "https://blobs.example/artifact.zip?signature=s"
OURS: dict[str, Any] = {
    "id": 5,
    "expired": False,
    "workflow_run": {"repository_id": 1, "head_repository_id": 1, "head_branch": "main"},
}
FORKED = OURS | {"workflow_run": {"repository_id": 1, "head_repository_id": 2, "head_branch": "main"}}
PROPOSED = OURS | {"workflow_run": {"repository_id": 1, "head_repository_id": 1, "head_branch": "feature"}}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    payload = tmp_path / "event.json"
    payload.write_text(json.dumps({"repository": {"default_branch": "main"}}), "utf-8")
    return {
        "GITHUB_API_URL": API,
        "GITHUB_REPOSITORY": "somebody/lists",
        "GITHUB_EVENT_PATH": str(payload),
        "INPUT_ARTIFACT": "links",
        "INPUT_DATABASE": str(tmp_path / ".linkwatch" / "links.db"),
        "INPUT_TOKEN": "a-token",
    }


def packed(name: str = "links.db", content: bytes = b"SQLite format 3") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def artifacts(*listed: dict[str, Any]) -> respx.Route:
    return respx.get(LISTED, params={"name": "links"}).respond(json={"artifacts": list(listed)})


def redirect(id_: int = 5) -> respx.Route:
    return respx.get(f"{LISTED}/{id_}/zip").respond(302, headers={"Location": ZIP})


@respx.mock
def test_the_newest_of_the_default_branch_is_taken(environ: dict[str, str]) -> None:
    strangers = [FORKED | {"id": 9}, PROPOSED | {"id": 8}, OURS | {"id": 7, "expired": True}, {"id": 6}]
    listed = artifacts(*strangers, OURS, OURS | {"id": 4})
    redirect()
    blob = respx.get(ZIP).respond(200, content=packed(content=b"x" * 3_000_000))
    assert restore(environ) == 0
    assert Path(environ["INPUT_DATABASE"]).read_bytes() == b"x" * 3_000_000
    assert listed.calls[0].request.headers["authorization"] == "Bearer a-token"
    assert "authorization" not in blob.calls[0].request.headers


@respx.mock
@pytest.mark.parametrize("listed", [[], [FORKED], [PROPOSED], [OURS | {"expired": True}]])
def test_without_one_the_check_has_no_history_and_says_so(
    environ: dict[str, str], listed: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    artifacts(*listed)
    assert restore(environ) == 0
    assert "::notice title=linkwatch::No artifact links of the default branch" in capfd.readouterr().out
    assert not Path(environ["INPUT_DATABASE"]).exists()


@respx.mock
def test_a_database_that_is_there_is_kept(environ: dict[str, str]) -> None:
    database = Path(environ["INPUT_DATABASE"])
    database.parent.mkdir()
    database.write_bytes(b"mine")
    assert restore(environ) == 0
    assert database.read_bytes() == b"mine"
    assert not respx.calls


@respx.mock
def test_a_database_on_a_server_needs_none(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.rglob("*"))
    assert restore(environ | {"INPUT_DATABASE": "postgresql+psycopg://linkwatch:secret@db.example/links"}) == 0
    assert not respx.calls
    assert sorted(tmp_path.rglob("*")) == before


@respx.mock
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no zip", "it is broken"),
        (packed()[:-30], "it is broken"),
        (packed(name="other.db"), "it holds no links.db"),
        (packed(name="../links.db"), "it holds no links.db"),
    ],
)
def test_a_broken_artifact_is_a_warning_and_leaves_no_database(
    environ: dict[str, str], content: bytes, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    artifacts(OURS)
    redirect()
    respx.get(ZIP).respond(200, content=content)
    assert restore(environ) == 0
    assert said in capfd.readouterr().out
    folder = Path(environ["INPUT_DATABASE"]).parent
    assert list(folder.iterdir()) == []


@respx.mock
@pytest.mark.parametrize(("status", "said"), [(403, "actions: read"), (410, "has expired")])
def test_a_refusal_is_a_warning(
    environ: dict[str, str], status: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    artifacts(OURS)
    respx.get(f"{LISTED}/5/zip").respond(status)
    assert restore(environ) == 0
    out = capfd.readouterr().out
    assert out.startswith("::warning")
    assert said in out
    assert "a-token" not in out
