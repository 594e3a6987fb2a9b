"""Fills a workspace with a busy channel, and asks the live check of the API and of the composer about new texts."""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from statistics import median
from time import process_time

import django
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

django.setup()

# Models can be imported only once Django is set up.
from benchmarks.texts import texts  # noqa: E402
from guards.catalogue import RULES  # noqa: E402
from guards.models import Policies  # noqa: E402
from posts.content import fingerprint  # noqa: E402
from posts.models import Channel, Post  # noqa: E402
from scheduler.hindsight import hindsights  # noqa: E402
from scheduler.models import Publication  # noqa: E402
from scheduler.rules import Scope  # noqa: E402
from scheduler.states import State  # noqa: E402
from teams.models import ApiToken, Membership, User, Workspace  # noqa: E402

WARM = 5
Ask = Callable[[str], object]


def main() -> None:
    chosen = options()
    call_command("migrate", verbosity=0)
    workspace, channel, user = _workspace()
    said = list(islice(texts(1), chosen.earlier + chosen.asked + WARM))
    _fill(workspace, channel, said[: chosen.earlier])
    new = said[chosen.earlier :]
    print(f"{chosen.earlier} posts, all said on one channel. Milliseconds of CPU for an answer:")
    print(f"{'':34} {'median':>7} {'worst':>7} {'queries':>8}")
    with override_settings(ALLOWED_HOSTS=["*"], API_RATE=100_000):
        for named, ask in _questions(workspace, channel, user):
            _measure(named, ask, new, chosen.profile)
    _look_back(workspace, chosen.profile)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.checking")
    parser.add_argument("--earlier", type=int, default=500, help="posts that the channel has published lately")
    parser.add_argument("--asked", type=int, default=40, help="new texts to ask about")
    parser.add_argument("--profile", action="store_true", help="show where the time goes")
    return parser.parse_args()


def _workspace() -> tuple[Workspace, Channel, User]:
    workspace = Workspace.objects.create(name="Atelier", slug="atelier", timezone="Europe/Paris")
    user = User.objects.create_user("marie@example.org", name="Marie")
    Membership.objects.create(user=user, workspace=workspace, role="owner")
    channel = Channel.objects.create(workspace=workspace, network="sandbox", handle="atelier", name="Atelier")
    return workspace, channel, user


def _fill(workspace: Workspace, channel: Channel, said: list[str]) -> None:
    now = timezone.now()
    posts = Post.objects.bulk_create(
        Post(workspace=workspace, text=text, language="en", status="active", starts_at=now, reviewed_at=now)
        for text in said
    )
    step = timedelta(days=13) / len(said)
    Publication.objects.bulk_create(
        Publication(
            workspace=workspace, post=post, channel=channel, due_at=now - n * step, planned_for=now - n * step,
            published_at=now - n * step, state=State.PUBLISHED, text=post.text, fingerprint=fingerprint(post.text),
        )
        for n, post in enumerate(posts, 1)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _questions(workspace: Workspace, channel: Channel, user: User) -> Iterator[tuple[str, Ask]]:
    token = ApiToken.issue(workspace, user, "measuring", ["read", "write"])[1]
    client = Client(headers={"Authorization": f"Bearer {token}"})
    person = Client()
    person.force_login(user)
    repeat = {"interval": 30, "unit": "day", "max_repeats": 5}

    def api(text: str, **more: object) -> object:
        draft = {"text": text, "language": "en", "channels": [channel.pk], **more}
        return client.post("/api/v1/check/", json.dumps(draft), content_type="application/json")

    def composer(text: str, **more: str) -> object:
        form = {"text": text, "language": "en", "channels": str(channel.pk), "when": "free", "interval": "30"}
        return person.post("/w/atelier/check/", {**form, "unit": "day", "max_repeats": "5", **more})

    yield "POST api/v1/check/", api
    yield "  with 5 repeats", lambda text: api(text, repeat=repeat)
    yield "the composer's check", composer
    yield "  with 5 repeats", lambda text: composer(text, repeat="on")


def _measure(named: str, ask: Ask, new: list[str], profile: bool) -> None:
    for text in new[:WARM]:
        assert ask(text).status_code == 200, ask(text).content  # type: ignore[attr-defined]
    profiler = cProfile.Profile()
    spent = []
    for text in new[WARM:]:
        start = process_time()
        if profile:
            profiler.enable()
        ask(text)
        profiler.disable()
        spent.append((process_time() - start) * 1000)
    with CaptureQueriesContext(connection) as asked:
        ask(new[0])
    print(f"{named:34} {median(spent):7.1f} {max(spent):7.1f} {len(asked):8}", flush=True)
    if profile:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(30)


def _look_back(workspace: Workspace, profile: bool) -> None:
    cache.clear()
    profiler = cProfile.Profile()
    start = process_time()
    if profile:
        profiler.enable()
    with CaptureQueriesContext(connection) as asked:
        seen = hindsights(Scope(workspace), Policies([workspace.pk]), RULES, timezone.now())
    profiler.disable()
    spent = (process_time() - start) * 1000
    looked = max(one.looked for one in seen.values())
    print(f"{f'looking back at {looked}, all guards':34} {spent:7.1f} {'':7} {len(asked):8}")
    if profile:
        pstats.Stats(profiler, stream=sys.stdout).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
