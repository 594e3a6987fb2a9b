"""A network with a strict sign-in, on a real socket: PKCE, codes and refresh tokens that are good once, and posts.

As RFC 6749, 7636, 9207 and 9700 want it; a code or a refresh token that is used again ends the whole session, as two
real providers do. No network of its own: what the tests of connecting need, and nothing laxer.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

ID, SECRET = "refrain-club", "canary-app-secret"


@dataclass
class Code:
    redirect: str
    challenge: str
    session: str
    scope: str


@dataclass
class Provider:
    """`mood` is what the token endpoint does at the next refreshes: ok, omits, empty, 503, hangs up."""

    lives: int = 3600
    mood: str = "ok"
    grants: str = "write"  # the scopes that the person ticks
    accounts: list[dict[str, str]] = field(
        default_factory=lambda: [{"id": "7", "handle": "@atelier", "name": "Atelier"}]
    )
    clients: dict[str, tuple[str, str]] = field(default_factory=lambda: {ID: (SECRET, "")})
    codes: dict[str, Code] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)  # codes and refresh tokens that are spent, by session
    refresh: dict[str, str] = field(default_factory=dict)  # live refresh tokens, by session
    access: dict[str, str] = field(default_factory=dict)
    revoked: set[str] = field(default_factory=set)
    posts: list[tuple[str, str]] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"provider": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def begin(self) -> dict[str, Any]:
        """A session that somebody has agreed to, with its first tokens."""
        return self.tokens(secrets.token_hex(4))

    def expire(self) -> None:
        """No access token that was given so far is accepted any more."""
        self.access.clear()

    def tokens(self, session: str) -> dict[str, Any]:
        access, refresh = f"canary-access-{secrets.token_hex(8)}", f"canary-refresh-{secrets.token_hex(8)}"
        self.access[access] = self.refresh[refresh] = session
        return {
            "access_token": access, "refresh_token": refresh, "expires_in": self.lives, "token_type": "Bearer",
            "scope": self.grants,
        }  # fmt: skip

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, Any]:
        with self._lock:
            self.calls[path] += 1
            match path:
                case "/token":
                    return self._token(form)
                case "/register":
                    made = f"made-{len(self.clients)}"
                    self.clients[made] = ("canary-registered", form["redirect_uri"])
                    return 200, {"client_id": made, "client_secret": "canary-registered"}
                case "/accounts" | "/posts" if self.access.get(bearer) in {None, *self.revoked}:
                    return 401, {"error": "invalid_token"}
                case "/accounts":
                    return 200, self.accounts
                case "/posts":
                    self.posts.append((form["account"], form["text"]))
                    return 200, {"id": str(len(self.posts))}
        return 404, {}

    def agree(self, asked: dict[str, str]) -> str:
        """What the person's click does: back to where the request came from, with a code."""
        code, session = f"canary-code-{secrets.token_hex(8)}", secrets.token_hex(4)
        self.codes[code] = Code(asked["redirect_uri"], asked["code_challenge"], session, self.grants)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.url})}"

    def wrong(self, asked: dict[str, str]) -> str:
        """Why a request to agree is refused."""
        known = self.clients.get(asked.get("client_id", ""))
        checks = {
            "client": known is not None,
            "redirect": known is not None and known[1] in ("", asked.get("redirect_uri")),
            "response type": asked.get("response_type") == "code",
            "pkce": asked.get("code_challenge_method") == "S256" and len(asked.get("code_challenge", "")) == 43,
            "state": len(asked.get("state", "")) >= 22,
        }
        return ", ".join(name for name, fine in checks.items() if not fine)

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        known = self.clients.get(form.get("client_id", ""))
        if known is None or not secrets.compare_digest(known[0], form.get("client_secret", "")):
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        return 400, {"error": "unsupported_grant_type"}

    def _exchange(self, form: dict[str, str]) -> tuple[int, Any]:
        given = form.get("code", "")
        self.revoked |= {self.used[given]} if given in self.used else set()
        code = self.codes.pop(given, None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(proof).rstrip(b"=").decode()
        if code is None or code.redirect != form.get("redirect_uri") or code.challenge != challenge:
            return 400, {"error": "invalid_grant"}
        self.used[given] = code.session
        return 200, self.tokens(code.session)

    def _refresh(self, form: dict[str, str]) -> tuple[int, Any]:
        self.calls["refresh"] += 1
        if self.mood == "503":
            return 503, {"error": "temporarily_unavailable"}
        given = form.get("refresh_token", "")
        if given in self.used:
            self.revoked.add(self.used[given])
        session = self.refresh.get(given)
        if session is None or session in self.revoked:
            return 400, {"error": "invalid_grant"}
        new = self.tokens(session)
        if self.mood in ("omits", "empty"):
            self.refresh.pop(new.pop("refresh_token"))
            return 200, new | ({"refresh_token": ""} if self.mood == "empty" else {})
        self.used[given] = self.refresh.pop(given)
        return 200, new


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path != "/authorize":
            self._json(*self.provider.answer(url.path, asked, self._bearer()))
        elif why := self.provider.wrong(asked):
            self._send(400, f"<!doctype html><title>No</title><p>refused: {escape(why)}", "text/html")
        else:
            back = escape(self.provider.agree(asked), quote=True)
            page = f'<!doctype html><html lang="en"><title>Club</title><h1>Club</h1><a href="{back}">Allow</a>'
            self._send(200, page, "text/html")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self._json(*self.provider.answer(self.path, form, self._bearer()))

    def _bearer(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _json(self, status: int, told: Any) -> None:
        self._send(status, json.dumps(told), "application/json")

    def _send(self, status: int, text: str, kind: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass
