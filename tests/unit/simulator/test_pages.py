"""What browsers and generic link checkers get: 200 for unavailable resources too, but for thumbnails and channels."""

from datetime import timedelta

import httpx
import pytest
from unit.simulator.api_calls import CHANNEL, DELETED_VIDEO, NOW, PRIVATE_VIDEO, UNLISTED_VIDEO, VIDEO, youtube

from linkwatch.simulator.entities import SimChannel
from linkwatch.simulator.faults import Fault, FaultPeriod, Surface
from linkwatch.simulator.youtube import SimulatedYouTube

CLOSED = SimChannel("UCzzzzzzzzzzzzzzzzzzzzzA", "Closed", handle="@closed", username="closed", terminated=True)


def visit(url: str, simulated: SimulatedYouTube | None = None) -> httpx.Response:
    return (simulated or youtube(CLOSED))(httpx.Request("GET", url))


@pytest.mark.parametrize("host", ["www.youtube.com", "m.youtube.com", "music.youtube.com"])
@pytest.mark.parametrize(
    "path",
    [
        f"watch?v={VIDEO.id}",
        f"watch?v={DELETED_VIDEO.id}",
        "watch?v=zzzzzzzzzzA",
        "watch?v=zzzzzzzzzzA&list=PLnothing",
        "playlist?list=PLnothing",
        "embed/zzzzzzzzzzA",
        "embed/videoseries?list=PLnothing",
        "shorts/zzzzzzzzzzA",
        "live/zzzzzzzzzzA",
        "c/nobody",
    ],
)
def test_pages_are_200_for_unavailable_resources(host: str, path: str) -> None:
    response = visit(f"https://{host}/{path}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("path", ["", "nothing", "feeds/videos.xml", "robots.txt", "vi/"])
def test_an_unknown_page_is_404(path: str) -> None:
    assert visit(f"https://www.youtube.com/{path}").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"channel/{CHANNEL.id}", 200),
        ("@AChannel", 200),
        ("@achannel/playlists", 200),
        ("user/achannel", 200),
        (f"channel/{CLOSED.id}", 404),
        ("@closed", 404),
        ("%40closed", 404),
        ("user/closed/videos", 404),
        ("@nobody", 404),
    ],
)
def test_pages_of_missing_channels_may_be_404(path: str, status: int) -> None:
    url = f"https://www.youtube.com/{path}"
    assert visit(url).status_code == status
    assert visit(url, youtube(CLOSED, missing_channel_pages_404=False)).status_code == 200


@pytest.mark.parametrize(
    ("video", "outliving", "else_"),
    [
        (VIDEO.id, 200, 200),
        (UNLISTED_VIDEO.id, 200, 200),
        (PRIVATE_VIDEO.id, 200, 404),
        (DELETED_VIDEO.id, 200, 404),
        ("zzzzzzzzzzA", 404, 404),
        ("videoseries", 404, 404),
    ],
)
def test_thumbnails_may_outlive_their_video(video: str, outliving: int, else_: int) -> None:
    url = f"https://img.youtube.com/vi/{video}/0.jpg"
    kept, gone = visit(url), visit(url, youtube(thumbnails_outlive_videos=False))
    assert (kept.status_code, gone.status_code) == (outliving, else_)
    # A grey picture comes with the 404: an image all the same.
    assert {each.headers["content-type"] for each in (kept, gone)} == {"image/jpeg"}


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_short_links_redirect_to_the_page(scheme: str) -> None:
    response = visit(f"{scheme}://youtu.be/zzzzzzzzzzA?si=abc")
    assert response.status_code == 303
    assert response.headers["location"] == f"{scheme}://www.youtube.com/watch?v=zzzzzzzzzzA&feature=youtu.be"


@pytest.mark.parametrize(
    ("fault", "status"), [(Fault.RATE_LIMIT_429, 429), (Fault.SERVICE_UNAVAILABLE_503, 503), (Fault.HTML_502, 502)]
)
def test_faults_affect_pages_too(fault: Fault, status: int) -> None:
    simulated = youtube(faults=(FaultPeriod(fault, NOW, NOW + timedelta(hours=1), surface=Surface.PAGES),))
    response = visit(f"https://www.youtube.com/watch?v={VIDEO.id}", simulated)
    assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (status, "text/html")


def test_a_cut_page_is_its_first_half() -> None:
    url = f"https://www.youtube.com/watch?v={VIDEO.id}"
    cut = visit(url, youtube(faults=(FaultPeriod(Fault.CUT_BODY, NOW, NOW + timedelta(hours=1)),)))
    whole = visit(url)
    assert whole.content.startswith(cut.content)
    assert len(cut.content) == len(whole.content) // 2
    assert cut.headers["content-type"] == whole.headers["content-type"]
