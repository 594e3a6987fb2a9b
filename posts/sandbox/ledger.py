"""The sandbox's book: every post that it ever accepted is a row, the second copy of a doubled one too."""

import hashlib
import json
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

Reaction = Literal["like", "repost", "reply"]

SCHEMA = """
CREATE TABLE IF NOT EXISTS posts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    text TEXT NOT NULL,
    language TEXT NOT NULL,
    reference TEXT NOT NULL,
    key TEXT,
    accepted_at REAL NOT NULL,
    visible_at REAL NOT NULL,
    likes INTEGER NOT NULL DEFAULT 0,
    reposts INTEGER NOT NULL DEFAULT 0,
    replies INTEGER NOT NULL DEFAULT 0,
    deleted_at REAL
);
CREATE UNIQUE INDEX IF NOT EXISTS one_post_per_key ON posts (channel, key) WHERE key IS NOT NULL;
CREATE INDEX IF NOT EXISTS timeline ON posts (channel, id);
CREATE INDEX IF NOT EXISTS by_time ON posts (accepted_at);
CREATE TABLE IF NOT EXISTS files (id TEXT PRIMARY KEY, mime TEXT NOT NULL, body BLOB NOT NULL);
"""
# Books that were begun before posts took anything along.
ALONG = "ALTER TABLE posts ADD COLUMN along TEXT NOT NULL DEFAULT '{}'"
COUNTS: dict[str, str] = {
    "like": "UPDATE posts SET likes = likes + 1 WHERE id = ? AND deleted_at IS NULL",
    "repost": "UPDATE posts SET reposts = reposts + 1 WHERE id = ? AND deleted_at IS NULL",
    "reply": "UPDATE posts SET replies = replies + 1 WHERE id = ? AND deleted_at IS NULL",
}


@dataclass(frozen=True)
class Draft:
    """A post that somebody wants accepted; `key` None means that nothing guards it against doubling."""

    channel: str
    text: str
    language: str = ""
    reference: str = ""
    key: str | None = None
    along: str = "{}"  # JSON: files, the further posts of a thread, a card


@dataclass(frozen=True)
class Row:
    """An accepted post. Times are seconds since 1970; `visible_at` may lie ahead."""

    id: int
    channel: str
    text: str
    language: str
    reference: str
    key: str | None
    accepted_at: float
    visible_at: float
    likes: int
    reposts: int
    replies: int
    deleted_at: float | None
    along: str = "{}"

    @property
    def takes(self) -> dict[str, Any]:
        """What it took along: `media` (id, mime, alt), `rest` and `card`, as far as there was any."""
        told: dict[str, Any] = json.loads(self.along)
        return told

    @property
    def accepted(self) -> datetime:
        return datetime.fromtimestamp(self.accepted_at, UTC)


@dataclass(frozen=True)
class Earlier:
    """A post that stands in the book as accepted at an earlier time, with what it has earned since."""

    draft: Draft
    at: datetime
    likes: int = 0
    reposts: int = 0
    replies: int = 0


class Ledger:
    """One SQLite file, safe for many threads: one writes for all that wait, one reads at a time."""

    def __init__(self, path: Path | str, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._writer = _open(path)
        self._writer.executescript(SCHEMA)
        if "along" not in {column[1] for column in self._writer.execute("PRAGMA table_info(posts)")}:
            self._writer.execute(ALONG)
        self._reader = _open(path)
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self._queue: deque[_Entry] = deque()

    def close(self) -> None:
        with self._writing, self._reading:
            self._writer.close()
            self._reader.close()

    def accept(self, draft: Draft, delay: float = 0.0) -> Row:
        """Write it down, for good once this returns. A key that is known gives the post that had it first."""
        entry = _Entry(draft, delay)
        self._queue.append(entry)
        with self._writing:
            if entry.row is None:
                self._write_queue()
        if entry.row is None:
            raise sqlite3.OperationalError("the ledger could not be written")
        return entry.row

    def accept_earlier(self, posts: Sequence[Earlier]) -> list[Row]:
        """Give the book a past: all of these or none. A key that is known gives the post that had it first."""
        with self._writing:
            return self._in_one([partial(_insert_earlier, post=post) for post in posts])

    def keep_file(self, mime: str, body: bytes) -> str:
        """Its id, made of the bytes: the same file is kept once, however often it is sent."""
        name = hashlib.sha256(body).hexdigest()
        with self._writing:
            self._writer.execute("INSERT INTO files VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (name, mime, body))
        return name

    def file(self, name: str) -> tuple[str, bytes] | None:
        """Media type and bytes."""
        with self._reading:
            found = self._reader.execute("SELECT mime, body FROM files WHERE id = ?", (name,)).fetchone()
        return (found[0], found[1]) if found else None

    def react(self, post_id: int, reaction: Reaction) -> bool:
        with self._writing:
            return self._writer.execute(COUNTS[reaction], (post_id,)).rowcount == 1

    def delete(self, post_id: int) -> bool:
        """Take it off the timeline. The ledger keeps the row."""
        with self._writing:
            gone = "UPDATE posts SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL"
            return self._writer.execute(gone, (self._now(), post_id)).rowcount == 1

    def post(self, post_id: int) -> Row | None:
        rows = self.posts([post_id])
        return rows[0] if rows else None

    def posts(self, ids: list[int]) -> list[Row]:
        return self._rows(
            "SELECT * FROM posts WHERE id IN (SELECT value FROM json_each(:ids))"
            " AND deleted_at IS NULL AND visible_at <= :now",
            ids=json.dumps(ids),
        )

    def with_key(self, key: str, channel: str | None) -> list[Row]:
        """A post that was taken down was out all the same."""
        return self._rows(
            "SELECT * FROM posts WHERE key = :key AND (:channel IS NULL OR channel = :channel)"
            " AND visible_at <= :now ORDER BY id",
            key=key,
            channel=channel,
        )

    def timeline(self, channel: str | None, limit: int, before: int | None) -> list[Row]:
        """Newest first, from the post older than `before`."""
        return self._rows(
            "SELECT * FROM posts WHERE (:channel IS NULL OR channel = :channel)"
            " AND deleted_at IS NULL AND visible_at <= :now"
            " AND (:before IS NULL OR id < :before) ORDER BY id DESC LIMIT :limit",
            channel=channel,
            limit=limit,
            before=before,
        )

    def all(self, since: float = 0.0) -> Iterator[Row]:
        """Everything accepted since then, oldest first, seen or unseen, deleted or not."""
        last = 0
        page = "SELECT * FROM posts WHERE accepted_at >= :since AND id > :last ORDER BY id LIMIT 1000"
        while rows := self._rows(page, since=since, last=last):
            yield from rows
            last = rows[-1].id

    def _write_queue(self) -> None:
        """One transaction, and so one wait for the disk, for everybody who stood in line."""
        waiting = [self._queue.popleft() for _ in range(len(self._queue))]
        if not waiting:
            return
        rows = self._in_one([partial(_insert_now, entry=entry, now=self._now()) for entry in waiting])
        for entry, row in zip(waiting, rows, strict=True):
            entry.row = row

    def _in_one(self, inserts: Sequence[Callable[[sqlite3.Connection], Row]]) -> list[Row]:
        """All of these in one transaction; whoever calls holds the lock."""
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            rows = [insert(self._writer) for insert in inserts]
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise
        return rows

    def _rows(self, query: str, **values: str | float | None) -> list[Row]:
        """Whoever asks sees all that was handed in before: a post that waits for the disk is not absent."""
        if self._queue or self._writing.locked():
            with self._writing:
                self._write_queue()
        with self._reading:
            found = self._reader.execute(query, {"now": self._now(), **values}).fetchall()
        return [Row(*columns) for columns in found]

    def _now(self) -> float:
        """In whole microseconds, so that a time which was told can be asked for again."""
        return round(self.clock(), 6)


@dataclass
class _Entry:
    draft: Draft
    delay: float
    row: Row | None = None


def _open(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _insert_now(connection: sqlite3.Connection, entry: _Entry, now: float) -> Row:
    return _insert(connection, entry.draft, now, now + entry.delay, (0, 0, 0))


def _insert_earlier(connection: sqlite3.Connection, post: Earlier) -> Row:
    at = post.at.timestamp()
    return _insert(connection, post.draft, at, at, (post.likes, post.reposts, post.replies))


def _insert(
    connection: sqlite3.Connection, draft: Draft, accepted: float, visible: float, earned: tuple[int, int, int]
) -> Row:
    said = (draft.channel, draft.text, draft.language, draft.reference, draft.key)
    columns = (*said, accepted, visible, *earned, draft.along)
    row = connection.execute(
        "INSERT INTO posts (channel, text, language, reference, key, accepted_at, visible_at, likes, reposts, replies,"
        " along) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *",
        columns,
    ).fetchone()
    if row is None:
        same = "SELECT * FROM posts WHERE channel = ? AND key = ?"
        row = connection.execute(same, (draft.channel, draft.key)).fetchone()
    return Row(*row)
