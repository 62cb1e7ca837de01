"""Which URL is better."""

import pytest

from linkwatch.fix.canonical import improved_url, may_end_in_prose

HANDLES = {"user/test": "@Test", "user/Ünï": "@Ünï"}


@pytest.mark.parametrize(
    ("url", "better"),
    [
        ("http://youtu.be/jNQXAC9IVRw?si=x", "https://youtu.be/jNQXAC9IVRw"),
        ("https://www.youtube.com/user/test", "https://www.youtube.com/@Test"),
        ("http://m.youtube.com/user/test/videos?feature=x", "https://www.youtube.com/@Test/videos"),
        ("https://www.youtube.com/user/%C3%9Cn%C3%AF", "https://www.youtube.com/@Ünï"),
        ("https://youtu.be/jNQXAC9IVRw", None),
        ("https://www.youtube.com/user/other", None),
        ("https://example.org/user/test", None),
    ],
)
def test_a_better_url_is_canonical_and_by_handle_where_it_is_known(url: str, better: str | None) -> None:
    assert improved_url(url, HANDLES) == better
    assert better is None or improved_url(better, HANDLES) is None


def test_a_user_name_stays_without_handles() -> None:
    assert improved_url("https://www.youtube.com/user/test", {}) is None


@pytest.mark.parametrize(
    ("url", "swallows"),
    [
        ("https://youtu.be/jNQXAC9IVRw?si=1请看", True),
        ("https://youtu.be/jNQXAC9IVRw?si=1**bold", True),
        ("https://youtu.be/jNQXAC9IVRw?si=1,see", True),
        ("https://youtu.be/jNQXAC9IVRw?si=1&amp;feature=x", False),
        ("https://youtu.be/jNQXAC9IVRw?si=1%20", False),
    ],
)
def test_what_may_be_prose_is_seen(url: str, swallows: bool) -> None:
    assert may_end_in_prose(url, "https://youtu.be/jNQXAC9IVRw") is swallows
