"""What the stand-ins of Facebook, Instagram and Threads share: errors by number, tokens, containers.

After https://developers.facebook.com/docs/graph-api/guides/error-handling and
https://developers.facebook.com/documentation/instagram-platform/instagram-graph-api/reference/error-codes, seen in
excerpts on 21 November 2026. That unknown fields are refused is our judgement.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from tests.posts.networks.fakes.strict import Reply, Request, Strict, Turned

CLIENT, SECRET = "1234567890", "hush"


@dataclass
class Container:
    fields: Mapping[str, str]
    status: str = "FINISHED"
    post: str = ""


@dataclass
class Post:
    text: str
    fields: Mapping[str, str]
    answers: str = ""
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Graph(Strict):
    """Knows who may ask. Subclasses route."""

    open_paths: tuple[str, ...] = ("/oauth", "/access_token", "/refresh_access_token")
    version = "v25.0"

    def __init__(self) -> None:
        super().__init__()
        self.access = "token-1"
        self.posts: dict[str, Post] = {}
        self.containers: dict[str, Container] = {}
        self.busy: list[str] = []  # statuses that the containers made next are born with
        self._number = 17889455560051443

    def routes(self) -> list[tuple[str, str, Any]]:
        raise NotImplementedError

    def answer(self, request: Request) -> Reply:
        path = unquote(request.path).removeprefix(f"/{self.version}")
        for method, pattern, act in self.routes():
            found = re.fullmatch(pattern, path)
            if found and method == request.method:
                if not any(part in path for part in self.open_paths):
                    self._must_be_known(request)
                reply: Reply = act(request, *found.groups())
                return reply
        raise gone()

    def _must_be_known(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.access}":
            raise turned(190, "Error validating access token: Session has expired", subcode=463, status=401)

    def next(self) -> str:
        self._number += 1
        return str(self._number)

    def exchanged(self, request: Request) -> Reply:
        """A code for a token of an hour."""
        form = dict(request.form)
        if (form.pop("client_id", ""), form.pop("client_secret", "")) != (CLIENT, SECRET):
            raise turned(101, "Error validating application.")
        if form.pop("grant_type", "") != "authorization_code" or set(form) != {"redirect_uri", "code"}:
            raise turned(100, "Invalid parameter")
        if form["code"] != "code-1":
            raise turned(100, "This authorization code has been used.", subcode=36009)
        return Reply(200, {"access_token": "short-1", "user_id": 17841405822304914, "expires_in": 3600})

    def prolonged(self, request: Request, grant: str, needs: str = "short-1") -> Reply:
        query = dict(request.query)
        if query.pop("grant_type", "") != grant:
            raise turned(100, "Invalid parameter")
        given = query.get("access_token") or query.get("fb_exchange_token")
        if given != needs:
            raise turned(190, "Error validating access token: Session has expired", subcode=463)
        if query.get("client_secret", SECRET) != SECRET:
            raise turned(101, "Error validating client secret.")
        return Reply(200, {"access_token": self.access, "token_type": "bearer", "expires_in": 5183944})

    def contained(self, fields: Mapping[str, str]) -> Reply:
        number = self.next()
        self.containers[number] = Container(fields, self.busy.pop(0) if self.busy else "FINISHED")
        return Reply(200, {"id": number})

    def ready(self, request: Request) -> Container:
        """The container that is to be published, which it can be once."""
        if set(request.form) != {"creation_id"}:
            raise turned(100, "Invalid parameter")
        container = self.containers.get(request.form["creation_id"])
        if container is None:
            raise turned(24, "The requested resource does not exist", subcode=2207006)
        if container.status == "EXPIRED":
            raise turned(-2, "The media you are trying to access has expired.", subcode=2207020)
        if container.status != "FINISHED":
            raise turned(9007, "The media is not ready for publishing, please wait for a moment", subcode=2207027)
        container.status = "PUBLISHED"
        return container


def must_be(given: Mapping[str, str], known: set[str]) -> None:
    if unknown := sorted(set(given) - known):
        raise turned(100, f"Invalid parameter: {unknown}")


def must_be_fetched(address: str) -> None:
    if not re.fullmatch(r"https://\S+\.(?:jpe?g|png|mp4|mov)", address):
        raise turned(9004, "The media could not be fetched from this URI", subcode=2207052)


def gone() -> Turned:
    return turned(100, "Unsupported request. Object does not exist or cannot be loaded.", subcode=33)


def turned(
    code: int, message: str, *, subcode: int = 0, status: int = 400, headers: Mapping[str, str] | None = None
) -> Turned:
    told: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A6LJylpZRKw"}
    return Turned(status, {"error": told | ({"error_subcode": subcode} if subcode else {})}, headers)


def trouble(code: int, message: str = "No.", *, subcode: int = 0, status: int = 400, **headers: str) -> Reply:
    """An error to be put in the way."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return turned(code, message, subcode=subcode, status=status, headers=named).reply


def shown(posts: Mapping[str, Post], since: str = "0") -> list[tuple[str, Post]]:
    """Newest first."""
    return [(number, post) for number, post in reversed(list(posts.items())) if post.at.timestamp() >= int(since)]


def stamp(post: Post) -> str:
    return post.at.strftime("%Y-%m-%dT%H:%M:%S+0000")


def insights(counts: Mapping[str, int], asked: str) -> Reply:
    if set(asked.split(",")) - set(counts):
        raise turned(100, "(#100) metric must be one of the following values")
    told = [{"name": name, "period": "lifetime", "values": [{"value": counts[name]}]} for name in asked.split(",")]
    return Reply(200, {"data": told})
