"""A relay after NIP-01, https://github.com/nostr-protocol/nips, seen on 21 November 2026.

It does what the real one of tests/real_networks does not: stay silent, and refuse for any reason.
"""

from __future__ import annotations

import hashlib
import json
import threading
from typing import Any

from coincurve import PublicKeyXOnly
from websockets.sync.server import ServerConnection, serve

FIELDS = {"id": str, "pubkey": str, "created_at": int, "kind": int, "tags": list, "content": str, "sig": str}


class Relay:
    def __init__(self, most: int = 100_000) -> None:
        self.events: dict[str, dict[str, Any]] = {}
        self.heard: list[list[Any]] = []
        self.says: list[str] = []  # refusals that come first, one an event
        self.nameless = False  # names no event when it refuses one, as nostr-relay 1.14 does
        self.silent = False  # takes what it is told, and says nothing
        self.most = most
        self._server = serve(self._serve, "127.0.0.1", 0, compression=None)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()

    def _serve(self, connection: ServerConnection) -> None:
        connection.send(json.dumps(["NOTICE", "welcome"]))
        for words in connection:
            told = json.loads(words)
            self.heard.append(told)
            for answer in self._answers(told):
                connection.send(json.dumps(answer))

    def _answers(self, told: list[Any]) -> list[list[Any]]:
        match told:
            case ["EVENT", dict() as event]:
                refusal = self.says.pop(0) if self.says else self._refusal(event)
                if not refusal:
                    self.events[event["id"]] = event
                named = "" if refusal and self.nameless else event["id"]
                return [] if self.silent else [["OK", named, not refusal, refusal]]
            case ["REQ", str() as name, *filters]:
                found = [event for event in self.events.values() if any(_matches(event, one) for one in filters)]
                return [*(["EVENT", name, event] for event in found), ["EOSE", name]]
        return [["NOTICE", "invalid: what is that"]]

    def _refusal(self, event: dict[str, Any]) -> str:
        if set(event) != set(FIELDS) or not all(isinstance(event[name], kind) for name, kind in FIELDS.items()):
            return "invalid: not an event"
        row = [0, *(event[name] for name in ("pubkey", "created_at", "kind", "tags", "content"))]
        digest = hashlib.sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
        if digest.hexdigest() != event["id"]:
            return "invalid: id is wrong"
        if not PublicKeyXOnly(bytes.fromhex(event["pubkey"])).verify(bytes.fromhex(event["sig"]), digest.digest()):
            return "invalid: signature is wrong"
        if len(event["content"]) > self.most:
            return f"invalid: more than {self.most} characters"
        if event["id"] in self.events:
            return "duplicate: have this event"
        if event["kind"] == 5:
            for tag in event["tags"]:
                self.events.pop(tag[1], None)
        return ""


def _matches(event: dict[str, Any], wanted: dict[str, Any]) -> bool:
    for name, values in wanted.items():
        if name == "limit":
            continue
        if name.startswith("#"):
            held = {tag[1] for tag in event["tags"] if tag[0] == name[1:]}
        else:
            held = {event[{"ids": "id", "authors": "pubkey", "kinds": "kind"}[name]]}
        if not held & set(values):
            return False
    return True
