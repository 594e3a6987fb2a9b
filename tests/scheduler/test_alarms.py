"""Who is silent is shown, told once, and found by the doctor; a monitor elsewhere is pinged as long as work is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from notices.models import Notice
from notices.sentences import say
from notices.speak import speak, speak_kept
from posts.models import Channel
from scheduler import instance, tasks
from scheduler.celery import app
from scheduler.models import Instance, Pulse
from scheduler.ping import ping
from scheduler.silence import silence, tell_silence
from scheduler.trouble import signs, trouble
from scheduler.verbs import pause
from teams.models import User, Workspace
from tests.conftest import NOW
from tests.kit import only, scheduled

pytestmark = pytest.mark.django_db

WELL = {"worker": NOW, "beat": NOW}
TWO_MINUTES = timedelta(minutes=2)


def all_well(at: Any = NOW) -> Instance:
    Pulse.objects.bulk_create(Pulse(name=name, at=at) for name in ("worker", "beat"))
    return instance.current(at)


def kind(at: Any = NOW) -> str:
    found = trouble(Workspace.objects.values(**signs()).get(), at)
    return found.kind if found else "on"


def doctor() -> tuple[str, int]:
    out, code = StringIO(), 0
    try:
        call_command("doctor", stdout=out)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return out.getvalue(), code


def test_within_two_minutes_it_is_said_who_is_silent() -> None:
    assert silence(WELL, NOW + timedelta(seconds=60)) is None
    late = NOW + TWO_MINUTES
    both, only_beat = silence(WELL, late), silence({"worker": late, "beat": NOW}, late)
    assert both
    assert "worker has been silent since" in speak(both.sentence)
    assert only_beat
    assert "beat has been silent since" in speak(only_beat.sentence)
    never = silence({"worker": NOW}, NOW)
    assert never
    assert speak(never.sentence).startswith("No beat has rung yet")


def test_the_gravest_trouble_is_shown_first(workspace: Workspace) -> None:
    row = all_well()
    assert kind() == "on"
    Instance.objects.update(recovering_until=NOW + timedelta(minutes=1))
    assert kind() == "recovering"
    Instance.objects.update(refusal=say("A worker refuses.").as_json(), refused_at=NOW)
    assert kind() == "refused"
    Pulse.objects.filter(name="worker").update(at=NOW - TWO_MINUTES)
    assert kind() == "silent"
    instance.freeze(row, instance.OLDER, NOW)
    assert kind() == "frozen"


def test_a_refusal_is_shown_no_longer_than_it_lasts(workspace: Workspace) -> None:
    all_well()
    Instance.objects.update(refusal=say("A worker refuses.").as_json(), refused_at=NOW - TWO_MINUTES)
    assert kind() == "on"


def test_a_silence_is_told_once_read_or_not_and_the_next_one_again(workspace: Workspace) -> None:
    """Seen to fail with only the constraint on unread notices."""
    all_well()
    late = NOW + TWO_MINUTES
    assert tell_silence(late)
    assert not tell_silence(late)
    Notice.objects.update(read_at=late)
    assert not tell_silence(late + TWO_MINUTES)
    told = Notice.objects.get(workspace=workspace)
    assert (told.event, told.link) == ("worker_silent", f"/w/{workspace.slug}/")
    assert "silent since" in speak_kept(told.sentence)
    Pulse.objects.update(at=late + TWO_MINUTES)
    assert not tell_silence(late + TWO_MINUTES)
    assert tell_silence(late + 2 * TWO_MINUTES)


def test_a_frozen_instance_tells_of_no_silence(workspace: Workspace) -> None:
    instance.freeze(all_well(), instance.OLDER, NOW)
    assert not tell_silence(NOW + TWO_MINUTES)


def test_every_page_shows_who_is_silent_even_while_everything_is_paused(
    client: Client, alice: User, workspace: Workspace
) -> None:
    client.force_login(alice)
    now = timezone.now()
    all_well(now)
    Pulse.objects.filter(name="beat").update(at=now - TWO_MINUTES)
    where = f"/w/{workspace.slug}/library/"
    assert "The beat has been silent since" in client.get(where).text
    pause(workspace, alice, now)
    page = client.get(where).text
    assert "Alice paused" in page
    assert "The beat has been silent since" in page


def test_the_owner_thaws_with_a_button_that_says_what_it_does(
    client: Client, alice: User, bob: User, workspace: Workspace, channel: Channel
) -> None:
    now = timezone.now()
    post = scheduled(workspace, channel, at=now - timedelta(minutes=5), now=now - timedelta(minutes=5))
    instance.freeze(all_well(now), instance.OLDER, now)
    home, button = f"/w/{workspace.slug}/", f"/w/{workspace.slug}/thaw/"
    client.force_login(bob)
    assert "a backup was restored" in client.get(home).text
    assert button not in client.get(home).text
    assert client.post(button).status_code == 403
    client.force_login(alice)
    assert button in client.get(home).text
    assert "1 publication that was due since then may be out already" in client.get(button).text
    assert client.post(button).status_code == 302
    assert only(post).state == "unconfirmed"
    assert kind(timezone.now()) == "on"
    assert client.get(button).status_code == 302


def test_the_thaw_command_says_what_it_does_and_needs_a_frozen_instance(workspace: Workspace, channel: Channel) -> None:
    all_well()
    with pytest.raises(CommandError, match="Nothing is frozen"):
        call_command("thaw", "--yes")
    now = timezone.now()
    scheduled(workspace, channel, at=now, now=now)
    instance.freeze(instance.current(now), instance.OLDER, now)
    out = StringIO()
    call_command("thaw", "--yes", stdout=out)
    assert "1 publications may have gone out. The networks are asked about 1" in out.getvalue()
    assert instance.check(now) is None


def test_the_doctor_is_content_when_all_is_well(workspace: Workspace) -> None:
    all_well(timezone.now())
    said, code = doctor()
    assert code == 0
    assert "WRONG" not in said
    assert said.count("ok ") == 9


def test_the_doctor_names_what_is_wrong_and_the_way_to_mend_it(workspace: Workspace, channel: Channel) -> None:
    now = timezone.now()
    all_well(now)
    Pulse.objects.filter(name="beat").update(at=now - TWO_MINUTES)
    scheduled(workspace, channel, at=now - timedelta(minutes=5), now=now - timedelta(minutes=5))
    said, code = doctor()
    assert code == 1
    assert "WRONG  The beat has been silent since" in said
    assert "Start the beat" in said
    assert "has waited for 5 minutes" in said


def test_the_doctor_of_a_frozen_instance_speaks_of_nothing_that_rests_on_it(workspace: Workspace) -> None:
    instance.freeze(instance.current(timezone.now()), instance.OLDER, timezone.now())
    said, code = doctor()
    assert code == 1
    assert "a backup was restored" in said
    assert "worker" not in said.replace("workers", "")


def test_without_a_broker_the_doctor_says_that_nothing_is_lost(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_well(timezone.now())
    monkeypatch.setitem(app.conf, "broker_url", "redis://127.0.0.1:9/0")
    said, code = doctor()
    assert code == 1
    assert "WRONG  The broker (Redis) does not answer." in said


@pytest.fixture
def monitor() -> Iterator[tuple[str, list[str]]]:
    """A monitor that writes down what it was asked."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/ping", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.django_db(transaction=True)
def test_a_monitor_is_pinged_once_a_minute_while_work_is_done_and_not_while_frozen(
    workspace: Workspace, settings: Any, monitor: tuple[str, list[str]]
) -> None:
    settings.PING_URL, asked = monitor
    app.conf.task_always_eager = True
    tasks.upkeep()
    tasks.upkeep()
    assert asked == ["/ping"]
    Pulse.objects.filter(name="ping").delete()
    instance.freeze(instance.current(NOW), instance.OLDER, timezone.now())
    tasks.upkeep()
    app.conf.task_always_eager = False
    assert asked == ["/ping"]


def test_a_monitor_that_does_not_answer_stops_nothing() -> None:
    assert not ping("http://127.0.0.1:9/")
