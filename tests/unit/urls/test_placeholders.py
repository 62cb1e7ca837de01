"""Templates and placeholders are no links; a link that is wrong stays one."""

import io

import pytest

from linkwatch.sources.formats import Format, reader_for
from linkwatch.urls.parse import parse_url

WATCH, EMBED = "https://www.youtube.com/watch?v=", "https://www.youtube.com/embed/"
LIST = "https://www.youtube.com/playlist?list="
PLACEHOLDERS = (
    "{{ page.id }}", "{{page.id}}", "{{ id }}?rel=0", "{% id %}", "{video.id}", "{id}", "{}", "${id}", "${video.id}",
    "#{id}", "%s", "%(id)s", "$ID", "<id>", "<video_id>", "<%= id %>", "VIDEO_ID", "YOUR_VIDEO_ID", "your-video-id",
    "YOUR_PLAYLIST", "xxxx", "xxxxxxxxxxx", "XXXXXXXXXXX", "...", "…", "ID", "id", "videoid", "PLAYLIST_ID_HERE",
)  # fmt: skip
REGEXES = ("(.*)", "([^&]+)", r"([\w-]{11})", r"[\w-]+", r"(\w+)", "(?P<id>.+)", "[^&]*", "[A-Za-z0-9_-]{11}", "(.+?)&")
WRONG = ("aB3dE5gH7j", "aB3dE5gH7jIx", "aB3dE5gH7jIxy", "aB3dE5gH7jIxyzab", "xxB3dE5gH7", "PLrAXtm", "PLid", "")


def named(text: str, kind: Format) -> list[str]:
    links = reader_for(kind)(io.StringIO(text), "list")
    return [link.url for link in links if parse_url(link.url) is not None]


@pytest.mark.parametrize("kind", [Format.TEXT, Format.MARKDOWN, Format.HTML])
@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
@pytest.mark.parametrize("base", [WATCH, EMBED, LIST, "https://youtu.be/"])
def test_what_is_to_be_completed_is_no_link(base: str, placeholder: str, kind: Format) -> None:
    if base == "https://youtu.be/" and placeholder in {"ID", "id"}:
        base = EMBED
    if kind is Format.TEXT or "<" not in placeholder:  # which is a tag to the others
        assert named(f"see {base}{placeholder} there", kind) == []
    if kind is Format.HTML and "<" not in placeholder:
        assert named(f'<iframe src="{base}{placeholder}"></iframe>', kind) == []


@pytest.mark.parametrize("regex", REGEXES)
@pytest.mark.parametrize("base", [WATCH, EMBED, LIST])
def test_a_regular_expression_is_no_link(base: str, regex: str) -> None:
    for url in (base, base.replace("?", r"\?"), base.replace(".", r"\.").replace("?", r"\?")):
        assert named(f'url = re.compile(r"{url}{regex}")', Format.TEXT) == []


@pytest.mark.parametrize("code", ['"{}" + v', "'{}' . $id", "'{}'+id", '"{}"~id', "`{}${{id}}`"])
@pytest.mark.parametrize("base", [WATCH, EMBED, LIST])
def test_a_string_that_a_program_completes_is_no_link(base: str, code: str) -> None:
    assert named(f"url = {code.format(base)};", Format.TEXT) == []


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("base", [WATCH, LIST])
def test_what_is_wrong_stays_a_malformed_link(base: str, wrong: str) -> None:
    for text in (f"see {base}{wrong}", f'"{base}{wrong}", "x"', f"<{base}{wrong}> + y", f"{base}{wrong}<br>"):
        if base == LIST and len(wrong) > 11:
            continue
        [url] = named(text, Format.TEXT)
        parsed = parse_url(url)
        assert parsed is not None
        assert parsed.problem
