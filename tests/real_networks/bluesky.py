"""People on the test PDS, and what stands in their repositories: read without the connector, which is on trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx2

from posts.networks.access import Grant
from posts.networks.base import Account, Receipt
from posts.networks.bluesky import POST, Bluesky

BLUESKY = Bluesky()
PASSWORD = "correct-horse-battery"
_numbers = count(1)


@dataclass(frozen=True)
class Person:
    pds: str
    did: str
    handle: str
    token: str

    @classmethod
    def joins(cls, pds: str, name: str = "anna") -> Person:
        handle = f"{name}{next(_numbers)}.test"
        said = {"handle": handle, "email": f"{handle}@example.org", "password": PASSWORD}
        told = _call(pds, "POST", "com.atproto.server.createAccount", json=said)
        return cls(pds, told["did"], handle, told["accessJwt"])

    def app_password(self) -> str:
        told = self.call("POST", "com.atproto.server.createAppPassword", json={"name": f"Refrain {next(_numbers)}"})
        return str(told["password"])

    def grant(self) -> Grant:
        """What connecting with an app password brings."""
        typed = {"handle": self.handle, "password": self.app_password(), "server": self.pds}
        (grant,) = BLUESKY.connect(typed)
        return grant

    def records(self, collection: str = POST) -> list[dict[str, Any]]:
        """All of them, the latest keys first."""
        params, found = {"repo": self.did, "collection": collection, "limit": "100"}, list[dict[str, Any]]()
        while True:
            page = _call(self.pds, "GET", "com.atproto.repo.listRecords", params=params)
            found += page["records"]
            if not (page["records"] and page.get("cursor")):
                return found
            params["cursor"] = page["cursor"]

    def record(self, receipt: Receipt) -> dict[str, Any]:
        (found,) = [one for one in self.records() if one["uri"] == receipt.remote_id]
        return found

    def thread(self, receipt: Receipt) -> list[dict[str, Any]]:
        known = {one["uri"]: one for one in self.records()}
        return [known[uri] for uri in receipt.remote_id.split(",")]

    def blob(self, cid: str) -> bytes:
        params = {"did": self.did, "cid": cid}
        return httpx2.get(f"{self.pds}/xrpc/com.atproto.sync.getBlob", params=params).raise_for_status().content

    def revision(self) -> str:
        told = _call(self.pds, "GET", "com.atproto.sync.getLatestCommit", params={"did": self.did})
        return str(told["rev"])

    def writes(self, collection: str, **fields: object) -> None:
        record = {"$type": collection, "createdAt": datetime.now(UTC).isoformat(), **fields}
        body = {"repo": self.did, "collection": collection, "record": record}
        self.call("POST", "com.atproto.repo.createRecord", json=body)

    def call(self, verb: str, method: str, **more: Any) -> Any:
        return _call(self.pds, verb, method, headers={"Authorization": f"Bearer {self.token}"}, **more)


def account_of(grant: Grant, deadline: float = 20.0) -> Account:
    return Account(grant.server, grant.handle, grant.remote_id, grant.credentials, deadline)


def _call(pds: str, verb: str, method: str, **more: Any) -> Any:
    answer = httpx2.request(verb, f"{pds}/xrpc/{method}", timeout=20, **more)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else {}


def pieces(record: Mapping[str, Any]) -> dict[str, list[str]]:
    """What the facets of a record cut out of its text, by kind, as readers' apps do it."""
    found: dict[str, list[str]] = {}
    whole = record["text"].encode()
    for facet in record.get("facets", []):
        (feature,) = facet["features"]
        start, end = facet["index"]["byteStart"], facet["index"]["byteEnd"]
        found.setdefault(feature["$type"].partition("#")[2], []).append(whole[start:end].decode())
    return found
