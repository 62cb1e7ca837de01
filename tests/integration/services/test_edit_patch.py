"""The patch of a list in a file, as `patch` applies it."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwatch.errors import UsageError
from linkwatch.services.edit_patch import EditableFile, files_of, patch_of, read_editable
from linkwatch.settings import Settings

VIDEO, OTHER = "https://youtu.be/jNQXAC9IVRw", "https://youtu.be/dQw4w9WgXcQ"


def read(folder: Path, content: bytes, name: str = "a.md") -> EditableFile:
    (folder / name).write_bytes(content)
    return read_editable(files_of([name], Settings())[name], Settings())


def patched(folder: Path, file: EditableFile, patch: str) -> bytes:
    command = ["patch", "-p0", "--binary"]
    subprocess.run(command, input=patch.encode(file.encoding), check=True, cwd=folder, capture_output=True)
    return (folder / file.name).read_bytes()


@pytest.fixture(autouse=True)
def _working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("content", "replaced", "after", "added", "expected"),
    [
        (f"a\n{VIDEO}\nb\n", {2: OTHER}, None, "", f"a\n{OTHER}\nb\n"),
        (f"a\n{VIDEO}\nb\n", {2: ""}, None, "", "a\nb\n"),
        (f"a\n{VIDEO}\nb\n", {2: "x\r\ny"}, None, "", "a\nx y\nb\n"),
        (f"a\n{VIDEO}\nb\n", {}, 2, "x\r\n\r\ny", f"a\n{VIDEO}\nx\ny\nb\n"),
        (f"a\n{VIDEO}\nb\n", {2: ""}, 2, "x", "a\nx\nb\n"),
        (f"a\n{VIDEO}\nb\n", {}, 0, "x", f"x\na\n{VIDEO}\nb\n"),
        (f"a\n{VIDEO}\nb\n", {}, 3, "x", f"a\n{VIDEO}\nb\nx\n"),
        (f"a\r\n{VIDEO}\r\nb\r\n", {2: OTHER}, 2, "x", f"a\r\n{OTHER}\r\nx\r\nb\r\n"),
        (f"a\n{VIDEO}", {2: OTHER}, 2, "x", f"a\n{OTHER}\nx"),
        (f"a\n{VIDEO}", {2: ""}, None, "", "a\n"),
        (f"\ufeff{VIDEO}\nb\n", {1: OTHER}, None, "", f"\ufeff{OTHER}\nb\n"),
    ],
)
def test_a_patch_makes_what_was_typed(
    tmp_path: Path, content: str, replaced: dict[int, str], after: int | None, added: str, expected: str
) -> None:
    file = read(tmp_path, content.encode())
    assert patched(tmp_path, file, patch_of(file, replaced, after=after, added=added)) == expected.encode()


def test_a_patch_of_another_encoding_is_in_it(tmp_path: Path) -> None:
    file = read(tmp_path, f"Café: {VIDEO}\n".encode("windows-1252"))
    patch = patch_of(file, {1: f"Thé: {VIDEO}"}, after=None, added="")
    assert patched(tmp_path, file, patch) == f"Thé: {VIDEO}\n".encode("windows-1252")


def test_of_utf_16_there_is_no_patch(tmp_path: Path) -> None:
    file = read(tmp_path, f"{VIDEO}\n".encode("utf-16"))
    with pytest.raises(UsageError, match="no patch can be made"):
        patch_of(file, {1: OTHER}, after=None, added="")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["text", "", f"- {VIDEO}", f"- {OTHER}"]), max_size=30), st.data())
def test_any_change_of_lines_is_the_patch_of_it(lines: list[str], data: st.DataObject) -> None:
    linked = [number for number, line in enumerate(lines, start=1) if "://" in line]
    chosen = data.draw(st.sets(st.sampled_from(linked), max_size=5)) if linked else set()
    replaced = {number: data.draw(st.sampled_from(["", "new"])) for number in chosen}
    after, added = data.draw(st.integers(0, len(lines))), data.draw(st.sampled_from(["", "x", "x\ny"]))
    expected = [*lines]
    for number, text in replaced.items():
        expected[number - 1] = text or "\0"
    expected[after:after] = added.split() if added else []
    wanted = "".join(f"{line}\n" for line in expected if line != "\0")
    file = read(Path(), "".join(f"{line}\n" for line in lines).encode())
    assert file.linked == tuple(linked)
    if not replaced and not added:
        with pytest.raises(UsageError):
            patch_of(file, replaced, after=after, added=added)
    else:
        assert patched(Path(), file, patch_of(file, replaced, after=after, added=added)).decode() == wanted
