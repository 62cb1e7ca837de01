"""The parts of the items: of a playlist, a video, a channel, or a position in a playlist."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.items import Json, Part, PlaylistEntry, ResponseContext, is_tombstone

_SIZES = {
    "default": (120, 90),
    "medium": (320, 180),
    "high": (480, 360),
    "standard": (640, 480),
    "maxres": (1280, 720),
}
_EPOCH = datetime(2012, 1, 1, tzinfo=UTC)


def _timestamp(key: str) -> str:
    """When someentity was published: at some time in ten years, always the same."""
    seconds = int.from_bytes(blake2b(key.encode(), digest_size=4).digest()) % (3650 * 86400)
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(key: str, below: int) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest()) % below


def _thumbnails(context: ResponseContext, video_id: str) -> Json:
    # Videos of a low resolution have no large ones.
    sizes = list(_SIZES)[: 5 - max(0, _number(f"sizes {video_id}", 6) - 3)]
    if context.options.thumbnails_lacking:
        sizes = ["default"]
    url = f"https://i.ytimg.com/vi/{video_id}"
    return {size: {"url": f"{url}/{size}.jpg", "width": _SIZES[size][0], "height": _SIZES[size][1]} for size in sizes}


_SENTENCE = "In this lecture we look at the main ideas — with examples, exercises and links to the notes: https://example.org/notes\n"
_DESCRIPTIONS = [
    (_SENTENCE * 50)[:length] for length in (0, 80, 200, 350, 600, 900, 1200, 1500, 1900, 2400, 3200, 5000)
]
"""As long as those of real videos, 5,000 characters at most."""


def _description(context: ResponseContext, id_: str) -> str:
    return _DESCRIPTIONS[_number(f"description {id_}", len(_DESCRIPTIONS))] if context.options.full_size else ""


def _localized(context: ResponseContext, title: str, description: str) -> Json:
    translated = title if context.language is None else f"{title} ({context.language})"
    return {"title": translated, "description": description}


def _snippet(context: ResponseContext, entity: SimPlaylist | SimVideo, picture: str) -> Json:
    description = _description(context, entity.id)
    return {
        "publishedAt": _timestamp(entity.id),
        "channelId": entity.channel_id,
        "title": entity.title,
        "description": description,
        "thumbnails": _thumbnails(context, picture),
        "channelTitle": context.view.owner(entity.channel_id).title,
        "localized": _localized(context, entity.title, description),
    }


def _playlist_snippet(context: ResponseContext, playlist: SimPlaylist) -> Json:
    return _snippet(context, playlist, playlist.video_ids[0] if playlist.video_ids else "no_thumbnail")


def item_count(context: ResponseContext, playlist: SimPlaylist) -> int:
    """`contentDetails.itemCount`."""
    if playlist.item_count is not None:
        return playlist.item_count
    if context.options.item_count_includes_dead:
        return len(playlist.video_ids)
    return sum(not is_tombstone(context, video_id) for video_id in playlist.video_ids)


def _embed(path: str) -> Json:
    source = f"https://www.youtube.com/embed/{path}"
    return {"embedHtml": f'<iframe width="640" height="360" src="{source}" frameborder="0" allowfullscreen></iframe>'}


PLAYLIST_PARTS: dict[str, Part] = {
    "snippet": _playlist_snippet,
    "status": lambda _, playlist: {"privacyStatus": playlist.visibility.value},
    "contentDetails": lambda context, playlist: {"itemCount": item_count(context, playlist)},
    "player": lambda _, playlist: _embed(f"videoseries?list={playlist.id}"),
}


def _video_snippet(context: ResponseContext, video: SimVideo) -> Json:
    live = "none" if video.live == "completed" else video.live
    return _snippet(context, video, video.id) | {"categoryId": "27", "liveBroadcastContent": live}


def _video_status(_: ResponseContext, video: SimVideo) -> Json:
    return {
        "uploadStatus": video.upload_status,
        "privacyStatus": video.visibility.value,
        "license": "youtube",
        "embeddable": video.embeddable,
        "publicStatsViewable": True,
        "madeForKids": False,
    }


def _video_details(_: ResponseContext, video: SimVideo) -> Json:
    details: Json = {
        "duration": "P0D" if video.live in {"upcoming", "live"} else f"PT{_number(video.id, 59) + 1}M",
        "dimension": "2d",
        "definition": "hd",
        "caption": "false",
        "licensedContent": True,
        "contentRating": {"ytRating": "ytAgeRestricted"} if video.age_restricted else {},
        "projection": "rectangular",
    }
    if video.allowed is not None:
        details["regionRestriction"] = {"allowed": list(video.allowed)}
    elif video.blocked:
        details["regionRestriction"] = {"blocked": list(video.blocked)}
    return details


def _video_statistics(context: ResponseContext, video: SimVideo) -> Json:
    # Views grow with time, as on YouTube: an alert on them would fire every day.
    views = _number(video.id, 5_000_000) + int((context.view.now - _EPOCH).total_seconds()) // 3600
    return {
        "viewCount": str(views),
        "likeCount": str(views // 40),
        "favoriteCount": "0",
        "commentCount": str(views // 900),
    }


def _live_details(_: ResponseContext, video: SimVideo) -> Json | None:
    names = {
        "upcoming": ("scheduledStartTime",),
        "live": ("actualStartTime",),
        "completed": ("actualStartTime", "actualEndTime"),
    }
    times = {name: _timestamp(f"{name} {video.id}") for name in names.get(video.live, ())}
    return times or None


VIDEO_PARTS: dict[str, Part] = {
    "snippet": _video_snippet,
    "contentDetails": _video_details,
    "status": _video_status,
    "statistics": _video_statistics,
    "player": lambda _, video: _embed(video.id),
    "liveStreamingDetails": _live_details,
}


def _channel_snippet(context: ResponseContext, channel: SimChannel) -> Json:
    description = _description(context, channel.id)
    snippet: Json = {
        "title": channel.title,
        "description": description,
        "publishedAt": _timestamp(channel.id),
        "thumbnails": _thumbnails(context, channel.id),
        "localized": _localized(context, channel.title, description),
    }
    return snippet if channel.handle is None else snippet | {"customUrl": channel.handle.lower()}


def _channel_statistics(context: ResponseContext, channel: SimChannel) -> Json:
    return {
        "viewCount": str(_number(channel.id, 100_000_000)),
        "subscriberCount": str(_number(f"subscribers {channel.id}", 3_000) * 1000),
        "hiddenSubscriberCount": False,
        "videoCount": str(len(context.view.public_videos(channel.id))),
    }


CHANNEL_PARTS: dict[str, Part] = {
    "snippet": _channel_snippet,
    "contentDetails": lambda _, channel: {"relatedPlaylists": {"likes": "", "uploads": f"UU{channel.id[2:]}"}},
    "statistics": _channel_statistics,
    "status": lambda *_: {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "longUploadsUnspecified"},
}


def _entry_snippet(context: ResponseContext, entry: PlaylistEntry) -> Json:
    playlist = entry.playlist
    snippet: Json = {
        "publishedAt": _timestamp(f"{playlist.id} {entry.video_id}" + " again" * entry.occurrence),
        "channelId": playlist.channel_id,
        "channelTitle": context.view.owner(playlist.channel_id).title,
        "playlistId": playlist.id,
        "position": entry.position,
        "resourceId": {"kind": "youtube#video", "videoId": entry.video_id},
    }
    return snippet | _shown_video(context, entry.video_id)


def _shown_video(context: ResponseContext, video_id: str) -> Json:
    video = context.view.video(video_id)
    if video is None or video.visibility is Visibility.DELETED:
        return {"title": "Deleted video", "description": "This video is unavailable.", "thumbnails": {}}
    if video.visibility is Visibility.PRIVATE:
        return {"title": "Private video", "description": "This video is private.", "thumbnails": {}}
    owner = context.view.owner(video.channel_id)
    shown = {
        "title": video.title,
        "description": _description(context, video_id),
        "thumbnails": _thumbnails(context, video_id),
    }
    return shown | {"videoOwnerChannelTitle": owner.title, "videoOwnerChannelId": owner.id}


def _entry_details(context: ResponseContext, entry: PlaylistEntry) -> Json:
    details = {"videoId": entry.video_id}
    return (
        details if is_tombstone(context, entry.video_id) else details | {"videoPublishedAt": _timestamp(entry.video_id)}
    )


def _entry_status(context: ResponseContext, entry: PlaylistEntry) -> Json:
    video = context.view.video(entry.video_id)
    is_deleted = video is None or video.visibility is Visibility.DELETED
    # The status of a deleted video is not in the enum of the discovery document.
    return {"privacyStatus": "privacyStatusUnspecified" if is_deleted or video is None else video.visibility.value}


ENTRY_PARTS: dict[str, Part] = {
    "snippet": _entry_snippet,
    "contentDetails": _entry_details,
    "status": _entry_status,
}
