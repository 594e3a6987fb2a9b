"""A person in front of the PDS's sign-in pages: what a browser would send when they sign in and agree, or do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2

from tests.real_networks.bluesky import PASSWORD, Person


@dataclass
class Visitor:
    """Keeps cookies as a browser does, and says where each request comes from."""

    person: Person
    page: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def _api(self) -> str:
        return f"{self.person.pds}/@atproto/oauth-provider/~api"

    def agrees(self, scope: str) -> dict[str, str]:
        """Signs in and says yes; returns what stands in the address that leads back to the app."""
        return self._decides({"did": self.person.did, "scope": scope}, "consent")

    def refuses(self) -> dict[str, str]:
        return self._decides({}, "reject")

    def _decides(self, said: dict[str, str], how: str) -> dict[str, str]:
        self._looks_at(self.page)
        who = {"locale": "en", "username": self.person.handle, "password": PASSWORD}
        token = self._says("sign-in", who)["ephemeralToken"]
        leads_to = self._says(how, said, authorization=f"Bearer {token}")["url"]
        back = urlsplit(self._looks_at(leads_to).headers["location"])
        return {name: value for name, (value,) in parse_qs(back.query or back.fragment).items()}

    def _looks_at(self, url: str) -> httpx2.Response:
        site = "none" if url == self.page else "same-origin"
        return self._sends("GET", url, {"mode": "navigate", "dest": "document", "site": site})

    def _says(self, what: str, body: dict[str, str], **headers: str) -> Any:
        own = {"origin": self.person.pds, "x-csrf-token": self.cookies.get("csrf-token", ""), **headers}
        fetch = {"mode": "same-origin", "dest": "empty", "site": "same-origin"}
        answer = self._sends("POST", f"{self._api}/{what}", fetch, own, body)
        assert answer.is_success, answer.text
        return answer.json()

    def _sends(
        self, verb: str, url: str, fetch: dict[str, str], headers: dict[str, str] | None = None, body: object = None
    ) -> httpx2.Response:
        said = {f"sec-fetch-{name}": value for name, value in fetch.items()} | (headers or {})
        said |= {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        said |= {} if url == self.page else {"referer": self.page}
        answer = httpx2.request(verb, url, headers=said, json=body, timeout=20)
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer
