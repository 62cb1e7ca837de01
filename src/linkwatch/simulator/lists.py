"""The four `list` methods: which entities a call names, in which order, and on which page."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from linkwatch.simulator.call import Call
from linkwatch.simulator.entities import VISIBLE, SimPlaylist, Visibility, copy_numbers
from linkwatch.simulator.faults import Fault
from linkwatch.simulator.items import (
    Json,
    Part,
    PlaylistEntry,
    ResponseContext,
    entry_id,
    etag,
    is_tombstone,
    render_item,
)
from linkwatch.simulator.parts import CHANNEL_PARTS, ENTRY_PARTS, PLAYLIST_PARTS, VIDEO_PARTS
from linkwatch.simulator.refusals import RefusedError


@dataclass(frozen=True, slots=True)
class _Method:
    kind: str
    parts: Mapping[str, Part]

    unmodelled: frozenset[str]
    """Parts that exist but are not modelled."""

    filters: tuple[str, ...]
    """A call has exactly one of these."""

    empty: Json
    """The keys in place of `items` when there are none."""


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
"""The simulated methods. Where noentity is found `channels` has no `items` at all, and the others an empty list."""

_UNMODELLED = frozenset({"mine", "chart", "myRating", "managedByMe", "categoryId", "channelId"})


def list_response(call: Call, context: ResponseContext, is_omitted: Callable[[str], bool], *, overlap: int = 0) -> Json:
    """The body of the response to a call.

    Args:
        call: The call.
        context: The world at this moment, and the options.
        is_omitted: Whether the API omits an id although it is available.
        overlap: How many items of the page before a page begins with.

    Raises:
        RefusedError: The request is wrong, or the playlist can't be read.
    """
    method = METHODS[call.resource]
    requested_parts, size = _parts(call, method), _page_size(call)
    filter_name = _filter(call, method)
    if call.resource == "playlistItems":
        return _listing_page(call, context, method, requested_parts, size, overlap)
    entities = _requested(call, filter_name, context, is_omitted)
    start = _start(call, len(entities))
    page = entities[start : start + size] if context.options.max_results_pages_ids else entities
    body = {
        "kind": f"{method.kind}ListResponse",
        "items": [
            render_item(context, method.kind, id_, entity, method.parts, requested_parts) for id_, entity in page
        ],
        "pageInfo": {
            "totalResults": _total(call, len(entities), context),
            "resultsPerPage": len(entities) if call.resource == "videos" else size,
        },
    }
    end = start + len(page)
    end_token = _token(call, end) if 0 < end < len(entities) else None
    return _complete_body(body, method, _tokens(call, start, size, end_token), context)


def _total(call: Call, returned: int, context: ResponseContext) -> int:
    return max(returned, len(set(call.values("id")))) if context.options.totals_count_absent else returned


def _listing_page(
    call: Call, context: ResponseContext, method: _Method, parts: frozenset[str], size: int, overlap: int
) -> Json:
    """A page of the items of a playlist."""
    options = context.options
    all_entries = _entries(call, context)
    is_uploads = (call.value("playlistId") or "").startswith("UU")
    window = all_entries[: options.uploads_window] if is_uploads else all_entries
    listed = [entry for entry in window if _is_listed(entry, context)]
    paged = window if options.hidden_items_leave_gaps else listed
    start = _start(call, len(paged), is_end_valid=options.empty_last_page)
    end = min(start + size, len(paged))
    items = [
        render_item(context, method.kind, entry_id(entry), entry, method.parts, parts)
        for entry in paged[max(0, start - overlap) : end]
        if _is_listed(entry, context)
    ]
    hidden = 0 if options.totals_count_hidden else len(window) - len(listed)
    body = {
        "kind": f"{method.kind}ListResponse",
        "items": items,
        "pageInfo": {"totalResults": len(all_entries) - hidden, "resultsPerPage": size},
    }
    is_full = options.empty_last_page and end - start == size
    end_token = _token(call, end) if end and (end < len(paged) or is_full) else None
    return _complete_body(body, method, _tokens(call, start, size, end_token), context)


def _tokens(call: Call, start: int, size: int, end_token: str | None) -> Json:
    """The tokens of the next page and of the page before, as far as there are such pages."""
    tokens = {"nextPageToken": end_token, "prevPageToken": _token(call, max(0, start - size)) if start else None}
    return {name: token for name, token in tokens.items() if token is not None}


def _is_listed(entry: PlaylistEntry, context: ResponseContext) -> bool:
    return context.options.dead_items_listed or not is_tombstone(context, entry.video_id)


def _complete_body(body: Json, method: _Method, tokens: Json, context: ResponseContext) -> Json:
    if not body["items"]:
        del body["items"]
        body |= method.empty
    body |= tokens
    if context.options.new_keys:
        body["brandNewKey"] = "of the list"
    # The ETags of the items stand for their content: to encode it once more took a third of the time of a response.
    tag = etag({**body, "items": [item["etag"] for item in body.get("items", ())]})
    return {"kind": body.pop("kind"), "etag": tag, **body}


def _parts(call: Call, method: _Method) -> frozenset[str]:
    requested_parts = frozenset(filter(None, call.values("part")))
    if not requested_parts:
        raise RefusedError(Fault.MISSING_REQUIRED_PARAMETER, "No part selected.")
    unknown = sorted(requested_parts - method.parts.keys() - method.unmodelled)
    if unknown:
        raise RefusedError(Fault.UNKNOWN_PART, f"'{unknown[0]}'")
    return requested_parts


def _filter(call: Call, method: _Method) -> str:
    given = [name for name in method.filters if any(call.parameters.get(name, ()))]
    if not given:
        expected = ", ".join(method.filters)
        raise RefusedError(Fault.MISSING_REQUIRED_PARAMETER, f"No filter selected. Expected one of: {expected}")
    if len(given) > 1 or len(call.values("id")) > 50:
        raise RefusedError(Fault.INVALID_FILTERS)
    if given[0] in _UNMODELLED or (call.resource, given[0]) == ("playlistItems", "id"):
        raise RefusedError(Fault.NOT_MODELLED, f"The simulated YouTube has no {call.resource} by {given[0]}.")
    return given[0]


def _page_size(call: Call) -> int:
    text = call.value("maxResults") or "5"
    if not text.isdecimal() or int(text) > 50:
        message = f"Invalid value '{text}'. Values must be within the range: [0, 50]"
        raise RefusedError(Fault.INVALID_PARAMETER, message)
    return int(text)


def _requested(
    call: Call, filter_name: str, context: ResponseContext, is_omitted: Callable[[str], bool]
) -> list[tuple[str, object]]:
    """What exists of the ids, or of the handle or user name, that a call requests."""
    if filter_name != "id":
        name = call.subjects[0]
        channel = None if is_omitted(name) else context.view.channel_by_name(name)
        if channel is None and context.options.former_handles_found and not is_omitted(name):
            channel = context.view.former_channel_by_name(name)
        return [] if channel is None or is_omitted(channel.id) else [(channel.id, channel)]
    ids: Sequence[str] = [id_ for id_ in call.values("id") if not is_omitted(id_)]
    if not context.options.duplicates_repeated:
        ids = tuple(dict.fromkeys(ids))
    if context.options.order_shuffled:
        ids = sorted(ids, key=lambda id_: blake2b(id_.encode()).digest())
    shown = ((id_, _visible(call.resource, id_, context)) for id_ in ids)
    return [(id_, entity) for id_, entity in shown if entity is not None]


def _visible(resource: str, id_: str, context: ResponseContext) -> object | None:
    """What the API shows for an id; private and deleted look the same."""
    view = context.view
    if resource == "channels":
        return view.channel(id_)
    if resource == "videos":
        video = view.video(id_)
        return video if video is not None and video.visibility in VISIBLE else None
    playlist = view.playlist(id_) or (_mix(id_, context) if context.options.mixes_shown else None)
    if playlist is None or playlist.visibility not in VISIBLE or _unlisted_uploads(playlist, context):
        return None
    return playlist


def _mix(id_: str, context: ResponseContext) -> SimPlaylist | None:
    """What `playlists` shows of a mix: a list that YouTube makes for each viewer, beginning with a video."""
    video = context.view.video(id_[2:]) if id_.startswith("RD") else None
    if video is None or video.visibility not in VISIBLE:
        return None
    return SimPlaylist(id_, f"Mix - {video.title}", video.channel_id, item_count=25)


def _is_empty_uploads(playlist: SimPlaylist) -> bool:
    return playlist.id.startswith("UU") and not playlist.video_ids and playlist.item_count is None


def _unlisted_uploads(playlist: SimPlaylist, context: ResponseContext) -> bool:
    return _is_empty_uploads(playlist) and not context.options.empty_uploads_listed


def _entries(call: Call, context: ResponseContext) -> list[PlaylistEntry]:
    playlist = context.view.playlist(call.value("playlistId") or "")
    if playlist is None or playlist.visibility is Visibility.DELETED or _is_empty_uploads(playlist):
        raise RefusedError(Fault.PLAYLIST_NOT_FOUND)
    if playlist.visibility is Visibility.PRIVATE:
        raise RefusedError(Fault.PLAYLIST_ITEMS_NOT_ACCESSIBLE)
    entries = [
        PlaylistEntry(playlist, position, video_id, copy)
        for position, (video_id, copy) in enumerate(zip(playlist.video_ids, copy_numbers(playlist), strict=True))
    ]
    only = call.value("videoId")
    return [entry for entry in entries if only in {None, entry.video_id}]


def _token(call: Call, offset: int) -> str:
    return urlsafe_b64encode(f"{_listing(call)}:{offset}".encode()).decode().rstrip("=")


def _listing(call: Call) -> str:
    return blake2b(f"{call.resource} {call.subjects}".encode(), digest_size=6).hexdigest()


def _start(call: Call, total: int, *, is_end_valid: bool = False) -> int:
    """The offset of the page. A token is an offset, not a snapshot: the list may have become shorter."""
    token = call.value("pageToken")
    if not token:
        return 0
    try:
        listing, _, offset = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(":")
    except (NotBase64, ValueError):
        listing = offset = ""
    if listing != _listing(call) or not offset.isdecimal() or int(offset) >= total + is_end_valid:
        raise RefusedError(Fault.INVALID_PAGE_TOKEN)
    return int(offset)
