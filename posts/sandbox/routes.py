"""What the sandbox network understands: posting, reading back, reacting, taking down, and its ledger."""

import html
import json
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, cast

from posts.sandbox.exchange import BadRequest, Exchange, Request, packed
from posts.sandbox.faults import Stage, date_ahead
from posts.sandbox.ledger import Draft, Ledger, Reaction, Row

MAX_LENGTH = 500  # code points after NFC
MOST_FILES, MOST_PARTS, LONGEST_ALT = 4, 10, 1500
FILES = ("image/jpeg", "image/png", "image/webp", "image/gif", "video/mp4")


@dataclass
class Routes:
    """The network itself. `address` is where people find it, without a slash at the end."""

    ledger: Ledger
    address: str
    secret: str = ""
    stage: Stage = field(default_factory=Stage)

    def answer(self, exchange: Exchange) -> None:
        """Answer a request; one that is refused gets a sentence."""
        try:
            self._let_in(exchange.request)
            _route(exchange.request)(self, exchange)
        except BadRequest as refusal:
            exchange.answer(refusal.status, {"message": refusal.sentence})
        except sqlite3.Error:
            exchange.answer(500, {"message": "The sandbox could not write into its ledger."})

    def _let_in(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        guarded = self.secret and request.path.startswith("/api/")
        if guarded and not compare_digest(given, f"Bearer {self.secret}".encode()):
            raise BadRequest(401, "The sandbox does not know this key.")

    def publish(self, exchange: Exchange) -> None:
        draft = _draft(exchange.request, self.ledger)
        exchange.date_ahead = date_ahead(draft.channel)
        fault = self.stage.fault(draft)
        if fault is not None:
            fault(exchange, lambda delay: self._told(self.ledger.accept(draft, delay)))
        else:
            exchange.answer(201, self._told(self.ledger.accept(draft)))

    def timeline(self, exchange: Exchange) -> None:
        query = exchange.request.query
        channel = query.get("channel")
        exchange.date_ahead = date_ahead(channel or "")
        if "key" in query:
            rows = self.ledger.with_key(query["key"], channel)
        else:
            limit = min(_number(query.get("limit", "20")), 100)
            before = _number(query["before"]) if "before" in query else None
            rows = self.ledger.timeline(channel, limit, before)
        exchange.answer(200, {"posts": [self._told(row) for row in rows]})

    def show(self, exchange: Exchange) -> None:
        exchange.answer(200, self._told(self._post(exchange)))

    def delete(self, exchange: Exchange) -> None:
        if not self.ledger.delete(_post_id(exchange.request)):
            raise _no_such_post()
        exchange.answer(200, {})

    def react(self, exchange: Exchange) -> None:
        reaction = cast(Reaction, exchange.request.path.rpartition("/")[2])
        if not self.ledger.react(_post_id(exchange.request), reaction):
            raise _no_such_post()
        exchange.answer(200, self._told(self._post(exchange)))

    def reactions(self, exchange: Exchange) -> None:
        ids = [_number(given) for given in exchange.request.query.get("ids", "").split(",") if given]
        exchange.answer(200, {str(row.id): _counts(row) for row in self.ledger.posts(ids)})

    def book(self, exchange: Exchange) -> None:
        """One JSON object per line, everything, for whoever wants to compare."""
        rows = self.ledger.all(_since(exchange.request.query))
        exchange.raw(exchange.head(200, Content_Type="application/x-ndjson"))
        exchange.pour(packed(_entry(row)) + b"\n" for row in rows)

    def take_file(self, exchange: Exchange) -> None:
        """A file, as the whole body; posts name it by the id that it is given."""
        mime, body = exchange.request.headers.get("content-type", ""), exchange.request.body
        if mime not in FILES:
            raise BadRequest(415, "The sandbox takes JPEG, PNG, WebP, GIF and MP4.")
        if not body:
            raise BadRequest(422, "This file is empty.")
        exchange.answer(201, {"id": self.ledger.keep_file(mime, body)})

    def give_file(self, exchange: Exchange) -> None:
        found = self.ledger.file(exchange.request.path.rpartition("/")[2])
        if found is None:
            raise BadRequest(404, "There is no such file.")
        exchange.raw(exchange.message(200, found[1], found[0], X_Content_Type_Options="nosniff"))

    def health(self, exchange: Exchange) -> None:
        exchange.answer(200, {"status": "ok"})

    def page(self, exchange: Exchange) -> None:
        """The post as a person sees it."""
        row = self._post(exchange)
        page = PAGE.format(
            language=html.escape(row.language),
            channel=html.escape(row.channel),
            text=html.escape(row.text),
            along=_shown_along(row),
            accepted=f"{row.accepted:%Y-%m-%d %H:%M} UTC",
        )
        policy = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
        exchange.raw(exchange.message(200, page.encode(), "text/html; charset=utf-8", Content_Security_Policy=policy))

    def _post(self, exchange: Exchange) -> Row:
        rows = self.ledger.posts([_post_id(exchange.request)])
        if not rows:
            raise _no_such_post()
        return rows[0]

    def _told(self, row: Row) -> dict[str, object]:
        ahead = timedelta(seconds=date_ahead(row.channel))
        return {
            "id": str(row.id),
            "url": f"{self.address}/posts/{row.id}",
            "channel": row.channel,
            "text": row.text,
            "language": row.language,
            "key": row.key,
            "reference": row.reference,
            "accepted_at": (row.accepted + ahead).isoformat(),
            **row.takes,
            **_counts(row),
        }


ROUTES: dict[tuple[str, str], Callable[[Routes, Exchange], None]] = {
    ("POST", "/api/posts"): Routes.publish,
    ("GET", "/api/posts"): Routes.timeline,
    ("GET", "/api/posts/*"): Routes.show,
    ("DELETE", "/api/posts/*"): Routes.delete,
    ("POST", "/api/posts/*/like"): Routes.react,
    ("POST", "/api/posts/*/repost"): Routes.react,
    ("POST", "/api/posts/*/reply"): Routes.react,
    ("GET", "/api/reactions"): Routes.reactions,
    ("GET", "/api/ledger"): Routes.book,
    ("GET", "/api/health"): Routes.health,
    ("GET", "/posts/*"): Routes.page,
    ("POST", "/api/media"): Routes.take_file,
    ("GET", "/media/*"): Routes.give_file,
}


def _route(request: Request) -> Callable[[Routes, Exchange], None]:
    shape = re.sub(r"/(posts|media)/[^/]+", r"/\1/*", request.path)
    try:
        return ROUTES[request.method, shape]
    except KeyError:
        raise BadRequest(404, "There is nothing at this address.") from None


def _draft(request: Request, ledger: Ledger) -> Draft:
    given = _json(request)
    draft = Draft(
        channel=_words(given, "channel"),
        text=_words(given, "text"),
        language=_words(given, "language", ""),
        reference=_words(given, "reference", ""),
        key=request.headers.get("idempotency-key") or None,
        along=json.dumps(_along(given, ledger), ensure_ascii=False),
    )
    if not draft.channel or not draft.text.strip():
        raise BadRequest(422, "A post needs a channel and a text.")
    _must_be_short(draft.text)
    return draft


def _along(given: Mapping[str, Any], ledger: Ledger) -> dict[str, object]:
    """What the post takes along, checked; only what there is of it."""
    media = [_file(one, ledger) for one in _list(given, "media", MOST_FILES)]
    rest = [_words({"part": part}, "part") for part in _list(given, "rest", MOST_PARTS - 1)]
    for part in rest:
        _must_be_short(part)
    told: dict[str, object] = {"media": media, "rest": rest, "repost_of": _shared(given, ledger)}
    if (card := given.get("card")) is not None:
        if not isinstance(card, dict):
            raise BadRequest(422, "The card of a post is an object.")
        told["card"] = {name: _words(card, name, "") for name in ("url", "title", "description")}
    return {name: value for name, value in told.items() if value}


def _shared(given: Mapping[str, Any], ledger: Ledger) -> str:
    """The channel's own post that is shared again; empty where none is."""
    shared = _words(given, "repost_of", "")
    if shared and [row.channel for row in ledger.posts([_number(shared)])] != [_words(given, "channel")]:
        raise BadRequest(422, "There is no such post of this channel to be shared again.")
    return shared


def _list(given: Mapping[str, Any], name: str, most: int) -> list[Any]:
    found = given.get(name, [])
    if not isinstance(found, list) or len(found) > most:
        raise BadRequest(422, f"The {name} of a post is a list of at most {most}.")
    return found


def _file(given: Any, ledger: Ledger) -> dict[str, str]:
    if not isinstance(given, dict):
        raise BadRequest(422, "Each file of a post is an object.")
    found = ledger.file(_words(given, "id"))
    if found is None:
        raise BadRequest(422, "There is no such file.")
    alt = _words(given, "alt", "")
    if len(alt) > LONGEST_ALT:
        raise BadRequest(422, f"A description has at most {LONGEST_ALT} characters.")
    return {"id": given["id"], "mime": found[0], "alt": alt}


def _must_be_short(text: str) -> None:
    if not text.strip() or len(unicodedata.normalize("NFC", text)) > MAX_LENGTH:
        raise BadRequest(422, f"The text is longer than {MAX_LENGTH} characters.")


def _json(request: Request) -> Mapping[str, Any]:
    # A web page cannot send this type to another site without asking first.
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadRequest(415, "Please send application/json.")
    try:
        given = json.loads(request.body, object_pairs_hook=_once_each)
    except (ValueError, RecursionError):
        raise BadRequest(400, "This is not JSON that can be understood.") from None
    if not isinstance(given, dict):
        raise BadRequest(400, "Please send a JSON object.")
    return given


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name appears twice")
    return dict(pairs)


def _words(given: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str):
        raise BadRequest(422, f"The {name} of a post is a text.")
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise BadRequest(422, f"The {name} holds a broken character. Please type it again.")
    return value


def _number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise BadRequest(400, "This is not a number that can be used here.")
    return int(given)


def _post_id(request: Request) -> int:
    try:
        return _number(request.path.removeprefix("/api").strip("/").split("/")[1])
    except BadRequest:
        raise _no_such_post() from None


def _no_such_post() -> BadRequest:
    return BadRequest(404, "There is no such post.")


def _since(query: Mapping[str, str]) -> float:
    try:
        since = datetime.fromisoformat(query.get("since", "1970-01-01T00:00:00+00:00"))
    except ValueError:
        raise BadRequest(400, "This is not a time that can be used here.") from None
    return (since if since.tzinfo else since.replace(tzinfo=UTC)).timestamp()


def _counts(row: Row) -> dict[str, object]:
    return {"likes": row.likes, "reposts": row.reposts, "replies": row.replies}


def _entry(row: Row) -> dict[str, object]:
    return {
        "id": str(row.id),
        "channel": row.channel,
        "text": row.text,
        "key": row.key,
        "reference": row.reference,
        "accepted_at": row.accepted.isoformat(),
    }


def _shown_along(row: Row) -> str:
    takes = row.takes
    shown = [f"<p>{html.escape(part)}</p>" for part in takes.get("rest", ())]
    for one in takes.get("media", ()):
        address, alt = f"/media/{one['id']}", html.escape(one["alt"], quote=True)
        video = one["mime"].startswith("video/")
        shown.append(f'<video controls src="{address}"></video>' if video else f'<img alt="{alt}" src="{address}">')
    if card := takes.get("card"):
        shown.append(f"<blockquote>{html.escape(card['title'])}\n{html.escape(card['description'])}</blockquote>")
    return "".join(shown)


PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{channel}</title>
<style>body {{ max-width: 36rem; margin: 3rem auto; font: 1.1rem/1.5 sans-serif; white-space: pre-wrap }}
img, video {{ max-width: 100% }}</style>
<strong>{channel}</strong> <time>{accepted}</time>
<p>{text}</p>{along}
</html>
"""
