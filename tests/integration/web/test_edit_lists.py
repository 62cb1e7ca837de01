"""Lists are added, edited, paused and removed on the dashboard; what is wrong is said, and what was typed is kept."""

import re
import socket
import subprocess
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from integration.web.conftest import Serve
from integration.web.fake_daemon import FakeDaemon
from integration.web.test_pages import text_of

from linkwatch.services import stored_lists
from linkwatch.services.list_input import read_typed
from linkwatch.settings import Settings

VIDEO, OTHER = "https://youtu.be/jNQXAC9IVRw", "https://youtu.be/dQw4w9WgXcQ"


@pytest.fixture
def client(serve: Serve, daemon: FakeDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """A browser on the dashboard of a daemon without a list; relative paths begin in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return serve(daemon)


def stored(daemon: FakeDaemon, name: str = "talks") -> str:
    return stored_lists.load_list(daemon.database, name)[1]


def names(daemon: FakeDaemon) -> list[str]:
    return [each.name for each in stored_lists.stored_lists(daemon.database)]


def with_list(daemon: FakeDaemon, *lines: str, name: str = "talks") -> None:
    stored_lists.add_links(daemon.database, name, read_typed("\n".join(lines), Settings()))
    daemon.refresh_stored_lists()


def field(page: httpx.Response, name: str) -> str:
    """What a field of a form holds."""
    found = re.search(rf'<(textarea|input)([^>]* name="{name}"[^>]*)>\n?([^<]*)', page.text)
    assert found is not None, name
    if found[1] == "textarea":
        return unescape(found[3])
    value = re.search(' value="([^"]*)"', found[2])
    return unescape(value[1]) if value else ""


def post(client: httpx.Client, page: str, **fields: str) -> httpx.Response:
    """As a browser does that has the form open."""
    return client.post(page, data={"form": field(client.get("/add-list"), "form"), "next": "/", **fields})


def edit(client: httpx.Client, path: str = "/edit/talks", **fields: str) -> httpx.Response:
    return post(client, path, file="list:talks", digest=field(client.get(path), "digest"), **fields)


def upload(client: httpx.Client, content: bytes, name: str, **fields: str) -> httpx.Response:
    form = field(client.get("/add-list"), "form")
    data = {"form": form, "next": "/", "how": "file", **fields}
    return client.post("/add-list", data=data, files={"file": (name, content)})


def said(response: httpx.Response) -> str:
    return unquote(response.cookies.get("linkwatch_said") or "")


def test_without_a_list_the_dashboard_says_how_to_add_one(client: httpx.Client) -> None:
    for path in ("/", "/lists"):
        page = client.get(path)
        assert "no list" in text_of(page).lower()
        assert 'href="/add-list"' in page.text
    assert client.get("/add-list").status_code == 200


def test_pasted_links_become_a_list(client: httpx.Client, daemon: FakeDaemon) -> None:
    answer = post(client, "/add-list", how="links", name=" talks ", links=f"# Old\r\nZoo {VIDEO}\r\n\r\n{OTHER}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/lists/talks")
    assert stored(daemon) == f"url,label,owner,section\n{VIDEO},Zoo,,Old\n{OTHER},,,Old\n"
    page = text_of(client.get("/lists/talks"))
    assert "“talks” was added" in page
    assert "Zoo" in page


def test_an_uploaded_file_becomes_a_list_under_its_name(client: httpx.Client, daemon: FakeDaemon) -> None:
    answer = upload(client, f"<h2>Öld</h2><a href='{VIDEO}'>Zoo</a>".encode(), "my page.html")
    assert answer.headers["location"] == "/lists/my%20page"
    assert stored(daemon, "my page") == f"url,label,owner,section\n{VIDEO},Zoo,,Öld\n"


def test_a_path_is_watched_and_the_file_stays_the_truth(client: httpx.Client, daemon: FakeDaemon) -> None:
    Path("notes.md").write_text(f"[Zoo]({VIDEO})\n", "utf-8")
    answer = post(client, "/add-list", how="path", path="notes.md")
    assert answer.headers["location"] == "/lists/notes.md"
    (state,) = daemon.schedules()
    assert state.files == ("notes.md",)


@pytest.mark.parametrize(
    ("fields", "message", "kept"),
    [
        (
            {"how": "links", "name": "talks", "links": f"{VIDEO}\nfoo <bar>\n"},
            "Line 2 has no YouTube link: “foo <bar>”.",
            {"name": "talks", "links": f"{VIDEO}\nfoo <bar>\n"},
        ),
        (
            {"how": "links", "name": "a/b", "links": VIDEO},
            "“a/b” can't be the name of a list.",
            {"name": "a/b", "links": VIDEO},
        ),
        ({"how": "links", "name": "taken", "links": VIDEO}, "There is a list “taken” already.", {"links": VIDEO}),
        ({"how": "path", "path": "/etc/passwd"}, "“/etc/passwd” is not below a folder", {"path": "/etc/passwd"}),
        ({"how": "path", "path": "none.md"}, "“none.md” does not exist", {"path": "none.md"}),
        ({"how": "file"}, "No file is chosen.", {}),
        ({}, "There is no link.", {}),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: httpx.Client, daemon: FakeDaemon, fields: dict[str, str], message: str, kept: dict[str, str]
) -> None:
    with_list(daemon, VIDEO, name="taken")
    answer = post(client, "/add-list", **fields)
    assert answer.status_code == 422
    if fields:
        assert message in text_of(answer)
    for name, value in kept.items():
        assert field(answer, name) == value
    assert names(daemon) == ["taken"]


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "a.png", "is not text"),
        (b"url\nhttps://vimeo.com/1\n", "a.csv", "No YouTube link found in a.csv"),
        (b'{"a": ', "a.json", "a.json"),
    ],
)
def test_an_upload_that_is_no_list_is_refused(
    client: httpx.Client, daemon: FakeDaemon, content: bytes, name: str, message: str
) -> None:
    answer = upload(client, content, name)
    assert (answer.status_code, message in text_of(answer)) == (422, True)
    assert names(daemon) == []


def test_forms_are_bounded_and_others_than_those_of_lists_more_so(client: httpx.Client, daemon: FakeDaemon) -> None:
    long = f"{VIDEO}\n" * 100_000
    assert upload(client, long.encode(), "long.txt").status_code == 303
    for path, size in (("/add-list", 8_000_001), ("/edit/long", 8_000_001), ("/acks", 16_385)):
        assert status_before_the_body(client, path, size) == 413
    assert names(daemon) == ["long"]


def status_before_the_body(client: httpx.Client, path: str, size: int) -> int:
    """What is answered to the head of a request; who sends the body of one that is refused may lose the answer."""
    host = client.base_url.netloc
    head = b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Length: %d\r\n\r\n" % (path.encode(), host, size)
    with socket.create_connection((client.base_url.host, client.base_url.port or 80), timeout=30) as raw:
        raw.sendall(head)
        with raw.makefile("rb") as answer:
            return int(answer.readline().split()[1])


def test_links_are_added_to_a_list(client: httpx.Client, daemon: FakeDaemon) -> None:
    with_list(daemon, VIDEO)
    answer = edit(client, action="add", links=f"{VIDEO}\n{OTHER} Rick")
    assert (answer.status_code, answer.headers["location"]) == (303, "/edit/talks?file=list%3Atalks")
    assert stored(daemon).endswith(f"\n{OTHER},Rick,,\n")
    assert "Added 1 link to “talks”. 1 link it had already." in said(answer)
    wrong = edit(client, action="add", links=f"{OTHER}\nnothing")
    assert "Line 2 has no YouTube link" in text_of(wrong)
    assert field(wrong, "links") == f"{OTHER}\nnothing"


def test_a_link_is_paused_resumed_changed_and_removed(client: httpx.Client, daemon: FakeDaemon) -> None:
    with_list(daemon, VIDEO, OTHER)
    edit(client, action="pause", line="3")
    assert "(paused)" in text_of(client.get("/edit/talks"))
    assert len(daemon.read(daemon.schedules()[0]).catalogue.links) == 1
    edit(client, action="resume", line="3")
    assert len(daemon.read(daemon.schedules()[0]).catalogue.links) == 2
    path = "/edit/talks?file=list:talks&line=3"
    assert field(client.get(path), "cell 0") == OTHER
    edit(client, action="cells", line="3", **{"cell 0": f"{OTHER}?t=5", "cell 1": "Rick\r\n", "cell 3": "Songs"})
    assert f"\n{OTHER}?t=5,Rick,,Songs," in stored(daemon)
    edit(client, action="remove", line="2")
    assert VIDEO not in stored(daemon)
    last = edit(client, action="remove", line="2")
    assert "No link would be left" in text_of(last)


@pytest.mark.parametrize("url", ["", "https://vimeo.com/1", "https://youtu.be/short"])
def test_a_link_is_not_changed_into_none(client: httpx.Client, daemon: FakeDaemon, url: str) -> None:
    with_list(daemon, VIDEO)
    answer = edit(client, action="cells", line="2", **{"cell 0": url, "cell 1": "typed"})
    assert answer.status_code == 422
    assert (field(answer, "cell 0"), field(answer, "cell 1")) == (url, "typed")
    assert "Link on line 2" in text_of(answer)
    assert stored(daemon) == f"url,label,owner,section\n{VIDEO},,,\n"


def test_a_list_is_edited_as_a_whole_and_what_was_in_it_may_stay(client: httpx.Client, daemon: FakeDaemon) -> None:
    upload(client, f"url;note\n{VIDEO};x\nhttps://vimeo.com/1;y\n".encode(), "talks.csv")
    text = field(client.get("/edit/talks"), "text")
    assert text == f"url,note\n{VIDEO},x\nhttps://vimeo.com/1,y\n"
    assert edit(client, action="text", text=text + f"{OTHER},z\r\n").status_code == 303
    assert stored(daemon) == text + f"{OTHER},z\n"
    wrong = edit(client, action="text", text=text + "https://vimeo.com/2,z\n")
    assert "Line 4: “https://vimeo.com/2” is not a link to YouTube." in text_of(wrong)
    assert field(wrong, "text") == text + "https://vimeo.com/2,z\n"


def test_a_list_is_replaced_by_an_upload_and_downloaded(client: httpx.Client, daemon: FakeDaemon) -> None:
    with_list(daemon, VIDEO)
    page = client.get("/edit/talks")
    data = {name: field(page, name) for name in ("form", "file", "digest")} | {"action": "upload"}
    answer = client.post("/edit/talks", data=data, files={"upload": ("x.md", f"* [Rick]({OTHER})".encode())})
    assert answer.status_code == 303
    download = client.get("/stored/talks.csv")
    assert download.text == stored(daemon) == f"url,label,owner,section\n{OTHER},Rick,,\n"
    assert "attachment" in download.headers["content-disposition"]


def test_of_two_who_edit_the_second_is_told_and_keeps_what_was_typed(client: httpx.Client, daemon: FakeDaemon) -> None:
    with_list(daemon, VIDEO)
    digest = field(client.get("/edit/talks"), "digest")
    edit(client, action="add", links=OTHER)
    late = post(client, "/edit/talks", file="list:talks", digest=digest, action="text", text=f"url\n{VIDEO}\n")
    assert "“talks” was changed meanwhile" in text_of(late)
    assert field(late, "text") == f"url\n{VIDEO}\n"
    assert OTHER in stored(daemon)


def test_a_list_is_removed_after_a_question(client: httpx.Client, daemon: FakeDaemon) -> None:
    with_list(daemon, VIDEO)
    page = client.get("/remove/talks")
    assert "Remove “talks”?" in text_of(page)
    assert names(daemon) == ["talks"], "to ask is not to do"
    answer = post(client, "/remove/talks")
    assert answer.headers["location"] == "/lists"
    assert names(daemon) == []
    assert daemon.schedules() == ()
    for path in ("/remove/talks", "/edit/talks", "/stored/talks.csv"):
        assert client.get(path).status_code == 404


def test_a_list_in_a_file_is_edited_as_a_patch(client: httpx.Client, daemon: FakeDaemon, tmp_path: Path) -> None:
    text = f"# Talks\nsecret = 1\n- [Zoo]({VIDEO})\n- [Rick]({OTHER})\nend\n"
    Path("notes.md").write_text(text, "utf-8")
    post(client, "/add-list", how="path", path="notes.md")
    page = client.get("/edit/notes.md")
    assert "secret" not in page.text, "no line without a link is shown"
    fields = {name: field(page, name) for name in ("file", "digest", "after")}
    assert (fields["file"], fields["after"]) == ("notes.md", "4")
    answer = post(
        client, "/patch/notes.md", **fields, new=f"- [New]({VIDEO}?t=9)\r\n",
        **{"line 3": "", "line 4": f"- [Rick A.]({OTHER})"},
    )  # fmt: skip
    assert "notes.md.patch" in answer.headers["content-disposition"]
    assert Path("notes.md").read_text("utf-8") == text, "nobody but its keeper writes it"
    subprocess.run(["patch", "-p0"], input=answer.content, check=True, cwd=tmp_path, capture_output=True)
    assert Path("notes.md").read_text("utf-8") == (
        f"# Talks\nsecret = 1\n- [Rick A.]({OTHER})\n- [New]({VIDEO}?t=9)\nend\n"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "Nothing is changed."),
        ({"line 2": "x"}, "Line 2 has no link."),
        ({"new": "x", "after": "99"}, "There is no such line."),
        ({"new": "x", "after": "-1"}, "There is no such line."),
        ({"digest": "0", "line 3": "x"}, "The file was changed meanwhile."),
    ],
)
def test_a_patch_that_makes_no_sense_is_refused(client: httpx.Client, fields: dict[str, str], message: str) -> None:
    Path("notes.md").write_text(f"# Talks\nnone\n- [Zoo]({VIDEO})\n", "utf-8")
    post(client, "/add-list", how="path", path="notes.md")
    page = client.get("/edit/notes.md")
    sent = {name: field(page, name) for name in ("file", "digest")} | fields
    answer = post(client, "/patch/notes.md", **sent)
    assert (answer.status_code, message in text_of(answer)) == (422, True)


def test_a_list_of_several_files_is_edited_file_by_file(client: httpx.Client, daemon: FakeDaemon) -> None:
    Path("courses").mkdir()
    for name, url in (("a.md", VIDEO), ("b.md", OTHER)):
        (Path("courses") / name).write_text(url, "utf-8")
    post(client, "/add-list", how="path", path="courses")
    assert VIDEO in client.get("/edit/courses").text
    page = client.get("/edit/courses?file=courses/b.md")
    assert OTHER in page.text
    assert VIDEO not in page.text
    for file in ("courses/c.md", "../x", "/etc/passwd", "list:courses"):
        assert client.get("/edit/courses", params={"file": file}).status_code == 404


def test_a_list_without_links_that_can_be_read_can_still_be_removed(client: httpx.Client, daemon: FakeDaemon) -> None:
    Path("notes.md").write_text(VIDEO, "utf-8")
    post(client, "/add-list", how="path", path="notes.md")
    Path("notes.md").unlink()
    assert client.get("/edit/notes.md").status_code == 503
    assert post(client, "/remove/notes.md").status_code == 303
    assert names(daemon) == []


def test_nobody_edits_without_the_token_or_with_a_form_of_another_site(
    serve: Serve, daemon: FakeDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with_list(daemon, VIDEO)
    stranger = serve(daemon, token="the token")
    local = serve(daemon)
    form = field(local.get("/add-list"), "form")
    attempts = {
        "/add-list": {"how": "links", "name": "new", "links": VIDEO},
        "/edit/talks": {"action": "add", "links": OTHER},
        "/remove/talks": {},
        "/patch/talks": {},
    }
    for path, fields in attempts.items():
        assert stranger.post(path, data=fields | {"form": form}).status_code in {303, 401}
        assert stranger.get(path).status_code in {303, 401}
        assert local.post(path, data=fields).status_code == 403
        elsewhere = {"origin": "https://evil.example"}
        assert local.post(path, data=fields | {"form": form}, headers=elsewhere).status_code == 403
    assert names(daemon) == ["talks"]
    assert stored(daemon) == f"url,label,owner,section\n{VIDEO},,,\n"


@pytest.mark.parametrize(
    "path", ["/edit/none", "/remove/none", "/stored/none.csv", "/edit/talks?line=99", "/edit/talks?line=x"]
)
def test_what_there_is_not_is_404(client: httpx.Client, daemon: FakeDaemon, path: str) -> None:
    with_list(daemon, VIDEO)
    assert client.get(path).status_code == 404


def test_hostile_cells_are_shown_as_text(client: httpx.Client, daemon: FakeDaemon) -> None:
    label = "x <script>alert(1)</script>\"'\0\u202e"
    assert post(client, "/add-list", how="links", name="talks", links=f"{label} {VIDEO}").status_code == 303
    for path in ("/edit/talks", "/edit/talks?line=2", "/lists/talks", "/remove/talks"):
        page = client.get(path)
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_the_page_of_a_resource_leads_to_where_it_can_be_edited(serve: Serve, week: FakeDaemon) -> None:
    client = serve(week)
    calculus = "/resources/playlist/PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb"
    with_list(week, "https://www.youtube.com/playlist?list=PLO1y6V1SXjjMTg1tzxMo_9BjZfed9SyLb")
    places = dict(re.findall(r'<a href="(/edit/[^"]*)"><bdi>([^<]*)', client.get(calculus).text))
    assert places["/edit/talks?file=list%3Atalks&amp;line=2"] == "list:talks:2"
    assert "Link on line 2" in text_of(client.get("/edit/talks?file=list%3Atalks&line=2"))


def test_a_line_of_a_long_file_is_on_the_page_that_opens(client: httpx.Client) -> None:
    Path("notes.md").write_text("".join(f"- {VIDEO}?t={n}\n" for n in range(120)), "utf-8")
    post(client, "/add-list", how="path", path="notes.md")
    assert "line 120" in client.get("/edit/notes.md?file=notes.md&line=120").text
    assert "line 120" not in client.get("/edit/notes.md?file=notes.md&line=999").text
