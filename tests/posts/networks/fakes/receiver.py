"""A server that takes posts as docs/webhook.md asks: it checks signatures with the reference library, drops repeats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned


class Receiver(Strict):
    def __init__(self, secret: str) -> None:
        super().__init__()
        self.secret = secret
        self.posts: dict[str, Mapping[str, Any]] = {}
        self.given: dict[str, Reply] = {}  # by webhook-id: a repeat is answered as the first was
        self.tells = True

    def answer(self, request: Request) -> Reply:
        if request.path != "/take" or request.method != "POST":
            raise Turned(404, None)
        try:
            event = Webhook(self.secret).verify(request.body.decode(), dict(request.headers))
        except WebhookVerificationError:
            raise Turned(401, {"error": "wrong signature"}) from None
        identity = request.headers["webhook-id"]
        if identity not in self.given:
            self.given[identity] = self._take(identity, json.loads(json.dumps(event)))
        return self.given[identity]

    def _take(self, identity: str, event: Mapping[str, Any]) -> Reply:
        if event["type"] == "post.delete":
            if event["data"]["id"] not in self.posts:
                return Reply(404)
            del self.posts[event["data"]["id"]]
        if event["type"] != "post.publish":
            return Reply(204)
        number = str(len(self.given) + 1) if self.tells else identity
        self.posts[number] = event["data"]
        return Reply(201, {"id": number, "url": f"https://example.org/{number}"}) if self.tells else Reply(204)
