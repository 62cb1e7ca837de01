"""What YouTube and the programs around it export: every video, playlist and channel, with its label and place."""

import io
import sqlite3
from pathlib import Path

import pytest

from linkwatch.models.link import Link
from linkwatch.sources import read_lists

VIDEO, OTHER = "aB3dE5gH7jI", "-xY9kLmN0pQ"
PLAYLIST = "PL0123456789abcdefghijABCDEFGHIJ_-x"
CHANNEL = "UCaB3dE5gH7jI9kLmN0pQrSg"
WATCH = "https://www.youtube.com/watch?v="
LIST = f"https://www.youtube.com/playlist?list={PLAYLIST}"
FEED = f"https://www.youtube.com/feeds/videos.xml?channel_id={CHANNEL}"
OWNER = f"https://www.youtube.com/channel/{CHANNEL}"
TIME = "2024-01-01T00:00:00+00:00"

EXPORTS = [
    *(
        pytest.param(
            "subscriptions.csv",
            f'{header}\n{CHANNEL},http://www.youtube.com/channel/{CHANNEL},"A, channel"\n',
            [(f"http://www.youtube.com/channel/{CHANNEL}", "A, channel")],
            id=f"Takeout: {header}",
        )
        for header in (
            "Channel Id,Channel Url,Channel Title", "Kanal-ID,Kanal-URL,Kanaltitel",
            "ID des chaînes,URL des chaînes,Titres des chaînes", "ID del canal,URL del canal,Título del canal",
            "チャンネル ID,チャンネルの URL,チャンネルのタイトル",
        )
    ),
    *(
        pytest.param(
            "Talks-videos.csv",
            f"\ufeff{header}\n{VIDEO},{TIME}\n{OTHER},{TIME}\n",
            [(WATCH + VIDEO, None), (WATCH + OTHER, None)],
            id=f"Takeout: {header}",
        )
        for header in (
            "Video ID,Playlist Video Creation Timestamp", "Video-ID,Zeitstempel der Erstellung",
            "ID vidéo,Horodatage de la création", "動画 ID,再生リストの動画の作成タイムスタンプ",
            "Идентификатор видео,Время создания", "Identyfikator filmu,Sygnatura czasowa",
        )
    ),
    pytest.param(
        "Talks.csv",
        "Playlist Id,Channel Id,Time Created,Time Updated,Title,Description,Visibility\n"
        f"{PLAYLIST},{CHANNEL},2015-01-01 00:00:00 UTC,,Talks,see https://youtu.be/{OTHER},Private\n\n\n"
        f"Video Id,Time Added\n{VIDEO} ,2021-05-01 12:00:00 UTC\n{OTHER} ,2021-05-01 12:00:00 UTC\n",
        [(LIST, "Talks"), (OWNER, None), (WATCH + VIDEO, None), (WATCH + OTHER, None)],
        id="Takeout: a playlist of old",
    ),
    pytest.param(
        "Talks.csv",
        "ID-плейлиста,ID-канала,А,Б,Название,В,Г\n"
        f"{PLAYLIST},{CHANNEL},2015-01-01 00:00:00 UTC,,Talks,,Private\n\n"
        f"Идентификатор видео,Время\n{VIDEO},2021-05-01 12:00:00 UTC\n",
        [(LIST, "Talks"), (OWNER, None), (WATCH + VIDEO, None)],
        id="Takeout: a playlist of old in Russian",
    ),
    pytest.param(
        "playlists.csv",
        "Playlist Id,Channel Id,Time Created,Time Updated,Title,Description,Visibility\n"
        f"{PLAYLIST},{CHANNEL},2015,2016,Talks,,Private\n{PLAYLIST}y,{CHANNEL},2015,2016,More,,Private\n",
        [(LIST, "Talks"), (OWNER, None), (f"{LIST}y", "More")],
        id="Takeout: playlists of old",
    ),
    pytest.param(
        "playlists.csv",
        "Playlist ID,Add new videos to top,Playlist Image 1 Create Timestamp,Playlist Image 1 URL,"
        "Playlist Title (Original),Playlist Title (Original) Language,Playlist Create Timestamp,Playlist Visibility\n"
        f"{PLAYLIST},False,{TIME},https://www.youtube.com/img/{VIDEO}.jpg,Talks,en,{TIME},Private\n",
        [(LIST, "Talks")],
        id="Takeout: playlists",
    ),
    pytest.param(
        "watch-history.json",
        f'[{{"header": "YouTube", "title": "Watched A talk", "titleUrl": "https://www.youtube.com/watch?v\\u003d{VIDEO}",'
        f' "subtitles": [{{"name": "A channel", "url": "{OWNER}"}}], "time": "{TIME}", "products": ["YouTube"]}}]',
        [(WATCH + VIDEO, "Watched A talk"), (OWNER, "A channel")],
        id="Takeout: history in JSON",
    ),
    pytest.param(
        "watch-history.html",
        f'<div class="content-cell">Watched\xa0<a href="{WATCH}{VIDEO}">A talk</a><br><a href="{OWNER}">A channel</a>'
        "<br>1 Jan 2024, 10:00:00 CET</div>",
        [(WATCH + VIDEO, "A talk"), (OWNER, "A channel")],
        id="Takeout: history in HTML",
    ),
    pytest.param(
        "newpipe_subscriptions.json",
        f'{{"app_version": "0.27.0", "app_version_int": 996, "subscriptions": [{{"service_id": 0, "url": "{OWNER}", '
        '"name": "A channel"}]}',
        [(OWNER, "A channel")],
        id="NewPipe: subscriptions",
    ),
    pytest.param(
        "freetube-playlists-2024-01-01.db",
        f'{{"_id":"a","playlistName":"Talks","videos":[{{"videoId":"{VIDEO}","title":"A talk","author":"A channel",'
        f'"authorId":"{CHANNEL}","lengthSeconds":10,"type":"video"}}]}}\n{{"_id":"b","playlistName":"B","videos":[]}}\n',
        [(WATCH + VIDEO, "A talk")],
        id="FreeTube: playlists",
    ),
    pytest.param(
        "history.db",
        f'{{"videoId":"{VIDEO}","title":"A talk","author":"A channel","authorId":"{CHANNEL}","isLive":false}}\n',
        [(WATCH + VIDEO, "A talk")],
        id="FreeTube: history",
    ),
    pytest.param(
        "profiles.db",
        f'{{"name":"All Channels","bgColor":"#000","subscriptions":[{{"id":"{CHANNEL}","name":"A channel",'
        '"thumbnail":"https://yt3.ggpht.com/x"}],"_id":"allChannels"}\n',
        [(OWNER, "A channel")],
        id="FreeTube: profiles",
    ),
    pytest.param(
        "invidious.json",
        f'{{"subscriptions":["{CHANNEL}"],"watch_history":["{OTHER}"],"preferences":{{"captions":["",""]}},'
        f'"playlists":[{{"title":"Talks","privacy":"Private","videos":["{VIDEO}"]}}]}}',
        [(OWNER, None), (WATCH + OTHER, None), (WATCH + VIDEO, None)],
        id="Invidious",
    ),
    pytest.param(
        "piped.json",
        f'{{"format":"Piped","playlists":[{{"name":"Talks","type":"playlist","videos":["{WATCH}{VIDEO}"]}}]}}',
        [(WATCH + VIDEO, None)],
        id="Piped",
    ),
    pytest.param(
        "archive.txt",
        f"youtube {VIDEO}\nvimeo 123456\nyoutube {OTHER}\n",
        [(WATCH + VIDEO, None), (WATCH + OTHER, None)],
        id="yt-dlp",
    ),
]  # fmt: skip


def read(*locations: Path) -> list[Link]:
    return list(read_lists([str(location) for location in locations], stdin=io.BytesIO()))


@pytest.mark.parametrize(("name", "text", "expected"), EXPORTS)
def test_an_export_is_read_whether_it_is_met_or_named(
    tmp_path: Path, name: str, text: str, expected: list[tuple[str, str | None]]
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    for location in (tmp_path, tmp_path / name):
        links = [link for link in read(location) if "youtu" in link.url]
        assert [(link.url, link.label) for link in links] == expected
        lines = text.removeprefix("\ufeff").splitlines()
        for link in links:
            there = lines[link.line - 1][link.column - 1 :].replace("\\u003d", "=")
            written = link.url if link.syntax == "url" else link.url.replace("=", "/").rsplit("/", 1)[1]
            assert there.startswith(written), link


def test_feeds_of_channels_are_links(tmp_path: Path) -> None:
    outline = f'<outline text="A channel" title="A channel" type="rss" xmlUrl="{FEED}"/>'
    (tmp_path / "subscriptions.opml").write_text(f'<opml version="1.1"><body>{outline}</body></opml>')
    assert [link.url for link in read(tmp_path)] == [FEED]


@pytest.mark.parametrize(
    "text",
    [
        '{"videos": ["programming", "translators"]}',
        f'{{"videos": ["{VIDEO}", "not", "of", "them"]}}',
        f'{{"hashes": ["{VIDEO}", "{OTHER}"], "watch_history": "{VIDEO}"}}',
        f'{{"subscriptions": [{{"name": "{CHANNEL}"}}, ["{CHANNEL}"]], "youtube": 1}}',
        f'{{"subscriptions": ["{VIDEO}"]}}',
    ],
)
def test_other_strings_of_an_ids_shape_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert read(tmp_path / "a.json") == []


def test_a_database_in_a_folder_is_no_list(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "linkwatch.db")
    connection.execute("create table a (b)")
    connection.close()
    (tmp_path / "closed.db").mkdir()
    (tmp_path / "history.db").write_text(f'{{"videoId":"{VIDEO}"}}\n')
    assert [link.file for link in read(tmp_path)] == [str(tmp_path / "history.db")]


def test_json_lines_are_recognised_without_a_name() -> None:
    lines = f'{{"videoId":"{VIDEO}","title":"A"}}\n{{"videoId":"{OTHER}","title":"B"}}\n'
    links = list(read_lists(["-"], stdin=io.BytesIO(lines.encode())))
    assert [(link.url, link.line, link.label) for link in links] == [(WATCH + VIDEO, 1, "A"), (WATCH + OTHER, 2, "B")]
