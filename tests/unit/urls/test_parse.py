"""The grammar of YouTube's URLs, as a table: what a link names, what is malformed, and what is no link at all."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linkwatch.models.resource import Kind, Resource
from linkwatch.urls import ids
from linkwatch.urls.canonical import rewrite_url
from linkwatch.urls.parse import ParsedUrl, better_url, parse_reference, parse_url
from linkwatch.urls.paths import parse_any_url

V = "haHLRD0QZ08"
V2 = "WUvTyaaNkzM"
PL = "PL0-GT3co4r2wlh6UHTUeQsrf3mlS2lk6x"
OLD = "63F0C78739B09958"
UC = "UCYO_jab_esuFRV4b17AJtAw"
UU = "UUYO_jab_esuFRV4b17AJtAw"
CLIP = "UgkxU2HSeGL_NvmDJ-nQJrlLwllwMDBdGZFs"
ALBUM = "OLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs"
MIX = f"RD{V}"
STORED_MIX = "RDCLAK5uy_kmPRjHDECIcuVwnKsx2Ng7fyNgFKWNJFs"

NAMES_ONE = {
    "hosts": {
        f"https://www.youtube.com/watch?v={V}": V,
        f"https://youtube.com/watch?v={V}": V,
        f"https://m.youtube.com/watch?v={V}": V,
        f"https://music.youtube.com/watch?v={V}": V,
        f"https://gaming.youtube.com/watch?v={V}": V,
        f"https://de.youtube.com/watch?v={V}": V,
        f"https://www.youtubekids.com/watch?v={V}": V,
        f"https://m.youtubekids.com/watch?v={V}": V,
        f"https://www.youtubeeducation.com/embed/{V}": V,
        f"https://youtube.googleapis.com/v/{V}?hl=en": V,
        f"https://youtube.googleapis.com/embed/{V}": V,
        f"https://www.youtube-nocookie.com/embed/{V}": V,
        f"https://youtube-nocookie.com/embed/{V}": V,
        f"https://youtu.be/{V}": V,
        f"https://www.youtu.be/{V}": V,
        f"HTTPS://WWW.YouTube.COM/watch?v={V}": V,
        f"http://www.youtube.com/watch?v={V}": V,
        f"www.youtube.com/watch?v={V}": V,
        f"youtube.com/watch?v={V}": V,
        f"youtu.be/{V}": V,
        f"//www.youtube.com/watch?v={V}": V,
        f"https://www.youtube.com:443/watch?v={V}": V,
        f"youtube.com:80/watch?v={V}": V,
        f"https://www.youtube.com./watch?v={V}": V,
        f"https://user:password@www.youtube.com/watch?v={V}": V,
    },
    "paths of a video": {
        f"https://www.youtube.com/watch/{V}": V,
        f"https://www.youtube.com/watch/?v={V}": V,
        f"https://www.youtube.com//watch?v={V}": V,
        f"https://www.youtube.com/Watch?v={V}": V,
        f"https://www.youtube.com/watch_popup?v={V}": V,
        f"https://www.youtube.com/?v={V}": V,
        f"https://www.youtube.com/v/{V}": V,
        f"https://www.youtube.com/v/{V}&hl=en&fs=1": V,
        f"https://www.youtube.com/e/{V}": V,
        f"https://www.youtube.com/embed/{V}?playlist={V2}&rel=0": V,
        f"https://www.youtube.com/shorts/{V}": V,
        f"https://www.youtube.com/live/{V}?feature=share": V,
        f"https://youtu.be/{V}?t=30": V,
        f"https://youtu.be/{V}&feature=youtu.be": V,
        f"https://youtu.be/watch?v={V}": V,
        f"https://youtu.be/shorts/{V}": V,
        f"https://www.youtube.com/clip/{CLIP}?si=x": f"clip/{CLIP}",
        f"https://www.youtube.com/post/{CLIP}": f"post/{CLIP}",
        f"https://www.youtube.com/movie?v={V}": V,
        f"https://www.youtube.com/shared?ci={V}": V,
        f"https://www.youtube.com/all_comments?v={V}": V,
        f"https://www.youtube.com/w/?v={V}": V,
        f"https://www.youtube.com/tv#/watch?v={V}": V,
        f"https://www.youtube.com/watch_videos?video_ids={V}": V,
    },
    "which v": {
        f"https://www.youtube.com/watch?v={V}&v={V2}": V,
        f"https://www.youtube.com/watch?feature=share&v={V}": V,
        f"https://www.youtube.com/watch?v={V}?t=30": V,
        f"https://www.youtube.com/watch?v={V}&list=": V,
        f"https://www.youtube.com/watch?v={V}&list={MIX}&start_radio=1": V,
        f"https://www.youtube.com/watch?v={V}&list=RDMM": V,
        f"https://www.youtube.com/watch?v={V}&list=WL&index=3": V,
        f"https://youtu.be/{V}?list={MIX}": V,
    },
    "paths of a playlist": {
        f"https://www.youtube.com/playlist?list={PL}": PL,
        f"https://www.youtube.com/playlist?list={PL}&list={UU}": PL,
        f"https://www.youtube.com/playlist/?list={PL}": PL,
        f"https://www.youtube.com/watch?list={PL}": PL,
        f"https://www.youtube.com/embed/videoseries?list={PL}": PL,
        f"https://www.youtube.com/embed?listType=playlist&list={PL}": PL,
        f"https://www.youtube.com/embed/?list={PL}": PL,
        f"https://youtu.be/playlist?list={PL}": PL,
        f"https://music.youtube.com/playlist?list={ALBUM}": ALBUM,
        f"https://music.youtube.com/browse/VL{PL}": PL,
        "https://music.youtube.com/browse/MPREb_AbCdEfGhIjK": "MPREb_AbCdEfGhIjK",
        f"https://www.youtube.com/playlist?list=VL{PL}": PL,
        f"https://www.youtube.com/playlist?list=SP{OLD}": f"PL{OLD}",
        f"https://www.youtube.com/playlist?list=EC{OLD}": f"PL{OLD}",
        f"https://www.youtube.com/playlist?list=PL{OLD}": f"PL{OLD}",
        f"https://www.youtube.com/course?list=EC{OLD}": f"PL{OLD}",
        f"https://www.youtube.com/course?list=EC{OLD}&feature=plcp": f"PL{OLD}",
        f"https://www.youtube.com/playlist?p=PL{OLD}": f"PL{OLD}",
        f"https://www.youtube.com/playlist?p={OLD}": f"PL{OLD}",
        f"https://www.youtube.com/embed/videoseries&list={PL}": PL,
        f"https://www.youtube.com/embed/videoseries;list={PL}": PL,
        f"https://www.youtube.com/embed/VideoSeries?list={PL}": PL,
        f"https://www.youtube.com/embed/videoseries)&list={PL}": PL,
        f"https://www.youtube.com/embed/%22videoseries?list={PL}": PL,
        f"https://www.youtube.com/watch?v=videoseries&list={PL}": PL,
        f"https://youtu.be/VideoSeries?list={PL}": PL,
        f"https://music.youtube.com/podcast/{PL}": PL,
        f"https://music.youtube.com/browse/MPSP{PL}": PL,
        f"https://music.youtube.com/playlist?list={STORED_MIX}": STORED_MIX,
        "https://www.youtube.com/playlist?list=SE": "SE",
        f"https://www.youtube.com/view_play_list?p={OLD}": f"PL{OLD}",
        f"https://www.youtube.com/p/{OLD}?hl=en": f"PL{OLD}",
        f"https://www.youtube.com/playlist?list={UU}": UU,
        f"https://www.youtube.com/feeds/videos.xml?playlist_id={PL}": PL,
        "https://www.youtube.com/playlist?list=WL": "WL",
        f"https://www.youtube.com/playlist?list={MIX}": MIX,
    },
    "paths of a channel": {
        f"https://www.youtube.com/channel/{UC}": UC,
        f"https://www.youtube.com/channel/{UC}/playlists?view=1": UC,
        f"https://music.youtube.com/browse/{UC}": UC,
        f"https://music.youtube.com/channel/{UC}": UC,
        f"https://www.youtube.com/embed/live_stream?channel={UC}": UC,
        f"https://www.youtube.com/embed/live_stream&channel={UC}": UC,
        f"https://www.youtube.com/feeds/videos.xml?channel_id={UC}": UC,
        f"https://www.youtube.com/{UC}": UC,
        "https://www.youtube.com/feeds/videos.xml?user=khanacademy": "user/khanacademy",
        "https://www.youtube.com/embed?listType=user_uploads&list=khanacademy": "user/khanacademy",
        "https://www.youtube.com/user/khanacademy": "user/khanacademy",
        "https://www.youtube.com/user/KhanAcademy/playlists": "user/KhanAcademy",
        "https://www.youtube.com/user/khanacademy#p/u/1/haHLRD0QZ08": "user/khanacademy",
        "https://www.youtube.com/c/Freecodecamp/videos": "c/Freecodecamp",
        "https://www.youtube.com/c/Gr%C3%B6%C3%9Fe": "c/Größe",
        "https://www.youtube.com/c/Gro\u0308\u00dfe": "c/Größe",
        "https://www.youtube.com/@3Blue1Brown": "@3blue1brown",
        "https://www.youtube.com/@3blue1brown/featured": "@3blue1brown",
        "https://www.youtube.com/%403Blue1Brown/streams": "@3blue1brown",
        "https://www.youtube.com/@日本語": "@日本語",
        "https://www.youtube.com/@%E6%97%A5%E6%9C%AC%E8%AA%9E/about": "@日本語",
        "https://www.youtube.com/@हिन्दी": "@हिन्दी",
        "https://www.youtube.com/PatrickJMT": "PatrickJMT",
        "https://www.youtube.com/PatrickJMT/videos": "PatrickJMT",
        "https://www.youtube.com/accountant": "accountant",
    },
    "wrappers": {
        f"https://www.youtube.com/verify_age?next_url=/watch%3Fv%3D{V}": V,
        f"https://www.youtube.com/signin?next=%2Fwatch%3Fv%3D{V}&action=x": V,
        f"https://accounts.google.com/ServiceLogin?service=youtube&continue=https%3A%2F%2Fyoutu.be%2F{V}": V,
        f"https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D{V}%26feature%3Dshare": V,
        f"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fyoutu.be%2F{V}": V,
        f"https://www.google.com/url?sa=t&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3D{V}&usg=x": V,
        f"https://google.de/url?q=https://www.youtube.com/playlist?list={PL}&sa=D": PL,
        f"https://www.google.co.uk/url?q=https://youtu.be/{V}": V,
        f"https://consent.youtube.com/m?continue=https%3A%2F%2Fwww.youtube.com%2Fplaylist%3Flist%3D{PL}&gl=DE": PL,
        f"https://consent.google.com/ml?continue=https://www.youtube.com/channel/{UC}": UC,
        "https://www.google.com/url?q=https%3A%2F%2Fwww.youtube.com%2Fredirect%3Fq%3Dhttps%253A%252F%252Fconsent.youtube.com"
        f"%252Fm%253Fcontinue%253Dhttps%25253A%25252F%25252Fyoutu.be%25252F{V}": V,
    },
    "what careless hands leave": {
        f"  https://www.youtube.com/watch?v={V}\n": V,
        f"\ufeffhttps://www.youtube.com/watch?v={V}\u200b": V,
        f"https://www.youtube.com/watch?v={V})": V,
        f"https://www.youtube.com/watch?v={V}).": V,
        f'https://www.youtube.com/watch?v={V}",': V,
        f"https://youtu.be/{V}”。": V,
        f"https://www.youtube.com/playlist?list={PL}).": PL,
        "https://www.youtube.com/@3Blue1Brown).": "@3blue1brown",
        "https://www.youtube.com/user/khanacademy.": "user/khanacademy",
        "https://www.youtube.com/@3Blue1Brown&feature=x": "@3blue1brown",
        f"https://www.youtube.com/watch?feature=share&amp;v={V}": V,
        f"https://www.youtube.com/watch?feature=share&amp;amp;v={V}": V,
        f"https://www.youtube.com/watch?feature=share&#38;v={V}": V,
        f"https://www.youtube.com/watch?%76={V}": V,
        "https://www.youtube.com/w%61tch?v=%68aHLRD0QZ08": V,
        f"https://www.youtube.com/watch%3Fv%3D{V}%26feature%3Dshare": V,
        f"https://www.youtube.com/watch%3Fhl%3Den%26amp%3Bv%3D{V}": V,
        f"https://www.youtube.com/watch#!v={V}": V,
        f"https://www.youtube.com/watch?gl=US#!v={V}": V,
        f"https://www.youtube.com/#!/watch?v={V}": V,
        f"https://www.youtube.com/watch?v={V}#t=30s": V,
    },
}


def _kind(id_: str) -> Kind:
    if (len(id_) == 11 and not id_.startswith(("@", "MPREb_", "RD"))) or id_.startswith(("clip/", "post/")):
        return Kind.VIDEO
    listed = id_.startswith(("PL", "UU", "OLAK5uy_", "MPREb_", "RD")) or id_ in {"WL", "SE"}
    return Kind.PLAYLIST if listed else Kind.CHANNEL


@pytest.mark.parametrize(
    ("url", "id_"),
    [pytest.param(url, id_, id=f"{group}: {url!a}") for group, rows in NAMES_ONE.items() for url, id_ in rows.items()],
)
def test_a_link_names_one_resource(url: str, id_: str) -> None:
    assert parse_url(url) == ParsedUrl((Resource(_kind(id_), id_),))


def test_a_list_of_videos_names_each_once() -> None:
    url = f"https://www.youtube.com/watch_videos?video_ids={V},{V2},{V}&title=Talks"
    assert parse_url(url) == ParsedUrl((Resource(Kind.VIDEO, V), Resource(Kind.VIDEO, V2)))
    assert better_url(url) is None
    broken = parse_url(f"https://www.youtube.com/watch_videos?video_ids={V},short")
    assert broken is not None
    assert broken.problem == "`short` has 5 characters; a video id has 11"


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.youtube.com/watch?v={V}&list={PL}",
        f"https://www.youtube.com/watch?list={PL}&v={V}",
        f"https://www.youtube.com/watch?v={V}&amp;list={PL}&amp;index=2",
        f"https://youtu.be/{V}?list={PL}",
        f"https://youtu.be/{V}&list={PL}",
        f"https://youtu.be/{V}&list={PL}&index=4",
        f"https://youtu.be/{V}&amp;list={PL}?si=x",
        f"https://www.youtube.com/v/{V}&list={PL}",
        f"https://www.youtube.com/embed/{V}?list={PL}",
        f"https://www.youtube.com/watch?v={V}#!list={PL}",
    ],
)
def test_a_video_in_a_playlist_names_both(url: str) -> None:
    assert parse_url(url) == ParsedUrl((Resource(Kind.VIDEO, V), Resource(Kind.PLAYLIST, PL)))


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://www.youtube.com/watch?v=short", "`short` has 5 characters; a video id has 11"),
        (f"https://www.youtube.com/watch?v={V}x", f"`{V}x` has 12 characters; a video id has 11"),
        ("https://www.youtube.com/watch?v=", "the link names no video: its id is missing"),
        ("https://www.youtube.com/watch", "the link names no video: it has neither `v=` nor `list=`"),
        ("https://www.youtube.com/watch?feature=share", "the link names no video: it has neither `v=` nor `list=`"),
        (
            f"https://www.youtube.com/watch%3Fhl%23%26v%3D{V}",
            "the link names no video: it has neither `v=` nor `list=`",
        ),
        (f"https://www.youtube.com/watch&v={V}", "the link names no video: it has neither `v=` nor `list=`"),
        (f"https://www.youtube.com/watch?v=short&list={MIX}", "`short` has 5 characters; a video id has 11"),
        ("https://www.youtube.com/playlist", "the link names no playlist: its id is missing"),
        ("https://www.youtube.com/playlist?list=", "the link names no playlist: its id is missing"),
        ("https://www.youtube.com/playlist?list=PL123", "`PL123` has 5 characters, too few for a playlist id"),
        ("https://www.youtube.com/embed/videoseries", "the link names no playlist: its id is missing"),
        (
            "https://www.youtube.com/channel/khanacademy",
            "`khanacademy` is no channel id: one is `UC` and 22 characters",
        ),
        (f"https://www.youtube.com/channel/{UC}x", f"`{UC}x` is no channel id: one is `UC` and 22 characters"),
        ("https://www.youtube.com/channel/", "the link names no channel: its id is missing"),
        ("https://www.youtube.com/user/", "the link names no channel: its id is missing"),
        ("https://www.youtube.com/c/foo%20bar", "`foo bar` is no channel id or name"),
        ("https://www.youtube.com/@", "the link names no channel: its id is missing"),
        ("https://www.youtube.com/foo+bar", "`foo+bar` is no channel id or name"),
        ("https://www.youtube.com/clip/nonsense", "`nonsense` is no clip id or name"),
        ("https://www.youtube.com/shorts/short", "`short` has 5 characters; a video id has 11"),
        ("https://youtu.be/short", "`short` has 5 characters; a video id has 11"),
        ("https://www.google.com/url?q=https://youtu.be/short", "`short` has 5 characters; a video id has 11"),
    ],
)
def test_a_link_that_cannot_name_a_resource_says_why(url: str, problem: str) -> None:
    assert parse_url(url) == ParsedUrl((), problem)
    assert better_url(url) is None


@pytest.mark.parametrize(
    ("url", "left"),
    [
        (f"https://www.youtube.com/watch?v=short&list={PL}", Resource(Kind.PLAYLIST, PL)),
        (f"https://www.youtube.com/watch?v=&list={PL}", Resource(Kind.PLAYLIST, PL)),
        (f"https://www.youtube.com/watch?v={V}&list=PL123", Resource(Kind.VIDEO, V)),
    ],
)
def test_a_link_with_one_malformed_id_keeps_the_other_resource(url: str, left: Resource) -> None:
    parsed = parse_url(url)
    assert parsed is not None
    assert parsed.resources == (left,)
    assert parsed.problem
    assert better_url(url) is None


NOT_YOUTUBE = [
    "",
    " ",
    "https://example.com/",
    f"https://youtube.com.evil.example/watch?v={V}",
    f"https://www.youtube.com@evil.example/watch?v={V}",
    f"https://notyoutube.com/watch?v={V}",
    f"https://youtube.comx/watch?v={V}",
    f"https://youtubeXcom/watch?v={V}",
    f"https://youtube.com\\@evil.example/watch?v={V}",
    f"https://evil.example\\@youtube.com/watch?v={V}",
    f"https://evil.example/youtube.com/watch?v={V}",
    f"https://evil.example/?https://youtube.com/watch?v={V}",
    f"https://evil.example#@youtube.com/watch?v={V}",
    f"https://xyoutu.be/{V}",
    f"https://a.youtu.be/{V}",
    f"https://www.youtube.com:port/watch?v={V}",
    f"https://www.youtube.com../watch?v={V}",
    f"https://www.youtube%2Ecom/watch?v={V}",
    f"https://www.ｙｏｕｔｕｂｅ.com/watch?v={V}",
    f"https://www.уoutube.com/watch?v={V}",
    f"https://www.youtube\u3002com/watch?v={V}",
    f"https://www.youtube\u212aids.com/watch?v={V}",
    f"http\u017f://www.youtube.com/watch?v={V}",
    f"https://you tube.com/watch?v={V}",
    f"ftp://www.youtube.com/watch?v={V}",
    f"javascript:location='https://www.youtube.com/watch?v={V}'",
    "mailto:someone@youtube.com",
    "someone@youtube.com",
    f"someone@youtube.com/watch?v={V}",
    "mailto:someone@youtube.com/name",
    f"vnd.youtube:{V}",
    f"https:{V}",
    V,
    PL,
    "@3Blue1Brown",
    "http://[",
    "http://[::1]/watch",
    "https://studio.youtube.com/channel/UC",
    "https://support.youtube.com/watch",
    f"https://img.youtube.com/vi/{V}/0.jpg",
    f"https://tv.youtube.com/watch/{V}",
    "https://www.google.com/search?q=youtube",
    f"https://www.google.com/search?q=https://youtu.be/{V}",
    "https://www.google.com/url?q=https%3A%2F%2Fexample.com",
    "https://www.youtube.com/redirect?q=https%3A%2F%2Fexample.com",
    "https://www.youtube.com/redirect",
    "https://www.youtube.com/attribution_link?a=x",
    "https://consent.youtube.com/m",
    f"https://youtube.com/redirect?q=youtube.com/redirect?q=youtube.com/redirect?q=youtube.com/redirect?q=youtu.be/{V}",
]
OWN_PAGES = """
/ /feed/trending /feed/subscriptions /results?search_query=x /hashtag/math /premium /about/press /about /t/terms
/account /account_advanced /gaming /trending /ads /creators /howyoutubeworks/our-commitments /kids /tv /new
/yt/about /intl/de/jobs /s/player/x.js /api/x /iframe_api /player_api /oembed?url=x /feeds/videos.xml /feeds/x
/playlists /signin?next=x /logout /upload /error?src=404 /favicon.ico /robots.txt
/sitemaps/sitemap.xml /opensearch?locale=en /live /shorts /source/x/shorts /product/x /reporthistory /musicpremium
/originals /jobs /testtube /copyright_complaint_form /select_site /comment_servlet /browse/FEmusic_home
/embed?listType=search&list=x /premium) /Premium /my_videos /apiplayer?video_id=x /cp/x
"""


@pytest.mark.parametrize(
    "url", [*NOT_YOUTUBE, *(f"https://www.youtube.com{page}" for page in OWN_PAGES.split())], ids=ascii
)
def test_other_sites_lookalikes_and_youtubes_own_pages_name_no_resource(url: str) -> None:
    assert parse_url(url) is None
    assert better_url(url) is None


def test_youtu_be_alone_names_nothing() -> None:
    assert parse_url("https://youtu.be/") is None


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        (f"https://youtu.be/{V}?list={PL}", V),
        (V, V),
        (f" {V}\n", V),
        (PL, PL),
        (f"SP{OLD}", f"PL{OLD}"),
        ("WL", "WL"),
        (UC, UC),
        ("@3Blue1Brown", "@3blue1brown"),
        ("user/khanacademy", "user/khanacademy"),
        ("c/Größe", "c/Größe"),
        (f"clip/{CLIP}", f"clip/{CLIP}"),
    ],
)
def test_a_reference_is_a_url_or_an_id(text: str, id_: str) -> None:
    assert parse_reference(text) == Resource(_kind(id_), id_)


@pytest.mark.parametrize(
    "text", ["", "@", "short", "user/", "user/a b", "x/y", "a b", "https://example.com/", "youtube.com/watch", "日本語"]
)
def test_what_is_neither_url_nor_id_names_nothing(text: str) -> None:
    assert parse_reference(text) is None


# --- properties ---

_ID_CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_WORDS = r"""
https:// http:// // www. m. music. youtube.com youtu.be youtubekids.com google.com @ : :443 / ? # #! #!/ & &amp;
amp; ; = %3F %3f %26 %23 %25 %2F %40 %20 % %ED%A0%80 %00 ) . , < + - _ ~ [ ] ' watch watch? /watch?v= v= v
playlist /playlist?list= list= list embed/ /embed/videoseries shorts/ live/ v/ e/ p/ channel/ user/ c/ clip/
browse/ feeds/videos.xml playlist_id= channel_id= channel= premium redirect?q= url?q= attribution_link?u= si=x
index=2 t=30s start= x=1 listType=user_uploads about
"""
_FRAGMENTS = st.sampled_from(
    [
        *_WORDS.split(),
        *(V, V2, PL, UC, MIX, CLIP, OLD, f"SP{OLD}", "VL", "WL", "Name", '"', "\\"),
        *("·", "é", "\u0301", "İ", "Σ", "日", "\ud800", "\x00", " ", "\n", "\u3000"),
    ]
)
_YOUTUBEISH = st.lists(_FRAGMENTS, max_size=12).map("".join)
_ON_YOUTUBE = _YOUTUBEISH.map("https://www.youtube.com/".__add__)
_LINKS = st.one_of(
    st.text(), _YOUTUBEISH, _ON_YOUTUBE, st.sampled_from([url for rows in NAMES_ONE.values() for url in rows])
)
_COMMON_LINKS = st.one_of(
    _LINKS,
    st.builds(
        "{}{}{}{}".format,
        st.sampled_from(["https://www.youtube.com/", "https://youtube.com/", "http://www.youtube.com/"]),
        st.sampled_from(["playlist?list=PL", "watch?v=", f"watch?v={V}&list=PL"]),
        st.text(_ID_CHARACTERS, min_size=9, max_size=34),
        st.sampled_from(["", "\n", "&", f"&list={PL}", f"&list={MIX}"]),
    ),
)


@given(_COMMON_LINKS)
@example(f"https://www.youtube.com/watch?v={V}\n")
@settings(max_examples=5 * settings().max_examples)
def test_the_fast_path_and_the_general_parser_agree(url: str) -> None:
    assert parse_url(url) == parse_any_url(url)
    assert better_url(url) == rewrite_url(url)


@given(_LINKS)
@example("https://www.youtube.com/UC000000000000000000000À")
@settings(max_examples=10 * settings().max_examples)
def test_what_a_link_names_is_named_by_its_canonical_url_and_its_id(url: str) -> None:
    parsed = parse_url(url)
    for resource in parsed.resources if parsed else ():
        assert parse_url(resource.url) == ParsedUrl((resource,))
        assert better_url(resource.url) is None
        is_bare_name = resource.kind is Kind.CHANNEL and not re.match(r"@|user/|c/|UC[\w-]{22}$", resource.id, re.ASCII)
        if not is_bare_name:
            assert parse_reference(resource.id) == resource


@given(
    st.one_of(
        st.text(_ID_CHARACTERS, min_size=11, max_size=11).map(ids.parse_video_id),
        st.text(_ID_CHARACTERS, min_size=10, max_size=40).map("PL".__add__).map(ids.parse_playlist_id),
        st.text(_ID_CHARACTERS, min_size=22, max_size=22).map("UC".__add__).map(ids.parse_channel_id),
        st.text(max_size=30).map(ids.parse_handle),
        st.text(max_size=30).map(lambda name: ids.parse_channel_name("user/", name)),
        st.text(max_size=30).map(lambda name: ids.parse_channel_name("c/", name)),
    )
)
def test_a_canonical_url_is_read_back_as_its_resource(parsed: ParsedUrl) -> None:
    for resource in parsed.resources:
        assert parse_url(resource.url) == ParsedUrl((resource,))


@given(_LINKS)
@settings(max_examples=10 * settings().max_examples)
def test_a_better_url_names_the_same_and_has_no_better_one(url: str) -> None:
    better = better_url(url)
    if better is not None:
        assert better != url
        assert parse_url(better) == parse_url(url)
        assert better_url(better) is None


@given(_LINKS)
@settings(max_examples=5 * settings().max_examples)
def test_a_problem_is_one_line_that_can_be_printed_anywhere(url: str) -> None:
    parsed = parse_url(url)
    if parsed is not None and parsed.problem is not None:
        assert parsed.problem.isprintable()
        assert len(parsed.problem) < 120
    assert parsed is None or parsed.resources or parsed.problem


@pytest.mark.parametrize(
    "repeated",
    [
        *("a", "/", "&", "&amp;", "amp;", "@", ".", "a.", "%", "%3f", "=", "?v=", ")", "#!", "VL"),
        *("\u0301", "\u0316\u0301", "\ud800", " "),
    ],
    ids=ascii,
)
@pytest.mark.parametrize("start", ["", "https://", "https://www.youtube.com/@a", "https://youtu.be/watch?list=", "a@"])
def test_a_link_of_200_kilobytes_is_read_in_linear_time(start: str, repeated: str) -> None:
    """Anything quadratic would take minutes here."""
    url = start + repeated * (200_000 // len(repeated))
    parse_url(url)
    parse_url(url + " x")
    better_url(url)
