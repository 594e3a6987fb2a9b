"""Fills a database with channels that have said a lot, and judges batches of what is due on them now."""

from __future__ import annotations

import argparse
import cProfile
import json
import multiprocessing
import pstats
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import process_time

import django
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

django.setup()

# Models can be imported only once Django is set up.
from benchmarks.texts import texts  # noqa: E402
from guards.base import Moment  # noqa: E402
from guards.judge import Verdict  # noqa: E402
from posts.content import fingerprint  # noqa: E402
from posts.models import Channel, Post, RepeatRule  # noqa: E402
from scheduler.candidates import Docket, Occurrence, with_facts  # noqa: E402
from scheduler.celery import collect_less  # noqa: E402
from scheduler.models import Publication  # noqa: E402
from scheduler.states import State  # noqa: E402
from teams.models import Workspace  # noqa: E402

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
WORKSPACES = 10
BATCHES = 2  # the first of a process, and the next


def main() -> None:
    chosen = options()
    call_command("migrate", verbosity=0)
    channels = list(_channels(chosen.channels))
    for channel in channels:
        _fill(channel, chosen.earlier, max(chosen.sizes) * BATCHES // chosen.channels + 1)
    print(f"{chosen.channels} channels with {chosen.earlier} earlier posts each. µs of CPU for a publication:")
    print(f"{'batch':>7} {'loading':>8} {'first':>8} {'next':>8} {'queries':>8}  verdicts")
    connection.close()
    for size in chosen.sizes:
        # A process of its own for each: what one has learnt must not help the other.
        child = multiprocessing.get_context("fork").Process(target=_measure, args=(size, chosen.profile))
        child.start()
        child.join()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.judging")
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--earlier", type=int, default=500, help="posts that each channel has published lately")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    return parser.parse_args()


def _channels(count: int) -> Iterator[Channel]:
    spaces = [
        Workspace.objects.create(name=f"Atelier {n}", slug=f"atelier-{n}", timezone="Europe/Paris")
        for n in range(WORKSPACES)
    ]
    for n in range(count):
        space = spaces[n % WORKSPACES]
        yield Channel.objects.create(workspace=space, network="sandbox", handle=f"channel-{n}", name=f"Channel {n}")


def _fill(channel: Channel, earlier: int, due: int) -> None:
    said = list(islice(texts(channel.pk), earlier + due))
    posts = Post.objects.bulk_create(
        Post(workspace_id=channel.workspace_id, text=text, language="en", starts_at=NOW, reviewed_at=NOW)
        for text in said
    )
    RepeatRule.objects.bulk_create(RepeatRule(post=post) for post in posts[earlier::3])
    past, coming = posts[:earlier], posts[earlier:]
    step = timedelta(days=13) / max(earlier, 1)
    Publication.objects.bulk_create(_published(channel, post, NOW - n * step) for n, post in enumerate(past, 1))
    Publication.objects.bulk_create(
        Publication(workspace_id=channel.workspace_id, post=post, channel=channel, due_at=NOW, planned_for=NOW)
        for post in coming
    )


def _published(channel: Channel, post: Post, at: datetime) -> Publication:
    return Publication(
        workspace_id=channel.workspace_id, post=post, channel=channel, due_at=at, planned_for=at, published_at=at,
        state=State.PUBLISHED, text=post.text, fingerprint=fingerprint(post.text),
    )  # fmt: skip


def _measure(size: int, profile: bool) -> None:
    collect_less()  # as every worker does
    waiting = Publication.objects.filter(state=State.SCHEDULED)
    pks = [pk for _, pk in sorted(_shuffled(waiting.values_list("channel", "pk")))]
    judged = [_judge(pks[start : start + size], profile) for start in range(0, size * BATCHES, size)]
    loading, first, queries, verdicts = judged[0]
    told = ", ".join(f"{count} {action}" for action, count in sorted(verdicts.items()))
    print(f"{size:7} {loading:8.0f} {first:8.0f} {judged[-1][1]:8.0f} {queries:8}  {told}", flush=True)


def _shuffled(rows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In turn from each channel, as a full queue has them."""
    turns: Counter[int] = Counter()
    for channel, pk in rows:
        turns[channel] += 1
        yield turns[channel], pk


def _judge(pks: list[int], profile: bool) -> tuple[float, float, int, Counter[str]]:
    profiler = cProfile.Profile()
    with CaptureQueriesContext(connection) as asked:
        start = process_time()
        rows = list(with_facts(Publication.objects.filter(pk__in=pks)).order_by("planned_for", "pk"))
        loaded = process_time()
        if profile:
            profiler.enable()
        verdicts = list(_verdicts(rows))
        kept = [json.dumps([check.as_json() for check in verdict.checks]) for verdict in verdicts]
        profiler.disable()
        done = process_time()
    assert len(kept) == len(pks)
    if profile:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(45)
    each = 1e6 / len(pks)
    actions = Counter(verdict.action.word for verdict in verdicts)
    return (loaded - start) * each, (done - loaded) * each, len(asked), actions


def _verdicts(rows: list[Publication]) -> Iterator[Verdict]:
    occurrences = [Occurrence.of(row, NOW) for row in rows]
    docket = Docket(occurrences, NOW, Moment.SENDING)
    for occurrence in occurrences:
        verdict = docket.judge(occurrence)
        if verdict.allows:
            docket.said(occurrence)
        yield verdict


if __name__ == "__main__":
    main()
