"""Which links have a better URL, which one it is, and which are fine as they are."""

import pytest

from linkwatch.urls.parse import better_url

V = "haHLRD0QZ08"
V2 = "WUvTyaaNkzM"
PL = "PL0-GT3co4r2wlh6UHTUeQsrf3mlS2lk6x"
OLD = "63F0C78739B09958"
UC = "UCYO_jab_esuFRV4b17AJtAw"
OLD_LIST = f"https://www.youtube.com/playlist?list=PL{OLD}"
WATCH = f"https://www.youtube.com/watch?v={V}"
LIST = f"https://www.youtube.com/playlist?list={PL}"


@pytest.mark.parametrize(
    ("url", "better"),
    [
        pytest.param(f"http://www.youtube.com/watch?v={V}", WATCH, id="http"),
        pytest.param(f"http://youtu.be/{V}", f"https://youtu.be/{V}", id="http of the short host"),
        pytest.param(f"www.youtube.com/watch?v={V}", WATCH, id="no scheme"),
        pytest.param(f"//www.youtube.com/watch?v={V}", WATCH, id="only slashes"),
        pytest.param(f"https://m.youtube.com/watch?v={V}", WATCH, id="the host for telephones"),
        pytest.param(f"https://gaming.youtube.com/watch?v={V}", WATCH, id="a host that is gone"),
        pytest.param(f"https://www.youtubekids.com/watch?v={V}", WATCH, id="the host for children"),
        pytest.param(f"https://WWW.YouTube.com/watch?v={V}", WATCH, id="a host in capitals"),
        pytest.param(f"https://www.youtu.be/{V}", f"https://youtu.be/{V}", id="www of the short host"),
        pytest.param(f"https://www.youtube.com:443/watch?v={V}", WATCH, id="a port"),
        pytest.param(
            "https://m.youtube.com/user/X/playlists", "https://www.youtube.com/user/X/playlists", id="a tab stays"
        ),
        pytest.param(f"{WATCH}&si=x&pp=y&feature=share&index=2&ab_channel=Z&start_radio=1", WATCH, id="tracking"),
        pytest.param(f"{WATCH}&utm_source=x&gclid=y&fbclid=z&app=desktop&persist_app=1&noapp=1", WATCH, id="more"),
        pytest.param(f"https://www.youtube.com/watch?app=desktop&v={V}", WATCH, id="tracking in front"),
        pytest.param(f"{WATCH}&t=30s&si=x", f"{WATCH}&t=30s", id="the moment stays"),
        pytest.param(f"{WATCH}&hl=de&si=x", f"{WATCH}&hl=de", id="what is not tracking stays"),
        pytest.param(f"{WATCH}&list={PL}&index=2", f"{WATCH}&list={PL}", id="the place in the list"),
        pytest.param(f"{WATCH}&list=RD{V}", WATCH, id="a mix"),
        pytest.param(f"{WATCH}&v={V2}", WATCH, id="a second v"),
        pytest.param(f"https://youtu.be/{V}?si=x", f"https://youtu.be/{V}", id="share"),
        pytest.param(f"https://youtu.be/{V}?si=x&t=5", f"https://youtu.be/{V}?t=5", id="share at a moment"),
        pytest.param(f"https://www.youtube.com/shorts/{V}?si=x", f"https://www.youtube.com/shorts/{V}", id="shorts"),
        pytest.param("https://www.youtube.com/@N/videos?si=x", "https://www.youtube.com/@N/videos", id="a handle"),
        pytest.param(
            f"https://www.youtube.com/v/{V}?start=30&hl=en&si=x",
            f"https://www.youtube.com/embed/{V}?start=30&hl=en",
            id="the player of old stays a player, with its parameters",
        ),
        pytest.param(
            f"https://www.youtube.com/e/{V}", f"https://www.youtube.com/embed/{V}", id="the other player of old"
        ),
        pytest.param(
            f"http://www.youtube.com/embed/videoseries?list={PL}&index=3&si=x",
            f"https://www.youtube.com/embed/videoseries?list={PL}&index=3",
            id="where a player of a playlist begins",
        ),
        pytest.param(
            f"https://www.youtube.com/v/videoseries&list={PL}",
            f"https://www.youtube.com/embed/videoseries?list={PL}",
            id="a player of old of a playlist",
        ),
        pytest.param(f"{WATCH}&t=&t=230", f"{WATCH}&t=230", id="a moment without a value and a good one"),
        pytest.param(f"https://www.youtube.com/watch/{V}#t=1m5s", f"{WATCH}&t=1m5s", id="the moment in the fragment"),
        pytest.param(f"https://www.youtube.com/watch_popup?v={V}", WATCH, id="popup"),
        pytest.param(f"https://youtu.be/{V}&t=90s", f"https://youtu.be/{V}?t=90s", id="a moment without its ?"),
        pytest.param(
            f"https://youtu.be/{V}&list={PL}&index=4", f"https://youtu.be/{V}?list={PL}", id="a playlist without its ?"
        ),
        pytest.param(f"{WATCH}&t&t=230", f"{WATCH}&t=230", id="an empty moment and a good one"),
        pytest.param(
            f"https://www.youtube.com/embed/{V}/?rel=0",
            f"https://www.youtube.com/embed/{V}?rel=0",
            id="a player with a slash",
        ),
        pytest.param(
            f"https://www.youtube.com/embed/{V}&start=30",
            f"https://www.youtube.com/embed/{V}?start=30",
            id="a player without its ?",
        ),
        pytest.param(f"{LIST}&jct=AbCdEf", LIST, id="an invitation to edit"),
        pytest.param(f"https://www.youtube.com/course?list=EC{OLD}", OLD_LIST, id="a course"),
        pytest.param(f"https://www.youtube.com/shared?ci={V}", WATCH, id="shared"),
        pytest.param(f"https://www.youtube.com/watch#!v={V}", WATCH, id="hash-bang"),
        pytest.param(f"https://www.youtube.com/#!/watch?v={V}&list={PL}", f"{WATCH}&list={PL}", id="hash-bang path"),
        pytest.param(f"https://www.youtube.com/playlist?list=SP{OLD}", OLD_LIST, id="SP"),
        pytest.param(f"https://www.youtube.com/playlist?list=EC{OLD}", OLD_LIST, id="EC"),
        pytest.param(f"https://www.youtube.com/view_play_list?p={OLD}", OLD_LIST, id="p"),
        pytest.param(f"https://www.youtube.com/watch?v={V}&amp;list={PL}", f"{WATCH}&list={PL}", id="&amp;"),
        pytest.param(f"{WATCH}&hl=de&hl=fr&si=x", f"{WATCH}&hl=de", id="the first of two of one name"),
        pytest.param(f"{WATCH}&", WATCH, id="an ampersand left over"),
        pytest.param(f"{WATCH}&hl=de)&si=x", f"{WATCH}&hl=de", id="prose inside the query"),
        pytest.param("https://youtube.com/@N.?si=x", "https://youtube.com/@N", id="prose behind the path"),
        pytest.param("https://youtube.com/@N%3Fx?si=x", "https://www.youtube.com/@n", id="an encoded question mark"),
        pytest.param(f"{LIST}).", LIST, id="prose behind it"),
        pytest.param(f"{WATCH}?t=30", WATCH, id="a second question mark"),
        pytest.param(
            f"https://www.youtube.com/redirect?q=https%3A//youtu.be/{V}", f"https://youtu.be/{V}", id="wrapper"
        ),
        pytest.param("https://www.google.com/url?q=http://youtube.com/c/N", "https://youtube.com/c/N", id="outer"),
    ],
)
def test_a_link_has_a_better_url(url: str, better: str) -> None:
    assert better_url(url) == better


@pytest.mark.parametrize(
    "url",
    [
        WATCH,
        LIST,
        f"{WATCH}&list={PL}",
        f"{WATCH}&t=30s",
        f"{WATCH}#t=30s",
        f"https://www.youtube.com/watch?list={PL}&v={V}",
        f"https://youtube.com/watch?v={V}",
        f"https://youtu.be/{V}",
        f"https://youtu.be/{V}?t=5",
        f"https://youtu.be/{V}?list={PL}",
        f"https://www.youtube.com/shorts/{V}",
        f"https://www.youtube.com/live/{V}",
        f"https://www.youtube.com/embed/{V}?rel=0&start=30",
        f"https://www.youtube.com/embed/videoseries?list={PL}",
        f"https://www.youtube.com/embed/live_stream?channel={UC}",
        f"https://www.youtube-nocookie.com/embed/{V}",
        f"https://music.youtube.com/playlist?list={PL}",
        f"https://music.youtube.com/browse/VL{PL}",
        "https://music.youtube.com/browse/MPREb_AbCdEfGhIjK",
        f"https://www.youtube.com/channel/{UC}/playlists?view=1&sort=dd",
        "https://www.youtube.com/user/khanacademy/playlists",
        "https://www.youtube.com/c/Freecodecamp",
        "https://www.youtube.com/@3Blue1Brown",
        "https://www.youtube.com/@3Blue1Brown/videos/",
        "https://www.youtube.com/@%E6%97%A5%E6%9C%AC%E8%AA%9E",
        "https://www.youtube.com/PatrickJMT",
        f"https://www.youtube.com/feeds/videos.xml?channel_id={UC}",
        "https://www.youtube.com/clip/UgkxU2HSeGL_NvmDJ-nQJrlLwllwMDBdGZFs",
    ],
)
def test_a_canonical_link_has_no_better_url(url: str) -> None:
    assert better_url(url) is None
