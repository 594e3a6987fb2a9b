"""The sandbox network itself: its ledger is the only witness of what was doubled and what was lost."""

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

import pytest

from posts.sandbox.ledger import Draft, Ledger
from posts.sandbox.server import Server, serve

JSON = {"Content-Type": "application/json"}


def test_concurrent_requests_with_one_key_give_one_post_and_one_answer(sandbox: Server) -> None:
    """Seen to fail: without the unique index on (channel, key), 16 posts and 16 answers."""
    together = Barrier(16)

    def post(_: int) -> tuple[int, Any]:
        together.wait(5)
        return _post(sandbox, {"channel": "shop", "text": "Once", "reference": "r1"}, key="one-key")

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(post, range(16)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 201
    assert len([row for row in sandbox.ledger.all() if row.key == "one-key"]) == 1


def test_without_a_key_every_request_is_a_post(sandbox: Server) -> None:
    with ThreadPoolExecutor(8) as threads:
        body = {"channel": "keyless", "text": "Twice"}
        ids = {told["id"] for _, told in threads.map(lambda _: _post(sandbox, body), range(8))}
    assert len(ids) == len([row for row in sandbox.ledger.all() if row.channel == "keyless"]) == 8


def test_a_key_is_kept_for_ever_and_over_a_restart(tmp_path: Path) -> None:
    ids = []
    for text in ("First", "Other words"):
        server = serve("127.0.0.1", 0, tmp_path / "ledger.sqlite3")
        server.start()
        ids.append(_post(server, {"channel": "shop", "text": text}, key="k")[1]["id"])
        server.stop()
    assert ids[0] == ids[1]


def test_the_ledger_is_on_disk_before_the_answer_is_given(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    ledger.accept(Draft("shop", "Safe"))
    other = sqlite3.connect(tmp_path / "ledger.sqlite3")
    assert other.execute("SELECT text FROM posts").fetchall() == [("Safe",)]
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()
    ledger.close()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"channel":"shop","text":"\\udc00\\ud800"}', 422),
        (b'{"channel":"shop","text":"a\\u0000b"}', 422),
        (b'{"channel":"shop","text":"a","text":"b"}', 400),
        (b'{"channel":"shop","text":3}', 422),
        (b'{"channel":"shop","text":"\xff"}', 400),
        (b'{"channel":"shop"}', 422),
        (b'{"channel":"","text":"a"}', 422),
        (b'{"channel":"fault-of-mine","text":"a"}', 400),
        (b"[]", 400),
        (b"", 400),
        (b"[" * 100_000, 400),
        (b'{"channel":"shop","text":"' + b"x" * 300_000 + b'"}', 413),
    ],
    ids=lambda given: given[:36].decode("latin-1") if isinstance(given, bytes) else str(given),
)
def test_what_is_no_post_is_refused_with_a_sentence(sandbox: Server, body: bytes, status: int) -> None:
    before = len(list(sandbox.ledger.all()))
    given, told = _call(sandbox, "POST", "/api/posts", body, JSON)
    assert given == status
    assert told["message"].endswith(".")
    assert len(list(sandbox.ledger.all())) == before


def test_two_halves_of_one_emoji_are_put_together(sandbox: Server) -> None:
    status, told = _call(sandbox, "POST", "/api/posts", b'{"channel":"shop","text":"\\ud83d\\ude00"}', JSON)
    assert (status, told["text"]) == (201, "😀")


def test_a_form_from_a_web_page_is_not_a_post(sandbox: Server) -> None:
    body = b'{"channel":"shop","text":"a"}'
    assert _call(sandbox, "POST", "/api/posts", body, {"Content-Type": "text/plain"})[0] == 415


def test_the_timeline_is_read_newest_first_and_page_by_page(sandbox: Server) -> None:
    ids = [_post(sandbox, {"channel": "pages", "text": str(number)})[1]["id"] for number in range(5)]
    _, first = _call(sandbox, "GET", "/api/posts?channel=pages&limit=3")
    _, second = _call(sandbox, "GET", f"/api/posts?channel=pages&limit=3&before={first['posts'][-1]['id']}")
    assert [post["id"] for post in first["posts"] + second["posts"]] == ids[::-1]


def test_reactions_belong_to_a_post(sandbox: Server) -> None:
    _, post = _post(sandbox, {"channel": "shop", "text": "Liked"})
    for reaction in ("like", "like", "repost", "reply"):
        status, _ = _call(sandbox, "POST", f"/api/posts/{post['id']}/{reaction}")
        assert status == 200
    _, told = _call(sandbox, "GET", f"/api/reactions?ids={post['id']},77777")
    assert told == {post["id"]: {"likes": 2, "reposts": 1, "replies": 1}}


def test_a_post_that_was_taken_down_is_gone_but_stays_in_the_ledger(sandbox: Server) -> None:
    _, post = _post(sandbox, {"channel": "shop", "text": "Gone"})
    path = f"/api/posts/{post['id']}"
    assert [_call(sandbox, method, path)[0] for method in ("GET", "DELETE", "GET", "DELETE")] == [200, 200, 404, 404]
    assert _call(sandbox, "POST", f"{path}/like")[0] == 404
    assert post["id"] in [str(row.id) for row in sandbox.ledger.all()]


def test_the_ledger_is_told_line_by_line(sandbox: Server) -> None:
    _, post = _post(sandbox, {"channel": "shop", "text": "Line\nfeed", "reference": "42"}, key="ledger-key")
    since = post["accepted_at"].replace("+", "%2B")
    (line,) = [line for line in _lines(sandbox, f"/api/ledger?since={since}") if line["key"] == "ledger-key"]
    assert line == {
        "id": post["id"],
        "channel": "shop",
        "text": "Line\nfeed",
        "key": "ledger-key",
        "reference": "42",
        "accepted_at": post["accepted_at"],
    }
    assert _lines(sandbox, "/api/ledger?since=2999-01-01") == []
    assert len(_lines(sandbox, "/api/ledger")) == len(list(sandbox.ledger.all()))


def test_a_long_ledger_is_told_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: ledger.accept(Draft("shop", str(number))), range(2500)))
    assert sorted(int(row.text) for row in ledger.all()) == list(range(2500))
    ledger.close()


def test_a_post_is_found_again_from_the_very_time_at_which_it_was_accepted(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    for number in range(100):
        row = ledger.accept(Draft("shop", str(number)))
        assert row in list(ledger.all(since=row.accepted.timestamp()))
    ledger.close()


def test_a_post_has_a_page_on_which_its_text_is_only_text(sandbox: Server) -> None:
    _, post = _post(sandbox, {"channel": "<i>shop", "text": "<script>alert(1)</script> {braces}"})
    connection = _connection(sandbox)
    connection.request("GET", urlsplit(post["url"]).path)
    page = connection.getresponse().read().decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {braces}" in page
    assert "<script" not in page
    assert "<i>" not in page


@pytest.mark.parametrize(
    "path", ["/", "/api/nothing", "/api/posts/x", "/api/posts/" + "9" * 30, "/posts/0", "/api/posts/1/love"]
)
def test_an_address_that_holds_nothing_says_so(sandbox: Server, path: str) -> None:
    status, told = _call(sandbox, "GET", path)
    assert status == 404
    assert told["message"].startswith("There is no")


@pytest.mark.parametrize("query", ["limit=x", "before=-1", "limit=" + "9" * 40])
def test_a_number_that_is_none_is_refused(sandbox: Server, query: str) -> None:
    assert _call(sandbox, "GET", f"/api/posts?{query}")[0] == 400


def test_the_server_says_that_it_is_well(sandbox: Server) -> None:
    assert _call(sandbox, "GET", "/api/health") == (200, {"status": "ok"})


def test_one_connection_serves_many_requests(sandbox: Server) -> None:
    connection = _connection(sandbox)
    for _ in range(3):
        connection.request("GET", "/api/health")
        assert connection.getresponse().read() == b'{"status": "ok"}'
    connection.close()


def test_a_port_that_is_taken_is_an_error(sandbox: Server, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="in use"):
        serve("127.0.0.1", sandbox.port, tmp_path / "ledger.sqlite3")


def test_a_server_that_never_started_can_be_stopped(tmp_path: Path) -> None:
    serve("127.0.0.1", 0, tmp_path / "ledger.sqlite3").stop()


def _post(server: Server, body: dict[str, str], key: str = "") -> tuple[int, Any]:
    headers = {**JSON, "Idempotency-Key": key} if key else JSON
    return _call(server, "POST", "/api/posts", json.dumps(body).encode(), headers)


def _call(
    server: Server, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    connection = _connection(server)
    connection.request(method, path, body or None, headers or {})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told


def _lines(server: Server, path: str) -> list[Any]:
    connection = _connection(server)
    connection.request("GET", path)
    return [json.loads(line) for line in connection.getresponse()]


def _connection(server: Server) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", server.port, timeout=5)
