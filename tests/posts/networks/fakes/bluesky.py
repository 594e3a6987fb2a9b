"""A stand-in for a server of the AT Protocol, for what the real one of `dev.py networks` cannot be made to do.

After the lexicons com.atproto.repo.*, com.atproto.server.* and app.bsky.* and what the reference PDS 0.5.35 answered
on 21 November 2026, and never laxer: unknown fields, wrong types, long texts, keys that are no TID, unknown blobs are
refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from posts.networks.counting import graphemes
from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned, only

DID, HANDLE, PASSWORD = "did:plc:abcdefghijklmnopqrstuvwx", "anna.test", "abcd-efgh-ijkl-mnop"
FRIEND = "did:plc:friendfriendfriendfriend"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
PUT = {"repo": str, "collection": str, "rkey": str, "record": dict, "swapRecord": (str, type(None)), "validate": bool}
POST = {
    "$type": str, "text": str, "createdAt": str, "langs": list, "facets": list, "embed": dict, "reply": dict,
    "labels": dict, "tags": list,
}  # fmt: skip
REPOST = {"$type": str, "subject": dict, "createdAt": str}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True)
class Kept:
    record: dict[str, Any]
    cid: str


class FakeBluesky(Strict):
    def __init__(self) -> None:
        self.records: dict[tuple[str, str], Kept] = {}
        self.blobs: dict[str, tuple[bytes, str]] = {}
        self.access, self.refreshes = "access-1", {"refresh-1"}
        self.writes = 0
        self._numbers = count(2)
        super().__init__()

    @property
    def posts(self) -> list[dict[str, Any]]:
        """In the order in which they were written."""
        return [kept.record for (kind, _), kept in self.records.items() if kind == "app.bsky.feed.post"]

    def answer(self, request: Request) -> Reply:
        name = request.path.removeprefix("/xrpc/")
        if name not in METHODS:
            raise Turned(404, {"error": "MethodNotImplemented", "message": "Method Not Implemented"})
        verb, open_to_all, function = METHODS[name]
        if request.method != verb:
            raise _refused("InvalidRequest", f"Incorrect HTTP method ({request.method}) expected {verb}")
        if not open_to_all and request.headers.get("authorization") != f"Bearer {self.access}":
            raise _refused("InvalidToken", "Token could not be verified")
        return Reply(200, function(self, request))

    def create_session(self, request: Request) -> Any:
        given = _body(request, {"identifier": str, "password": str})
        if (given["identifier"], given["password"]) != (HANDLE, PASSWORD):
            raise Turned(401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"})
        return self._session()

    def refresh_session(self, request: Request) -> Any:
        if request.body:
            raise _refused("InvalidRequest", "A request body was provided when none was expected")
        used = request.headers.get("authorization", "").removeprefix("Bearer ")
        if used not in self.refreshes:
            raise _refused("ExpiredToken", "Token has expired")
        number = next(self._numbers)
        self.access = f"access-{number}"
        self.refreshes = {f"refresh-{number}"}
        return self._session()

    def put(self, request: Request) -> Any:
        given = _body(request, PUT)
        place = _place(given)
        self._must_fit(place[0], given["record"])
        cid = "bafy" + hashlib.sha256(json.dumps(given["record"], sort_keys=True).encode()).hexdigest()
        there = self.records.get(place)
        if there is None or there.cid != cid:
            if "swapRecord" in given and given["swapRecord"] != (there.cid if there else None):
                raise _refused("InvalidSwap", f"Record was at {there.cid if there else None}")
            self.records[place] = Kept(given["record"], cid)
            self.writes += 1
        return {"uri": _uri(place), "cid": cid, "commit": {}, "validationStatus": "valid"}

    def get(self, request: Request) -> Any:
        place = _place(request.query)
        if place not in self.records:
            raise _refused("RecordNotFound", f"Could not locate record: {_uri(place)}")
        return self._shown(place)

    def list(self, request: Request) -> Any:
        """The latest keys first."""
        places = sorted((one for one in self.records if one[0] == request.query["collection"]), reverse=True)
        return {"records": [self._shown(one) for one in places[: int(request.query.get("limit", "50"))]]}

    def delete(self, request: Request) -> Any:
        if self.records.pop(_place(_body(request, {"repo": str, "collection": str, "rkey": str})), None):
            self.writes += 1
        return {}

    def upload(self, request: Request) -> Any:
        mime = request.headers.get("content-type", "")
        if not request.body or "/" not in mime:
            raise _refused("InvalidRequest", "Request encoding (Content-Type) required but not provided")
        if len(request.body) > 5 * 1024 * 1024:
            raise Turned(413, {"error": "PayloadTooLarge", "message": "request entity too large"})
        link = "bafk" + hashlib.sha256(request.body).hexdigest()
        self.blobs[link] = (request.body, mime)
        return {"blob": {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(request.body)}}

    def resolve(self, request: Request) -> Any:
        known = {HANDLE: DID, "bert.test": FRIEND}
        if request.query.get("handle") not in known:
            raise _refused("InvalidRequest", "Unable to resolve handle")
        return {"did": known[request.query["handle"]]}

    def posts_seen(self, request: Request) -> Any:
        """As the view of the whole network tells them; what is gone is left out."""
        uris = re.findall(r"uris=([^&]+)", request.target)
        if not 0 < len(uris) <= 25:
            raise _refused("InvalidRequest", "uris must have 1 to 25 elements")
        there = {_uri(place) for place in self.records}
        counts = {"likeCount": 3, "repostCount": 2, "replyCount": 1, "quoteCount": 0}
        return {"posts": [{"uri": uri, **counts} for uri in uris if uri in there]}

    def _session(self) -> dict[str, Any]:
        number = self.access.removeprefix("access-")
        service = {"id": "#atproto_pds", "type": "AtprotoPersonalDataServer", "serviceEndpoint": self.url}
        return {
            "did": DID, "handle": HANDLE, "accessJwt": self.access, "refreshJwt": f"refresh-{number}",
            "didDoc": {"id": DID, "service": [service]}, "active": True,
        }  # fmt: skip

    def _must_fit(self, collection: str, record: dict[str, Any]) -> None:
        known = {"app.bsky.feed.post": POST, "app.bsky.feed.repost": REPOST}.get(collection)
        if known is None or record.get("$type") != collection:
            raise _invalid("the type")
        only(record, known, _invalid)
        if not MOMENT.fullmatch(record.get("createdAt", "")):
            raise _invalid("createdAt must be an RFC 3339 datetime")
        if collection == "app.bsky.feed.post":
            self._must_be_a_post(record)
        elif set(record["subject"]) != {"uri", "cid"}:
            raise _invalid("subject must have uri and cid")

    def _must_be_a_post(self, record: dict[str, Any]) -> None:
        text = record["text"].encode()
        if graphemes(record["text"]) > 300 or len(text) > 3000 or len(record.get("langs", [])) > 3:
            raise _invalid("string too long")
        for facet in record.get("facets", []):
            only(facet, {"index": dict, "features": list, "$type": str}, _invalid)
            if not 0 <= facet["index"]["byteStart"] < facet["index"]["byteEnd"] <= len(text):
                raise _invalid("facet out of the text")
        for blob in _blobs(record.get("embed", {})):
            body, mime = self.blobs.get(blob["ref"]["$link"], (b"", ""))
            if (mime, len(body)) != (blob["mimeType"], blob["size"]):
                raise _refused("BlobNotFound", "Could not find blob")
        if "reply" in record and any(set(record["reply"][end]) != {"uri", "cid"} for end in ("root", "parent")):
            raise _invalid("reply must have root and parent")

    def _shown(self, place: tuple[str, str]) -> dict[str, Any]:
        kept = self.records[place]
        return {"uri": _uri(place), "cid": kept.cid, "value": kept.record}


METHODS: dict[str, tuple[str, bool, Any]] = {
    "com.atproto.server.createSession": ("POST", True, FakeBluesky.create_session),
    "com.atproto.server.refreshSession": ("POST", True, FakeBluesky.refresh_session),
    "com.atproto.repo.putRecord": ("POST", False, FakeBluesky.put),
    "com.atproto.repo.getRecord": ("GET", True, FakeBluesky.get),
    "com.atproto.repo.listRecords": ("GET", True, FakeBluesky.list),
    "com.atproto.repo.deleteRecord": ("POST", False, FakeBluesky.delete),
    "com.atproto.repo.uploadBlob": ("POST", False, FakeBluesky.upload),
    "com.atproto.identity.resolveHandle": ("GET", True, FakeBluesky.resolve),
    "app.bsky.feed.getPosts": ("GET", False, FakeBluesky.posts_seen),
}


def _body(request: Request, known: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(request.json, dict):
        raise _refused("InvalidRequest", "A request body is expected but none was provided")
    only(request.json, known, lambda why: _refused("InvalidRequest", why))
    return request.json


def _place(given: Any) -> tuple[str, str]:
    if given.get("repo") not in (DID, HANDLE):
        raise _refused("InvalidRequest", "Could not find repo")
    if not TID.fullmatch(given.get("rkey", "")):
        raise _invalid("rkey must be a valid TID")
    return given["collection"], given["rkey"]


def _uri(place: tuple[str, str]) -> str:
    return f"at://{DID}/{place[0]}/{place[1]}"


def _blobs(embed: dict[str, Any]) -> list[dict[str, Any]]:
    if embed.get("$type") == "app.bsky.embed.images":
        if not 0 < len(embed["images"]) <= 4 or any(
            set(one) - {"image", "alt", "aspectRatio"} for one in embed["images"]
        ):
            raise _invalid("images")
        return [one["image"] for one in embed["images"] if one["alt"] is not None]
    if embed.get("$type") == "app.bsky.embed.video":
        if set(embed) - {"$type", "video", "alt", "aspectRatio"} or graphemes(embed.get("alt", "")) > 1000:
            raise _invalid("video")
        return [embed["video"]]
    if embed.get("$type") == "app.bsky.embed.external":
        only(embed["external"], {"uri": str, "title": str, "description": str, "thumb": dict}, _invalid)
        return [embed["external"]["thumb"]] if "thumb" in embed["external"] else []
    if embed:
        raise _invalid("embed")
    return []


def _invalid(why: str) -> Turned:
    return _refused("InvalidRequest", f"Invalid record: {why}")


def _refused(error: str, message: str) -> Turned:
    return Turned(400, {"error": error, "message": message})
