"""Well-formed but wrong responses, made of the correct one."""

from collections.abc import Collection
from copy import deepcopy
from hashlib import blake2b

from linkwatch.simulator.faults import Fault
from linkwatch.simulator.items import Json
from linkwatch.simulator.refusals import REFUSALS

_OTHER_METHOD = {
    "youtube#playlistListResponse": "youtube#videoListResponse",
    "youtube#videoListResponse": "youtube#playlistListResponse",
    "youtube#channelListResponse": "youtube#videoListResponse",
    "youtube#playlistItemListResponse": "youtube#playlistListResponse",
}


def misleading_body(fault: Fault, body: Json, ids: Collection[str], salt: str = "") -> Json:
    """The body that a fault makes of the correct one.

    Args:
        fault: One of `MISLEADING`.
        body: The correct one; it is not changed.
        ids: The resources that the fault is about; empty: all.
        salt: What a fault that is not the same each time depends on.
    """
    body = deepcopy(body)
    items = body.get("items", [])
    match fault:
        case Fault.CUT_LIST:
            body.pop("nextPageToken", None)
            body["items"] = items[: (len(items) + 1) // 2]
        case Fault.ODD_FIELDS:
            for item in _concerned(items, ids):
                _set_odd_fields(item)
        case Fault.OTHER_ANSWER:
            body["items"] = [_of_another_question(item) for item in items]
        case Fault.OTHER_METHOD:
            body["kind"] = _OTHER_METHOD[body["kind"]]
        case Fault.ERROR_IN_200:
            return REFUSALS[Fault.BACKEND_ERROR].body()
        case Fault.TOKEN_REPEATED:
            body["nextPageToken"] = "again"
        case Fault.ITEM_COUNT_WAVERS:
            for item in _concerned(items, ids):
                _lower_item_count(item, salt)
        case _:
            _change_listing(fault, body, items, salt)
    return body


def _of_another_question(item: Json) -> Json:
    """The item, as if it were about another resource; of a listing, about another playlist."""
    other = item | {"id": item["id"][:2] + item["id"][:1:-1]}
    if item["kind"] == "youtube#channel" and "customUrl" in item["snippet"]:
        other["snippet"] = item["snippet"] | {"customUrl": item["snippet"]["customUrl"] + "other"}
    if item["kind"] == "youtube#playlistItem":
        playlist = item["snippet"]["playlistId"]
        other["snippet"] = item["snippet"] | {"playlistId": playlist[:2] + playlist[:1:-1]}
    return other


def _change_listing(fault: Fault, body: Json, items: list[Json], salt: str) -> None:
    chosen = _number(salt) % max(1, len(items))
    match fault:
        case Fault.TOKEN_MISSING:
            body.pop("nextPageToken", None)
        case Fault.PAGES_OVERLAP:
            pass  # an item of another page is not in this body: `list_response` begins the page with it
        case Fault.ITEM_MISSING:
            del items[chosen : chosen + 1]
        case Fault.SNIPPET_MISSING:
            for item in items[chosen : chosen + 1]:
                del item["snippet"]
        case Fault.SAME_ID:
            for item in items:
                item["id"] = items[0]["id"]
        case Fault.TOTALS_DIFFER:
            body["pageInfo"]["totalResults"] += min((item["snippet"]["position"] for item in items), default=0)
        case _:
            raise ValueError(fault)


def _concerned(items: list[Json], ids: Collection[str]) -> list[Json]:
    return [item for item in items if not ids or item["id"] in ids]


def _lower_item_count(item: Json, salt: str) -> None:
    details = item.get("contentDetails", {})
    if details.get("itemCount") and _number(f"{item['id']} {salt}") % 2:
        details["itemCount"] -= 1


def _number(salt: str) -> int:
    return int.from_bytes(blake2b(salt.encode(), digest_size=8).digest())


def _set_odd_fields(item: Json) -> None:
    if item["kind"] == "youtube#playlistItem":
        item.get("snippet", {}).update(publishedAt="", position="third")
    else:
        item.setdefault("status", {}).update(embeddable="yes", privacyStatus=5)
        item.setdefault("contentDetails", {}).update(itemCount=2**63)
