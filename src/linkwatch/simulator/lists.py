"""The four `list` methods: which things a call names, in which order, and on which page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from linkwatch.simulator.call import Call
from linkwatch.simulator.entities import SHOWN, SimPlaylist, Visibility
from linkwatch.simulator.faults import Fault
from linkwatch.simulator.items import Entry, Json, Part, Scene, entry_id, etag, is_dead, item
from linkwatch.simulator.parts import CHANNEL_PARTS, ENTRY_PARTS, PLAYLIST_PARTS, VIDEO_PARTS
from linkwatch.simulator.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class _Method:
    kind: str
    parts: Mapping[str, Part]

    mute: frozenset[str]
    """Parts that exist and about which the simulator says nothing."""

    filters: tuple[str, ...]
    """Of these a call has exactly one."""

    empty: Json
    """What takes the place of `items` when there are none."""


METHODS: dict[str, _Method] = {
    "playlists": _Method(
        "youtube#playlist",
        PLAYLIST_PARTS,
        frozenset({"id", "localizations"}),
        ("id", "channelId", "mine"),
        {"items": []},
    ),
    "videos": _Method(
        "youtube#video",
        VIDEO_PARTS,
        frozenset({"id", "localizations", "recordingDetails", "topicDetails", "paidProductPlacementDetails"}),
        ("id", "chart", "myRating"),
        {"items": []},
    ),
    "channels": _Method(
        "youtube#channel",
        CHANNEL_PARTS,
        frozenset({"id", "localizations", "brandingSettings", "topicDetails", "contentOwnerDetails"}),
        ("id", "forHandle", "forUsername", "mine", "managedByMe", "categoryId"),
        {},
    ),
    "playlistItems": _Method(
        "youtube#playlistItem", ENTRY_PARTS, frozenset({"id"}), ("playlistId", "id"), {"items": []}
    ),
}
"""The simulated methods. Where nothing is found `channels` has no `items` at all, and the others an empty list."""

_UNMODELLED = frozenset({"mine", "chart", "myRating", "managedByMe", "categoryId", "channelId"})


def answer(call: Call, scene: Scene, left_out: Callable[[str], bool]) -> Json:
    """The body of one call.

    Args:
        call: What is asked.
        scene: The world at this moment, and the switches.
        left_out: Whether the API leaves an id out though it lives.

    Raises:
        RefusedError: The request is wrong, or the playlist can't be read.
    """
    method = METHODS[call.resource]
    wanted, size = _parts(call, method), _page_size(call)
    chosen = _filter(call, method)
    if call.resource == "playlistItems":
        things: list[tuple[str, object]] = [(entry_id(entry), entry) for entry in _entries(call, scene)]
        pages = True
    else:
        things = _named(call, chosen, scene, left_out)
        pages = scene.switches.max_results_pages_ids
    start = _start(call, len(things))
    page = things[start : start + size] if pages else things
    body = {
        "kind": f"{method.kind}ListResponse",
        "items": [item(scene, method.kind, id_, thing, method.parts, wanted) for id_, thing in page],
        "pageInfo": {
            "totalResults": _total(call, len(things), scene),
            "resultsPerPage": len(things) if call.resource == "videos" else size,
        },
    }
    return _finished(body, method, call, start + len(page), len(things), scene)


def _total(call: Call, returned: int, scene: Scene) -> int:
    by_id = scene.switches.totals_count_absent and call.resource != "playlistItems"
    return max(returned, len(set(call.many("id")))) if by_id else returned


def _finished(body: Json, method: _Method, call: Call, end: int, total: int, scene: Scene) -> Json:
    if not body["items"]:
        del body["items"]
        body |= method.empty
    if end < total and end > 0:
        body["nextPageToken"] = _token(call, end)
    if scene.switches.new_keys:
        body["brandNewKey"] = "of the list"
    return {"kind": body.pop("kind"), "etag": etag(body), **body}


def _parts(call: Call, method: _Method) -> frozenset[str]:
    wanted = frozenset(filter(None, call.many("part")))
    if not wanted:
        raise RefusedError(Fault.MISSING_REQUIRED_PARAMETER, "No part selected.")
    unknown = sorted(wanted - method.parts.keys() - method.mute)
    if unknown:
        raise RefusedError(Fault.MISSING_REQUIRED_PARAMETER, f"'{unknown[0]}'")
    return wanted


def _filter(call: Call, method: _Method) -> str:
    given = [name for name in method.filters if any(call.parameters.get(name, ()))]
    if not given:
        expected = ", ".join(method.filters)
        raise RefusedError(Fault.MISSING_REQUIRED_PARAMETER, f"No filter selected. Expected one of: {expected}")
    if len(given) > 1 or len(call.many("id")) > 50:
        raise RefusedError(Fault.INVALID_FILTERS)
    if given[0] in _UNMODELLED or (call.resource, given[0]) == ("playlistItems", "id"):
        raise RefusedError(Fault.NOT_MODELLED, f"The simulated YouTube has no {call.resource} by {given[0]}.")
    return given[0]


def _page_size(call: Call) -> int:
    text = call.one("maxResults") or "5"
    if not text.isdecimal() or int(text) > 50:
        message = f"Invalid value '{text}'. Values must be within the range: [0, 50]"
        raise RefusedError(Fault.INVALID_PARAMETER, message)
    return int(text)


def _named(call: Call, chosen: str, scene: Scene, left_out: Callable[[str], bool]) -> list[tuple[str, object]]:
    """What lives of what an `id=` list, a handle or a user name asks for."""
    if chosen != "id":
        name = call.subjects[0]
        channel = None if left_out(name) else scene.view.channel_by_name(name)
        return [] if channel is None or left_out(channel.id) else [(channel.id, channel)]
    ids: Sequence[str] = [id_ for id_ in call.many("id") if not left_out(id_)]
    if not scene.switches.duplicates_repeated:
        ids = tuple(dict.fromkeys(ids))
    if scene.switches.order_shuffled:
        ids = sorted(ids, key=lambda id_: blake2b(id_.encode()).digest())
    found = ((id_, _visible(call.resource, id_, scene)) for id_ in ids)
    return [(id_, thing) for id_, thing in found if thing is not None]


def _visible(resource: str, id_: str, scene: Scene) -> object | None:
    """What the API shows of an id: private and deleted look the same."""
    view = scene.view
    if resource == "channels":
        return view.channel(id_)
    if resource == "videos":
        video = view.video(id_)
        return video if video is not None and video.visibility in SHOWN else None
    playlist = view.playlist(id_)
    if playlist is None or playlist.visibility not in SHOWN or _unlisted_uploads(playlist, scene):
        return None
    return playlist


def _is_empty_uploads(playlist: SimPlaylist) -> bool:
    return playlist.id.startswith("UU") and not playlist.video_ids and playlist.item_count is None


def _unlisted_uploads(playlist: SimPlaylist, scene: Scene) -> bool:
    return _is_empty_uploads(playlist) and not scene.switches.empty_uploads_listed


def _entries(call: Call, scene: Scene) -> list[Entry]:
    playlist = scene.view.playlist(call.one("playlistId") or "")
    if playlist is None or playlist.visibility is Visibility.DELETED or _is_empty_uploads(playlist):
        raise RefusedError(Fault.PLAYLIST_NOT_FOUND)
    if playlist.visibility is Visibility.PRIVATE:
        raise RefusedError(Fault.PLAYLIST_ITEMS_NOT_ACCESSIBLE)
    seen: Counter[str] = Counter()
    entries = []
    for position, video_id in enumerate(playlist.video_ids):
        entries.append(Entry(playlist, position, video_id, seen[video_id]))
        seen[video_id] += 1
    only = call.one("videoId")
    return [
        entry
        for entry in entries
        if only in {None, entry.video_id} and (scene.switches.dead_items_listed or not is_dead(scene, entry.video_id))
    ]


def _token(call: Call, offset: int) -> str:
    return urlsafe_b64encode(f"{_listing(call)}:{offset}".encode()).decode().rstrip("=")


def _listing(call: Call) -> str:
    return blake2b(f"{call.resource} {call.subjects}".encode(), digest_size=6).hexdigest()


def _start(call: Call, total: int) -> int:
    """Where the page begins. A token holds a place, not a snapshot: the list may have shrunk below it."""
    token = call.one("pageToken")
    if not token:
        return 0
    try:
        listing, _, offset = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(":")
    except (NotBase64, ValueError):
        listing = offset = ""
    if listing != _listing(call) or not offset.isdecimal() or int(offset) >= total:
        raise RefusedError(Fault.INVALID_PAGE_TOKEN)
    return int(offset)
