"""The background check of links: when it looks, what it holds, and how that lifts; against a server that is real."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guards.base import Moment
from posts.models import Channel, LinkHealth, Post
from posts.networks.pace import Pace
from posts.networks.reach import Public
from posts.networks.visit import Visitor
from posts.networks.wire import Network, NoSuchName
from posts.sandbox.server import Server
from scheduler import links, tasks
from scheduler.candidates import Docket, Occurrence, with_facts
from scheduler.fixes import apply, offered
from scheduler.models import Outlook, Publication
from scheduler.verbs import NotNow
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import run, scheduled, states
from tests.posts.networks.scripted import Scripted

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
REPEAT = {"interval": 30, "unit": "day", "max_repeats": 5}
WORDS = " ".join(f"word{number}" for number in range(80))
Pages = dict[str, str]


class Site:
    """A server on this machine under any name that ends in .test; `pages` are status and body by path."""

    def __init__(self) -> None:
        self.pages: Pages = {}
        self.asked: list[str] = []
        self.up = True
        self._server = Scripted(self._play)
        self.port = self._server.url.rpartition(":")[2]

    def url(self, path: str, host: str = "site.test") -> str:
        return f"http://{host}:{self.port}{path}"

    def close(self) -> None:
        self._server.close()

    def check(self, now: datetime) -> int:
        return links.check_due(now, Visitor(Network(Public(["127.0.0.0/8"]), self._resolve), Pace(0)))

    def _resolve(self, host: str, port: int, seconds: float) -> list[str]:
        if not self.up or not host.endswith(".test") or host.startswith("gone."):
            raise NoSuchName(host)
        return ["127.0.0.1"]

    def _play(self, to: socket.socket, request: bytes) -> None:
        path = request.split()[1].decode()
        self.asked.append(path)
        status, _, body = self.pages.get(path, "404 ").partition(" ")
        headers = "Location: " + body if status.startswith("3") else "Content-Type: text/html"
        body = "" if status.startswith("3") else body
        head = f"HTTP/1.1 {status} X\r\n{headers}\r\nContent-Length: {len(body)}\r\nConnection: close"
        to.sendall(f"{head}\r\n\r\n{body}".encode())


def html(title: str, body: str = WORDS) -> str:
    return f"200 <title>{title}</title><p>{body}</p>"


@pytest.fixture
def site(settings: object) -> Iterator[Site]:
    made = Site()
    made.pages = {"/a": html("Five headlines"), "/control": html("Here")}
    settings.LINKS_CONTROLS = [made.url("/control", "control.test")]  # type: ignore[attr-defined]
    yield made
    made.close()


def linking(workspace: Workspace, channel: Channel, url: str, at: datetime = NOW, **fields: object) -> Post:
    return scheduled(workspace, channel, at=at, now=NOW, text=f"Read this: {url}", **fields)


def known() -> LinkHealth:
    return LinkHealth.objects.get()


def die(site: Site, days: int = 4) -> None:
    """Daily visits to a page that is gone, from now on."""
    site.pages.pop("/a", None)
    for day in range(days):
        links.want_soon(NOW + day * DAY)
        site.check(NOW + day * DAY)


def test_a_link_is_visited_when_its_post_is_scheduled(workspace: Workspace, channel: Channel, site: Site) -> None:
    linking(workspace, channel, site.url("/a"), NOW + 60 * DAY)
    assert known().wanted_at == NOW
    assert site.check(NOW) == 1
    assert (known().state, known().title, known().checked_at) == ("alive", "Five headlines", NOW)
    assert not links.waiting(NOW)


def test_it_is_visited_again_before_a_repeat_and_not_more_than_once_a_day(
    workspace: Workspace, channel: Channel, site: Site
) -> None:
    linking(workspace, channel, site.url("/a"), NOW + 30 * DAY)
    site.check(NOW)
    seen = len(site.asked)
    for hours in range(0, 25 * 24, 6):
        now = NOW + timedelta(hours=hours)
        links.want_soon(now)
        site.check(now)
    assert len(site.asked) == seen
    for hours in range(0, 48, 6):
        now = NOW + 27 * DAY + timedelta(hours=hours)
        links.want_soon(now)
        site.check(now)
    assert len(site.asked) == seen + 2


def test_a_repeat_whose_link_has_died_waits_and_goes_on_when_it_is_back(
    workspace: Workspace, channel: Channel, site: Site, sandbox: Server
) -> None:
    """Seen to fail with the guard switched off, and without the look at what was held."""
    post = linking(workspace, channel, site.url("/a"), NOW + 4 * DAY)
    site.check(NOW - DAY)
    die(site, 5)
    assert (known().state, known().sign, len(known().strikes)) == ("dead", "404", 4)
    run(NOW + 4 * DAY)
    held = Publication.objects.get(post=post)
    assert (held.state, held.reason) == ("held", "dead_link")
    assert "404" in str(held.sentence)
    site.pages["/a"] = html("Five headlines")
    links.want_soon(NOW + 5 * DAY)
    site.check(NOW + 4 * DAY + timedelta(minutes=5))
    assert states(post) == ["held"], "it is looked at once a day"
    links.want_now(workspace.pk, site.url("/a"), NOW + 4 * DAY + timedelta(minutes=10))
    site.check(NOW + 4 * DAY + timedelta(minutes=10))
    assert states(post) == ["scheduled"]
    run(NOW + 4 * DAY + timedelta(minutes=11))
    assert states(post) == ["published"]


def test_what_is_late_when_its_link_is_back_waits_for_a_person(
    workspace: Workspace, channel: Channel, site: Site, sandbox: Server
) -> None:
    post = linking(workspace, channel, site.url("/a"), NOW + 4 * DAY)
    die(site)
    run(NOW + 4 * DAY)
    site.pages["/a"] = html("Five headlines")
    links.want_soon(NOW + 6 * DAY)
    site.check(NOW + 6 * DAY)
    held = Publication.objects.get(post=post)
    assert (held.state, held.reason) == ("held", "missed")
    assert "put_back" in [fix.verb for fix in offered(held)]


def test_one_failure_is_followed_up_although_no_post_needs_it_yet(
    workspace: Workspace, channel: Channel, site: Site
) -> None:
    linking(workspace, channel, site.url("/nowhere"), NOW + 60 * DAY)
    for day in range(4):
        assert links.waiting(NOW + day * DAY)
        site.check(NOW + day * DAY)
    assert (known().state, known().wanted_at) == ("dead", None)


def test_when_nothing_at_all_can_be_reached_nothing_is_judged(
    workspace: Workspace, channel: Channel, site: Site
) -> None:
    """Seen to fail without the control."""
    for number in range(3):
        linking(workspace, channel, site.url("/a", f"site{number}.test"))
    site.up = False
    assert site.check(NOW) == 0
    assert not LinkHealth.objects.exclude(state="unknown").exists()
    assert not LinkHealth.objects.exclude(strikes=[]).exists()
    assert not links.waiting(NOW + timedelta(minutes=9))
    assert links.waiting(NOW + timedelta(minutes=10))


def test_a_name_that_does_not_exist_counts_while_others_answer(
    workspace: Workspace, channel: Channel, site: Site
) -> None:
    linking(workspace, channel, site.url("/a", "gone.test"))
    for day in (0, 1):
        assert site.check(NOW + day * DAY) == 1
    assert (known().state, known().sign) == ("dead", "no_such_name")
    assert "/control" in site.asked


def test_a_page_like_one_that_cannot_exist_is_asked_about(workspace: Workspace, channel: Channel, site: Site) -> None:
    """A site that shows the same page under every address."""

    class Any(dict[str, str]):
        def get(self, path: str, default: object = None) -> str:
            return html("Welcome")

    site.pages = Any()
    linking(workspace, channel, site.url("/deep/article"))
    site.check(NOW)
    assert (known().state, known().sign) == ("suspicious", "like_any_other")
    assert re.fullmatch(r"/deep/[0-9a-f]{20}", site.asked[-1])


def test_a_link_that_now_lands_on_the_front_page_is_asked_about_and_a_person_may_say_it_is_fine(
    workspace: Workspace, channel: Channel, site: Site, sandbox: Server, alice: User
) -> None:
    post = linking(workspace, channel, site.url("/a"))
    site.pages |= {"/a": "302 /", "/": html("Welcome")}
    site.check(NOW)
    run(NOW)
    held = Publication.objects.get(post=post, state="held")
    assert [fix.verb for fix in offered(held)] == ["edit", "check_link", "link_is_fine", "remove_link"]
    apply(held, "link_is_fine", {"link": site.url("/a")}, alice, NOW)
    links.want_now(workspace.pk, site.url("/a"), NOW)
    site.check(NOW)
    run(NOW)
    assert states(post) == ["published"]


def test_a_link_can_be_taken_out_and_put_back(
    workspace: Workspace, channel: Channel, site: Site, sandbox: Server, alice: User
) -> None:
    post = linking(workspace, channel, site.url("/a"))
    site.pages |= {"/a": "302 /", "/": html("Welcome")}
    site.check(NOW)
    run(NOW)
    held = Publication.objects.get(post=post)
    done = apply(held, "remove_link", {"link": site.url("/a")}, alice, NOW)
    assert Publication.objects.get(post=post).wording()[1] == "Read this"
    assert done.undo
    apply(Publication.objects.get(post=post), "undo", done.undo.values, alice, NOW)
    now_there = Publication.objects.get(post=post)
    assert (now_there.state, now_there.wording()[1]) == ("held", post.text)


def test_a_link_is_checked_again_when_somebody_wants_to_know(
    workspace: Workspace, channel: Channel, site: Site, alice: User
) -> None:
    row = linking(workspace, channel, site.url("/a")).publications.get()
    site.check(NOW)
    apply(row, "check_link", {"link": site.url("/a")}, alice, NOW + timedelta(hours=1))
    assert links.waiting(NOW + timedelta(hours=1))


@pytest.mark.parametrize("verb", ["check_link", "link_is_fine", "remove_link"])
def test_a_fix_is_for_a_link_of_the_text_alone(
    workspace: Workspace, channel: Channel, site: Site, alice: User, verb: str
) -> None:
    """Else it would be a way to make the server call any address."""
    row = linking(workspace, channel, site.url("/a")).publications.get()
    for values in ({"link": "http://169.254.169.254/"}, {}):
        with pytest.raises(NotNow):
            apply(row, verb, values, alice, NOW)
    assert LinkHealth.objects.count() == 1


def test_the_only_thing_that_a_text_says_is_not_taken_out(
    workspace: Workspace, channel: Channel, site: Site, alice: User
) -> None:
    row = scheduled(workspace, channel, at=NOW, text=site.url("/a")).publications.get()
    with pytest.raises(NotNow, match="nothing but"):
        apply(row, "remove_link", {"link": site.url("/a")}, alice, NOW)


def test_what_one_workspace_found_out_is_not_told_to_another(
    workspace: Workspace, channel: Channel, site: Site
) -> None:
    linking(workspace, channel, site.url("/nowhere"))
    die(site)
    assert known().state == "dead"
    other = Workspace.objects.create(name="Other", slug="other")
    theirs = Channel.objects.create(workspace=other, network="sandbox", handle="other", name="Other")
    row = linking(other, theirs, site.url("/nowhere")).publications.get()
    one = Occurrence.of(with_facts(Publication.objects.filter(pk=row.pk)).get(), NOW)
    (link,) = Docket([one], NOW, Moment.SENDING).candidate(one).links
    assert link.state == "unknown"


def test_a_change_makes_the_forecast_stale(workspace: Workspace, channel: Channel, site: Site) -> None:
    linking(workspace, channel, site.url("/a"), NOW + DAY)
    Outlook.objects.update(stale_since=None)
    site.check(NOW)
    assert Outlook.objects.get(workspace=workspace).stale_since == NOW


def test_asking_and_knowing_cost_the_same_queries_for_any_number(
    workspace: Workspace, channel: Channel, site: Site
) -> None:
    def queries(work: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as asked:
            work()
        return len(asked)

    def knowing() -> None:
        Docket([Occurrence.of(row, NOW) for row in rows], NOW, Moment.SENDING)

    counts = []
    for number in (1, 30):
        for one in range(number):
            linking(workspace, channel, site.url(f"/{number}/{one}"), NOW + DAY)
        rows = list(with_facts(Publication.objects.all()))
        counts.append((queries(lambda: links.want_soon(NOW)), queries(knowing)))
    assert counts[0] == counts[1]


def test_two_rounds_do_not_run_at_once(workspace: Workspace, channel: Channel, site: Site) -> None:
    """The production visitor calls nothing on this machine, so the round is seen in what it writes down."""
    linking(workspace, channel, site.url("/a", "127.0.0.1"))
    LinkHealth.objects.update(wanted_at=NOW - 3650 * DAY)
    tasks.check_links()
    assert known().sign == "not_ours"
    LinkHealth.objects.update(wanted_at=NOW - 3650 * DAY)
    tasks.check_links()
    assert links.waiting(NOW)
    assert site.asked == []


def test_an_administrator_may_allow_a_private_block(
    workspace: Workspace, channel: Channel, site: Site, settings: object
) -> None:
    settings.LINKS_MAY_REACH, settings.LINKS_PACE = ["127.0.0.0/8"], 0  # type: ignore[attr-defined]
    linking(workspace, channel, site.url("/a", "127.0.0.1"))
    links.check_due(NOW)
    assert known().state == "alive"
