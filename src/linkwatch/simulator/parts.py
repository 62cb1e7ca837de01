"""What each part of an item says of a playlist, a video, a channel, or a place in a playlist."""

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from linkwatch.simulator.entities import SimChannel, SimPlaylist, SimVideo, Visibility
from linkwatch.simulator.items import Entry, Json, Part, Scene, is_dead

_SIZES = {
    "default": (120, 90),
    "medium": (320, 180),
    "high": (480, 360),
    "standard": (640, 480),
    "maxres": (1280, 720),
}
_EPOCH = datetime(2012, 1, 1, tzinfo=UTC)


def _timestamp(lot: str) -> str:
    """When something was published: some time in ten years, always the same."""
    seconds = int.from_bytes(blake2b(lot.encode(), digest_size=4).digest()) % (3650 * 86400)
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(lot: str, below: int) -> int:
    return int.from_bytes(blake2b(lot.encode(), digest_size=8).digest()) % below


def _thumbnails(scene: Scene, video_id: str) -> Json:
    sizes = ["default"] if scene.switches.thumbnails_lacking else list(_SIZES)
    url = f"https://i.ytimg.com/vi/{video_id}"
    return {size: {"url": f"{url}/{size}.jpg", "width": _SIZES[size][0], "height": _SIZES[size][1]} for size in sizes}


def _localized(scene: Scene, title: str) -> Json:
    translated = title if scene.language is None else f"{title} ({scene.language})"
    return {"title": translated, "description": ""}


def _snippet(scene: Scene, thing: SimPlaylist | SimVideo, picture: str) -> Json:
    return {
        "publishedAt": _timestamp(thing.id),
        "channelId": thing.channel_id,
        "title": thing.title,
        "description": "",
        "thumbnails": _thumbnails(scene, picture),
        "channelTitle": scene.view.owner(thing.channel_id).title,
        "localized": _localized(scene, thing.title),
    }


def _playlist_snippet(scene: Scene, playlist: SimPlaylist) -> Json:
    return _snippet(scene, playlist, playlist.video_ids[0] if playlist.video_ids else "no_thumbnail")


def item_count(scene: Scene, playlist: SimPlaylist) -> int:
    """What `contentDetails.itemCount` says."""
    if playlist.item_count is not None:
        return playlist.item_count
    if scene.switches.item_count_includes_dead:
        return len(playlist.video_ids)
    return sum(not is_dead(scene, video_id) for video_id in playlist.video_ids)


def _embed(path: str) -> Json:
    source = f"https://www.youtube.com/embed/{path}"
    return {"embedHtml": f'<iframe width="640" height="360" src="{source}" frameborder="0" allowfullscreen></iframe>'}


PLAYLIST_PARTS: dict[str, Part] = {
    "snippet": _playlist_snippet,
    "status": lambda _, playlist: {"privacyStatus": playlist.visibility.value},
    "contentDetails": lambda scene, playlist: {"itemCount": item_count(scene, playlist)},
    "player": lambda _, playlist: _embed(f"videoseries?list={playlist.id}"),
}


def _video_snippet(scene: Scene, video: SimVideo) -> Json:
    live = "none" if video.live == "completed" else video.live
    return _snippet(scene, video, video.id) | {"categoryId": "27", "liveBroadcastContent": live}


def _video_status(_: Scene, video: SimVideo) -> Json:
    return {
        "uploadStatus": video.upload_status,
        "privacyStatus": video.visibility.value,
        "license": "youtube",
        "embeddable": video.embeddable,
        "publicStatsViewable": True,
        "madeForKids": False,
    }


def _video_details(_: Scene, video: SimVideo) -> Json:
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


def _video_statistics(scene: Scene, video: SimVideo) -> Json:
    # Views grow with time, as they do: whoever alerts on them alerts every day.
    views = _number(video.id, 5_000_000) + int((scene.view.now - _EPOCH).total_seconds()) // 3600
    return {
        "viewCount": str(views),
        "likeCount": str(views // 40),
        "favoriteCount": "0",
        "commentCount": str(views // 900),
    }


def _live_details(_: Scene, video: SimVideo) -> Json | None:
    moments = {
        "upcoming": ("scheduledStartTime",),
        "live": ("actualStartTime",),
        "completed": ("actualStartTime", "actualEndTime"),
    }
    told = {name: _timestamp(f"{name} {video.id}") for name in moments.get(video.live, ())}
    return told or None


VIDEO_PARTS: dict[str, Part] = {
    "snippet": _video_snippet,
    "contentDetails": _video_details,
    "status": _video_status,
    "statistics": _video_statistics,
    "player": lambda _, video: _embed(video.id),
    "liveStreamingDetails": _live_details,
}


def _channel_snippet(scene: Scene, channel: SimChannel) -> Json:
    snippet: Json = {
        "title": channel.title,
        "description": "",
        "publishedAt": _timestamp(channel.id),
        "thumbnails": _thumbnails(scene, channel.id),
        "localized": _localized(scene, channel.title),
    }
    return snippet if channel.handle is None else snippet | {"customUrl": channel.handle.lower()}


def _channel_statistics(scene: Scene, channel: SimChannel) -> Json:
    return {
        "viewCount": str(_number(channel.id, 100_000_000)),
        "subscriberCount": str(_number(f"subscribers {channel.id}", 3_000) * 1000),
        "hiddenSubscriberCount": False,
        "videoCount": str(len(scene.view.public_videos(channel.id))),
    }


CHANNEL_PARTS: dict[str, Part] = {
    "snippet": _channel_snippet,
    "contentDetails": lambda _, channel: {"relatedPlaylists": {"likes": "", "uploads": f"UU{channel.id[2:]}"}},
    "statistics": _channel_statistics,
    "status": lambda *_: {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "longUploadsUnspecified"},
}


def _entry_snippet(scene: Scene, entry: Entry) -> Json:
    playlist = entry.playlist
    snippet: Json = {
        "publishedAt": _timestamp(f"{playlist.id} {entry.video_id}"),
        "channelId": playlist.channel_id,
        "channelTitle": scene.view.owner(playlist.channel_id).title,
        "playlistId": playlist.id,
        "position": entry.position,
        "resourceId": {"kind": "youtube#video", "videoId": entry.video_id},
    }
    return snippet | _shown_video(scene, entry.video_id)


def _shown_video(scene: Scene, video_id: str) -> Json:
    video = scene.view.video(video_id)
    if video is None or video.visibility is Visibility.DELETED:
        return {"title": "Deleted video", "description": "This video is unavailable.", "thumbnails": {}}
    if video.visibility is Visibility.PRIVATE:
        return {"title": "Private video", "description": "This video is private.", "thumbnails": {}}
    owner = scene.view.owner(video.channel_id)
    told = {"title": video.title, "description": "", "thumbnails": _thumbnails(scene, video_id)}
    return told | {"videoOwnerChannelTitle": owner.title, "videoOwnerChannelId": owner.id}


def _entry_details(scene: Scene, entry: Entry) -> Json:
    told = {"videoId": entry.video_id}
    return told if is_dead(scene, entry.video_id) else told | {"videoPublishedAt": _timestamp(entry.video_id)}


def _entry_status(scene: Scene, entry: Entry) -> Json:
    video = scene.view.video(entry.video_id)
    gone = video is None or video.visibility is Visibility.DELETED
    # What is told of a deleted video is not in the enum of the discovery document.
    return {"privacyStatus": "privacyStatusUnspecified" if gone or video is None else video.visibility.value}


ENTRY_PARTS: dict[str, Part] = {
    "snippet": _entry_snippet,
    "contentDetails": _entry_details,
    "status": _entry_status,
}
