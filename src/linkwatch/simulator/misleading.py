"""Well-formed but wrong responses, made of the correct one."""

from collections.abc import Collection
from copy import deepcopy

from linkwatch.simulator.faults import Fault
from linkwatch.simulator.items import Json
from linkwatch.simulator.refusals import REFUSALS

_OTHER_METHOD = {
    "youtube#playlistListResponse": "youtube#videoListResponse",
    "youtube#videoListResponse": "youtube#playlistListResponse",
    "youtube#channelListResponse": "youtube#videoListResponse",
    "youtube#playlistItemListResponse": "youtube#playlistListResponse",
}


def misleading_body(fault: Fault, body: Json, ids: Collection[str]) -> Json:
    """The body that a fault makes of the correct one.

    Args:
        fault: One of `UNTRUE`.
        body: The correct one; it is not changed.
        ids: The resources that the fault is about; empty: all.
    """
    body = deepcopy(body)
    items = body.get("items", [])
    match fault:
        case Fault.CUT_LIST:
            body.pop("nextPageToken", None)
            body["items"] = items[: (len(items) + 1) // 2]
        case Fault.ODD_FIELDS:
            for item in items:
                if not ids or item["id"] in ids:
                    _set_odd_fields(item)
        case Fault.OTHER_ANSWER:
            for item in items:
                item["id"] = item["id"][::-1]
        case Fault.OTHER_METHOD:
            body["kind"] = _OTHER_METHOD[body["kind"]]
        case Fault.ERROR_IN_200:
            return REFUSALS[Fault.BACKEND_ERROR].body()
        case Fault.TOKEN_REPEATED:
            body["nextPageToken"] = "again"
        case _:
            raise ValueError(fault)
    return body


def _set_odd_fields(item: Json) -> None:
    if item["kind"] == "youtube#playlistItem":
        item.get("snippet", {}).update(publishedAt="", position="third")
    else:
        item.setdefault("status", {}).update(embeddable="yes", privacyStatus=5)
        item.setdefault("contentDetails", {}).update(itemCount=2**63)
