"""URLs in running text: where they begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwatch.sources.urls import find_urls


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://youtu.be/a_b__c-_d.", ["https://youtu.be/a_b__c-_d"]),
        ("HTTPS://YouTu.be/x", ["HTTPS://YouTu.be/x"]),
        ("//youtu.be/x and www.youtube.com/watch?v=x!", ["//youtu.be/x", "www.youtube.com/watch?v=x"]),
        ("(https://en.wikipedia.org/wiki/Foo_(bar)).", ["https://en.wikipedia.org/wiki/Foo_(bar)"]),
        ("(https://a/x).And", ["https://a/x"]),
        ("{u: https://a/x}", ["https://a/x"]),
        ("'https://a/x' “https://b/y” «https://c/z»", ["https://a/x", "https://b/y", "https://c/z"]),
        ("https://a/x,https://b/y;https://c/z", ["https://a/x", "https://b/y", "https://c/z"]),
        ("看youtube.com/watch?v=1，好", ["youtube.com/watch?v=1"]),
        ("https://youtube.com/@日本語", ["https://youtube.com/@日本語"]),
        ("https://web.archive.org/web/https://youtu.be/x", ["https://web.archive.org/web/https://youtu.be/x"]),
        (r"https://a/x\_y", ["https://a/x_y"]),
        (r'"https:\/\/youtu.be\/x"', ["https://youtu.be/x"]),
        (r'"{\"u\": \"https://youtu.be/x\"}"', ["https://youtu.be/x"]),
        ("https://youtu.be/x…", ["https://youtu.be/x"]),
        ("&lt;a href=&quot;https://youtu.be/x&quot;&gt;my talk&lt;/a&gt;", ["https://youtu.be/x"]),
        ("&amp;lt;https://youtu.be/x&amp;gt;my", ["https://youtu.be/x"]),
        (
            "https://youtu.be/x&#39;y https://a/b&#x0027;y https://a/c&apos;y",
            ["https://youtu.be/x", "https://a/b", "https://a/c"],
        ),
        (
            "https://youtu.be/x&nbsp;y https://a/b&#8217;s https://a/c&rdquo;",
            ["https://youtu.be/x", "https://a/b", "https://a/c"],
        ),
        ("https://a/b&quot;https://a/c&quot;", ["https://a/b", "https://a/c"]),
        ("https://a/b?c=1&amp;quote=2&amp;amp;lt=3&copy;", ["https://a/b?c=1&amp;quote=2&amp;amp;lt=3&copy"]),
        ("me@example.com/x ftp://youtube.com/x either/or e.g./x https:// http://...", []),
    ],
)
def test_urls_end_where_the_sentence_goes_on(text: str, urls: list[str]) -> None:
    assert [url.url for url in find_urls(text)] == urls


@given(st.text(alphabet="ahtps:/.(){}[]_-\\,;* \n@é"))
def test_a_url_is_a_piece_of_the_text(text: str) -> None:
    for url in find_urls(text):
        assert text[url.start : url.end].replace("\\", "") == url.url.replace("\\", "")
