"""Ids without a URL, in every syntax of the table: found with their place and label, and never where there is none."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.errors import SettingsError
from linkwatch.models.link import Link
from linkwatch.sources import read_lists
from linkwatch.sources.embeds import OWN, SYNTAXES, find_embedded_ids, is_id, own_syntaxes

ID, OTHER = "jNQXAC9IVRw", "haHLRD0QZ08"
CHANNEL = "UCYO_jab_esuFRV4b17AJtAw"
PLAYLIST = "PLDesaqWTN6ESk16YRmzuJ8f6-rnuy0Ry7"
WATCH = "https://www.youtube.com/watch?v="

EXAMPLES = [
    ("shortcode", "a.md", f"{{{{< youtube {ID} >}}}}", None),
    ("shortcode", "a.md", f'{{{{< youtube id="{ID}" title="A talk" >}}}}', "A talk"),
    ("shortcode", "a.md", f'{{{{< youtube title="A talk" id="{ID}" >}}}}', "A talk"),
    ("shortcode", "a.qmd", f'{{{{% youtube "{ID}" %}}}}', None),
    ("include", "a.md", f'{{% include youtube.html id="{ID}" %}}', None),
    ("include", "a.html", f'{{% include embeds/youtube-player.html id="{ID}" title="A talk" %}}', "A talk"),
    ("include", "a.md", f'{{% include video id="{ID}" provider="youtube" %}}', None),
    ("liquid", "a.md", f"{{% youtube {ID} %}}", None),
    ("liquid", "a.md", f'{{% youtubeEmbed "{ID}", "A talk" %}}', "A talk"),
    ("component", "a.mdx", f'<YouTube id="{ID}" />', None),
    ("component", "a.md", f'<LiteYouTubeEmbed id="{ID}" title="A talk" />', "A talk"),
    ("component", "a.html", f'<lite-youtube videoid="{ID}" playlabel="A talk"></lite-youtube>', "A talk"),
    ("component", "a.html", f'<amp-youtube data-videoid="{ID}" layout="responsive"></amp-youtube>', None),
    ("component", "a.md", f"<YouTube id={{'{ID}'}} />", None),
    ("data-attribute", "a.html", f'<div class="player" data-youtube-id="{ID}"></div>', None),
    ("data-attribute", "a.html", f'<div data-plyr-provider="youtube" data-plyr-embed-id="{ID}"></div>', None),
    ("pretext", "a.xml", f'<video xml:id="v" youtube="{ID}"/>', None),
    ("directive", "a.rst", f".. youtube:: {ID}\n   :width: 100%", None),
    ("directive", "a.md", f"```{{youtube}} {ID}\n```", None),
    ("directive", "a.md", f":::{{youtube}} {ID}\n:::", None),
    ("block-macro", "a.adoc", f"video::{ID}[youtube]", None),
    ("block-macro", "a.adoc", f"video::{ID}[youtube,width=640]", None),
    ("call", "a.txt", f"YouTubeVideo('{ID}', width=640)", None),
    ("call", "a.txt", f"videos = [('Youtube', '{ID}'), ('Bilibili', 'BV1')]", None),
    ("key", "a.yml", f"- title: A talk\n  youtube: {ID}", "A talk"),
    ("key", "a.yaml", f'youtube_id: "{ID}"  # the second take', None),
    ("key", "a.toml", f'youtubeId = "{ID}"', None),
    ("key", "a.md", f"---\nvideo_provider: youtube\nvideo_id: {ID}\n---\n", None),
    ("key", "a.txt", f"player = {{ videoId: '{ID}' }}", None),
    ("bracket", "a.md", f"@[youtube]({ID})", None),
    ("bracket", "a.md", f"[[youtube:{ID}]]", None),
    ("bracket", "a.txt", f"[youtube]{ID}[/youtube]", None),
    ("archive", "archive.txt", f"youtube {ID}", None),
    # The label before the id, or between other attributes.
    ("shortcode", "a.md", f'{{{{< youtube-lite label="A talk" start=9 id="{ID}" >}}}}', "A talk"),
    ("shortcode", "a.md", f'{{{{<youtube-embed key="{ID}" title="A talk">}}}}', "A talk"),
    ("shortcode", "a.md", f"{{{{< youtube id={ID} >}}}}", None),
    ("include", "a.md", f"{{% include embed/youtube.html title='A talk' id='{ID}' %}}", "A talk"),
    ("include", "a.md", f'{{% include video provider="youtube" id="{ID}" %}}', None),
    ("include", "a.html", f'{{%- include_cached youtube.html video="{ID}" -%}}', None),
    ("liquid", "a.njk", f'{{% youtube id="{ID}", title="What\'s a talk?" %}}', "What's a talk?"),
    ("liquid", "a.md", f'{{% youtube(id="{ID}", class="wide") %}}', None),
    ("component", "a.mdx", f'<YouTube title="A talk" id="{ID}" />', "A talk"),
    ("component", "a.mdx", f'<YouTube\n  onReady={{() => go()}}\n  title="A talk"\n  videoId="{ID}"\n/>', "A talk"),
    ("component", "a.html", f'<lite-youtube id="introductio" title="A talk" videoid="{ID}"></lite-youtube>', "A talk"),
    ("component", "a.vue", f"<YoutubeEmbedLite vid=\"{ID}\" thumb-quality='hq' />", None),
    ("component", "a.vue", f"<youtube :video-id=\"'{ID}'\"></youtube>", None),
    ("component", "a.md", f'<youtube-embed video="{ID}" />', None),
    ("component", "a.mdx", f'<Youtube code="{ID}"/>', None),
    ("component", "a.wiki", f'<youtube width="400">{ID}</youtube>', None),
    ("data-attribute", "a.html", f'<div class="youtube" data-embed="{ID}"><div class="play"></div></div>', None),
    ("data-attribute", "a.html", f'<div data-id="{ID}" title="A talk" class="youtube-player"></div>', "A talk"),
    ("pretext", "a.ptx", f'<video youtube="{ID}" width="60%">\n  <title>A talk</title>\n</video>', "A talk"),
    ("directive", "a.rst", f".. youtube:: {ID}\n   :align: center\n   :title: A talk", "A talk"),
    ("directive", "a.rst", f"* .. youtube:: {ID}", None),
    ("directive", "a.md", f"````{{youtube}} {ID}\n:width: 100%\n````", None),
    ("directive", "a.md", f"```{{eval-rst}}\n.. youtube:: {ID}\n```", None),
    ("directive", "a.mdx", f'::youtube{{title="A talk" id="{ID}"}}', "A talk"),
    ("directive", "a.md", f"::youtube[A talk]{{#{ID}}}", "A talk"),
    ("block-macro", "a.adoc", f".A talk\nvideo::{ID}[youtube]", "A talk"),
    ("block-macro", "a.adoc", f".A talk\n[.wide]\nvideo::{ID}[youtube]", "A talk"),
    ("block-macro", "a.adoc", f'video::{ID}[youtube,title="A talk"]', "A talk"),
    ("call", "a.qmd", f'```{{r, echo=FALSE}}\nlibrary(vembedr)\nembed_youtube("{ID}")\n```', None),
    ("call", "a.md", f'{{{{ youtube(id="{ID}", caption="A talk") }}}}', "A talk"),
    ("call", "a.typ", f'#youtube("{ID}")', None),
    ("call", "a.js", f"player.cueVideoById('{ID}');", None),
    ("key", "a.yml", f"youtube:\n  title: A talk\n  id: {ID}", "A talk"),
    ("key", "a.md", f"---\nvideo:\n  provider: youtube\n  caption: x\n  id: {ID}\n---\n", None),
    ("key", "a.md", f"---\nheader:\n  video:\n    id: {ID}\n    provider: youtube\n---\n", None),
    ("key", "a.yml", f"- provider: youtube\n  title: x\n  id: {ID}\n- provider: vimeo\n  id: 12345", "x"),
    ("key", "a.yml", f"- name: x\n  video_id: {ID}\n  platform: YouTube", "x"),
    ("key", "a.yml", f"video: {{id: {ID}, provider: youtube}}", None),
    ("key", "a.toml", f'[video]\nprovider = "youtube"\nautoplay = false\nid = "{ID}"', None),
    ("key", "a.toml", f'[params.youtube]\ntitle = "A talk"\nid = "{ID}"\n\n[other]\nid = "abcdefghijk"', "A talk"),
    ("key", "a.ts", f"const talks = [{{ year: 2020, youtubeId: '{ID}' }}]", None),
    ("key", "a.ts", f"const talk = {{\n  type: 'youtube',\n  id: '{ID}',\n}}", None),
    ("key", "a.mdx", f'<Player autoplay videoId="{ID}" />', None),
    ("bracket", "a.md", f'![!YouTube]({ID} "A talk")', "A talk"),
    ("bracket", "a.txt", f'[youtube width="400" id="{ID}"]', None),
    ("wiki", "a.wiki", f"{{{{#ev:youtube|{ID}|500|right|A talk}}}}", "A talk"),
    ("wiki", "a.wiki", f"{{{{#ev:youtube|{ID}|500}}}}", None),
    ("wiki", "a.wiki", f"{{{{YouTube|id={ID}|title=A talk}}}}", "A talk"),
    ("wiki", "a.txt", f"{{{{youtube>{ID}?large|A talk}}}}", "A talk"),
    ("code-span", "a.md", f"`youtube: {ID}`", None),
    ("address", "a.m3u", f"plugin://plugin.video.youtube/play/?video_id={ID}", None),
]


def links_of(folder: Path, name: str, text: str) -> list[Link]:
    file = folder / name
    file.write_text(text, "utf-8")
    return [link for link in read_lists([str(file)], stdin=io.BytesIO()) if "youtube.com" in link.url]


@pytest.mark.parametrize(("syntax", "name", "text", "label"), EXAMPLES)
def test_an_id_is_a_link_with_its_place_and_label(
    tmp_path: Path, syntax: str, name: str, text: str, label: str | None
) -> None:
    around = f"First line é\n\n{text}\n\nLast line.\n" if not text.startswith("---") else text
    (link,) = links_of(tmp_path, name, around)
    assert (link.url, link.syntax, link.label) == (WATCH + ID, syntax, label)
    lines = around.split("\n")
    assert lines[link.line - 1][link.column - 1 :].startswith(ID)


def test_every_syntax_has_an_example_and_its_needle() -> None:
    assert {syntax for syntax, *_ in EXAMPLES} == {syntax.name for syntax in SYNTAXES}
    assert all(syntax.needle == syntax.needle.lower() for syntax in SYNTAXES)


IDS = {"ID": ID, "PLAYLIST": PLAYLIST, "CHANNEL": CHANNEL}


@pytest.mark.parametrize(
    ("syntax", "example"), [(syntax.name, example) for syntax in SYNTAXES for example in syntax.examples]
)
def test_what_the_documentation_shows_of_a_syntax_is_read(syntax: str, example: str) -> None:
    expected, text = [], ""
    for word in re.split(r"\b(ID|PLAYLIST|CHANNEL)\b", example):
        if word in IDS:
            expected.append((len(text), syntax))
        text += IDS.get(word, word)
    found = sorted(find_embedded_ids(f"{text}\n"), key=lambda one: one.offset)
    assert [(one.offset, one.syntax) for one in found] == expected
    labels = {one.label for one in found}
    assert labels == ({"A talk"} if "A talk" in example else {None})


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.txt", "a.rst"])
@pytest.mark.parametrize(
    "text",
    [
        "{{< youtube {{ page.id }} >}}",
        "{% youtube page.youtube_id %}",
        '{% include youtube.html id="{{ id }}" %}',
        "<YouTube id={video.id} />",
        '<lite-youtube videoid="VIDEO_ID_XX">',
        "youtube: YOUR_ID_HER",
        "youtube: @somebody",
        "youtube: https",
        "youtube: jNQXAC9IVR",
        "youtube: jNQXAC9IVRwx",
        "videoId: string",
        "the youtube channels of the month",
        "YouTubeVideo(id)",
        "youtube: programming",
        "youtube: Programming",
        "youtube: YOUR-ID-QQQ",
        "social:\n  twitter: abc\n  youtube: SomeChann3l",
        "social:\n  youtube: SomeChann3l\n  github: abc",
        "youtube:\n  - programming\n  - abcdefghijk",
        "youtube:\n  name: jNQXAC9IVRw",
        "youtube:\nid: jNQXAC9IVRw",
        "- provider: youtube\n- id: jNQXAC9IVRw",
        "video:\n  provider: youtube\nid: jNQXAC9IVRw",
        "- provider: vimeo\n  id: jNQXAC9IVRw\n- provider: youtube",
        "{ provider: 'vimeo', id: 'jNQXAC9IVRw' }, { provider: 'youtube' }",
        '<youtube-player id="introducing"></youtube-player>',
        '<div class="youtube" id="jNQXAC9IVRw"></div>',
        '<div data-id="jNQXAC9IVRw"></div> youtube',
        "video::jNQXAC9IVRw[vimeo] youtube",
        "video::jNQXAC9IVRw[] youtube",
        "{{</* youtube jNQXAC9IVRw */>}}",
        "[youtube][jNQXAC9IVRw]",
        "channelId: YOUR_CHANNEL_ID",
        "channelId: UCYO_jab_esuFRV4b17AJtA",
        "youtube_username: SomeChann3l",
        "youtube_api_key: jNQXAC9IVRw",
        "isYouTubeId('jNQXAC9IVRw')",
    ],
)
def test_templates_and_other_words_are_no_ids(tmp_path: Path, name: str, text: str) -> None:
    assert [link for link in links_of(tmp_path, name, f"{text}\n") if link.syntax != "url"] == []


def test_what_markdown_shows_as_code_or_hides_in_a_comment_is_none(tmp_path: Path) -> None:
    text = f"`{{% youtube {ID} %}}`\n\n```\n{{{{< youtube {ID} >}}}}\n```\n\n<!-- {{% youtube {ID} %}} -->\n"
    assert links_of(tmp_path, "a.md", text) == []
    assert links_of(tmp_path, "a.html", f'<!-- <lite-youtube videoid="{ID}"> -->') == []


def test_an_id_has_the_section_above_it_and_the_order_of_the_text(tmp_path: Path) -> None:
    text = f"# Talks\n\n## One\n\n[first]({WATCH}{OTHER})\n\n## Two\n\n{{% youtube {ID} %}}\n"
    first, second = links_of(tmp_path, "a.md", text)
    assert (first.section, first.syntax) == ("One", "url")
    assert (second.section, second.syntax) == ("Two", "liquid")


def test_a_url_in_a_shortcode_is_one_link(tmp_path: Path) -> None:
    (link,) = links_of(tmp_path, "a.md", f"{{{{< youtube {WATCH}{ID} >}}}}\n")
    assert (link.url, link.syntax) == (WATCH + ID, "url")


def test_several_ids_in_a_macro_and_its_playlist(tmp_path: Path) -> None:
    links = links_of(tmp_path, "a.adoc", f"video::{ID},{OTHER}[youtube]\n\nvideo::{ID}/{PLAYLIST}[youtube]\n")
    assert [link.url for link in links] == [
        WATCH + ID,
        WATCH + OTHER,
        WATCH + ID,
        f"https://www.youtube.com/playlist?list={PLAYLIST}",
    ]


PLAYLIST_URL = f"https://www.youtube.com/playlist?list={PLAYLIST}"
CHANNEL_URL = f"https://www.youtube.com/channel/{CHANNEL}"


@pytest.mark.parametrize(
    ("name", "text", "urls"),
    [
        ("a.adoc", f"video::{ID}[youtube,list={PLAYLIST}]", [WATCH + ID, PLAYLIST_URL]),
        ("a.adoc", f'video::{ID}[youtube,playlist="{OTHER},{ID}"]', [WATCH + ID, WATCH + OTHER, WATCH + ID]),
        ("a.rst", f".. youtube:: {ID}\n   :url_parameters: ?start=9&list={PLAYLIST}", [WATCH + ID, PLAYLIST_URL]),
        ("a.ptx", f'<video youtube="{ID} {OTHER}"/>', [WATCH + ID, WATCH + OTHER]),
        ("a.yml", f"youtube:\n  - {ID}\n  - '{OTHER}' # again\nother:\n  - abcdefghijk", [WATCH + ID, WATCH + OTHER]),
        ("a.yml", f"youtube_ids:\n- {ID}\n\n- {OTHER}\n", [WATCH + ID, WATCH + OTHER]),
        ("a.yml", f"youtube: [{ID}, {OTHER}]", [WATCH + ID, WATCH + OTHER]),
        ("a.yml", f"youtube:\n  - id: {ID}\n    title: A\n  - id: {OTHER}\n    title: B", [WATCH + ID, WATCH + OTHER]),
        ("a.html", f'<lite-youtube videoid="{ID}" playlistid="{PLAYLIST}">', [WATCH + ID, PLAYLIST_URL]),
        ("a.md", f'{{{{< youtube id="{ID}" list="{PLAYLIST}" >}}}}', [WATCH + ID, PLAYLIST_URL]),
        ("a.mdx", f'<LiteYouTubeEmbed id="{PLAYLIST}" playlist={{true}} />', [PLAYLIST_URL]),
        ("a.html", f'<amp-youtube id="liveChannel" data-live-channelid="{CHANNEL}">', [CHANNEL_URL]),
        ("a.yml", f"kind: youtube\nchannelId: '{CHANNEL}'", [CHANNEL_URL]),
        ("a.yml", f"youtube: {CHANNEL}\ngithub: abc", [CHANNEL_URL]),
        ("a.md", f"{{{{< youtube {CHANNEL} >}}}}", [CHANNEL_URL]),
    ],
)
def test_several_ids_playlists_and_channels(tmp_path: Path, name: str, text: str, urls: list[str]) -> None:
    assert [link.url for link in links_of(tmp_path, name, text)] == urls


def test_each_id_of_several_has_the_label_beside_it(tmp_path: Path) -> None:
    text = f"youtube:\n  - id: {ID}\n    title: A\n  - id: {OTHER}\n    title: B\n"
    assert [link.label for link in links_of(tmp_path, "a.yml", text)] == ["A", "B"]


def test_members_of_json_objects_that_hold_an_id(tmp_path: Path) -> None:
    text = f'[{{"videoId": "{ID}", "title": "A talk"}}, {{"video_id": "{OTHER}", "video_provider": "youtube"}}]'
    links = links_of(tmp_path, "a.json", text)
    assert [(link.url, link.label, link.syntax) for link in links] == [
        (WATCH + ID, "A talk", "key"),
        (WATCH + OTHER, None, "key"),
    ]
    assert links_of(tmp_path, "b.json", f'[{{"video_id": "{ID}"}}, {{"hash": "{ID}"}}, "{ID}"]') == []


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        (f'{{"youtube": {{"title": "A", "id": "{ID}"}}}}', [WATCH + ID]),
        (f'{{"youtube": ["{ID}", "{OTHER}"]}}', [WATCH + ID, WATCH + OTHER]),
        (f'{{"youtube_videos": [{{"id": "{ID}"}}, {{"video_id": "{OTHER}"}}]}}', [WATCH + ID, WATCH + OTHER]),
        (f'{{"video": {{"provider": "YouTube", "id": "{ID}"}}}}', [WATCH + ID]),
        (f'{{"youtube": "{ID}", "videoIds": ["{OTHER}"]}}', [WATCH + ID, WATCH + OTHER]),
        (f'{{"youtube": "{PLAYLIST}", "x": "{PLAYLIST}"}}', [PLAYLIST_URL]),
        (f'[{{"site": "youtube", "playlistId": "{PLAYLIST}"}}]', [PLAYLIST_URL]),
        (f'[{{"name": "A", "channelId": "{CHANNEL}"}}]', [CHANNEL_URL]),
        (f'{{"youtube_channel": "{CHANNEL}", "twitter": "x"}}', [CHANNEL_URL]),
        (f'{{"videoId": "{ID}", "channelId": "{CHANNEL}"}}', [WATCH + ID]),
        (f'{{"youtube": {{"views": 9}}, "id": "{ID}"}}', []),
        (f'{{"youtube": [], "channel": {{"id": "{CHANNEL}"}}}}', []),
        ('{"youtube": "SomeChann3l", "twitter": "x"}', []),
        ('{"youtube": "programming", "id": "introducing"}', []),
        ('{"youtube": {"note": "jNQXAC9IVRw"}}', []),
    ],
)
def test_ids_of_json_stand_below_and_beside_keys_that_say_so(tmp_path: Path, text: str, urls: list[str]) -> None:
    links = links_of(tmp_path, "a.json", text)
    assert [link.url for link in links] == urls
    assert all(text[link.column - 1 :].startswith(link.url.rpartition("=")[2].rpartition("/")[2]) for link in links)


def test_a_pattern_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text(f"!video({ID}: A talk)\n\n!video(nothing here)\n", "utf-8")
    syntaxes = own_syntaxes([r"!video\((?P<video>[\w-]+): (?P<label>[^)]*)\)"])
    (link,) = read_lists([str(file)], stdin=io.BytesIO(), syntaxes=syntaxes)
    assert (link.url, link.label, link.syntax) == (WATCH + ID, "A talk", OWN)


@pytest.mark.parametrize(
    ("pattern", "said"), [("(", "is not a regular expression"), ("!video\\((.*)\\)", "has no group named video")]
)
def test_a_wrong_pattern_is_explained(pattern: str, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape("embeds: ")) as raised:
        own_syntaxes([pattern])
    assert said in raised.value.message


PIECES = (ID, "youtube", ": ", "{% ", '<YouTube id="', "\n", "video::", "[youtube]")


@given(st.text(max_size=200) | st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_id_is_invented(text: str) -> None:
    for found in find_embedded_ids(text):
        id_ = found.url.rpartition("=")[2].rpartition("/")[2]
        assert text.startswith(id_, found.offset)
        assert is_id(id_) or is_id(id_, "playlist")
