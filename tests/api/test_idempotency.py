"""A request with an Idempotency-Key is done once, whoever asks how often and at the same time."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from posts.models import Channel, Post
from scheduler.models import Pause
from teams.idempotency import DEAD, KEPT
from teams.models import IdempotencyKey, Workspace
from tests.api.conftest import Api

KEY = "b0f7-one"


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_same_request_gets_the_same_answer_and_is_done_once(self, api: Api) -> None:
        first = api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY)
        again = api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY)
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert [again[name] for name in ("ETag", "Location", "Idempotent-Replayed", "Content-Type")] == [
            first["ETag"], first["Location"], "true", first["Content-Type"],
        ]  # fmt: skip
        assert Post.objects.count() == 1

    def test_another_body_or_address_with_the_key_is_refused(self, api: Api) -> None:
        """Seen to fail without the digest."""
        api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY)
        assert api.post("posts/", {"text": "Twice."}, Idempotency_Key=KEY).status_code == 422
        assert api.post("pauses/", {"text": "Once."}, Idempotency_Key=KEY).status_code == 422
        assert Post.objects.count() == 1

    def test_a_refusal_is_kept_too(self, api: Api) -> None:
        first = api.post("posts/", {"text": ""}, Idempotency_Key=KEY)
        again = api.post("posts/", {"text": ""}, Idempotency_Key=KEY)
        assert first.status_code == again.status_code == 400
        assert (first.json(), first["Content-Type"]) == (again.json(), again["Content-Type"])

    def test_an_answer_without_a_body_is_given_again_without_one(self, api: Api) -> None:
        pause = api.post("pauses/", {}).json()["id"]
        assert api.delete(f"pauses/{pause}/", Idempotency_Key=KEY).status_code == 204
        assert not IdempotencyKey.objects.exists()

    def test_a_failure_of_ours_is_not_kept_so_that_it_can_be_tried_again(
        self, api: Api, channel: Channel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as broken:
            broken.setattr("scheduler.api.posts.save_draft", lambda *args: 1 / 0)
            assert api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY).status_code == 500
        assert not Post.objects.exists()
        assert api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY).status_code == 201

    def test_while_the_first_runs_the_second_is_told_to_wait(self, api: Api, workspace: Workspace) -> None:
        self._running(api, workspace)
        answer = api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY)
        assert (answer.status_code, "still being worked on" in answer.json()["detail"]) == (409, True)

    def test_a_first_request_that_died_does_not_stand_in_the_way_for_ever(self, api: Api, workspace: Workspace) -> None:
        self._running(api, workspace)
        IdempotencyKey.objects.update(created_at=timezone.now() - DEAD - timedelta(seconds=1))
        assert api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY).status_code == 201
        assert Post.objects.count() == 1

    def test_after_two_days_a_key_is_forgotten(self, api: Api) -> None:
        api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY)
        IdempotencyKey.objects.update(created_at=timezone.now() - KEPT - timedelta(seconds=1))
        assert api.post("posts/", {"text": "Another."}, Idempotency_Key=KEY).status_code == 201

    def test_a_key_of_another_workspace_is_another_key(self, api: Api, stranger: Api) -> None:
        api.post("posts/", {"text": "Hers."}, Idempotency_Key=KEY)
        answer = stranger.post("posts/", {"text": "His."}, Idempotency_Key=KEY)
        assert (answer.status_code, answer.json()["text"]) == (201, "His.")

    @pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é"])
    def test_a_key_has_one_form(self, api: Api, key: str) -> None:
        assert api.post("posts/", {"text": "Once."}, Idempotency_Key=key).status_code == 400
        assert not Post.objects.exists()

    def _running(self, api: Api, workspace: Workspace) -> None:
        """As a first request leaves it that was killed before it answered."""
        api.post("posts/", {"text": "Once."}, Idempotency_Key=KEY)
        IdempotencyKey.objects.update(status=None, body="", headers={})
        Post.objects.all().delete()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["posts/", "pauses/"])
def test_fifty_at_once_with_one_key_make_one_row(api: Api, what: str) -> None:
    """Seen to fail without the key: fifty rows."""
    start, answers = Barrier(50), []
    body = {"text": "Once."} if what == "posts/" else {"reason": "Once."}

    def ask() -> None:
        start.wait()
        answers.append(api.post(what, body, Idempotency_Key=KEY))
        connections.close_all()

    threads = [Thread(target=ask) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert Post.objects.count() + Pause.objects.count() == 1
