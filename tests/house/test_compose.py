"""docker-compose.yml and the Dockerfile name only things that exist."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from celery.bin.celery import celery as celery_command
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.utils.module_loading import import_string

import dev
from scheduler.celery import app

SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((dev.ROOT / "docker-compose.yml").read_text())["services"]
OWN = {name: service for name, service in SERVICES.items() if "build" in service}


def starting_with(program: str) -> list[tuple[str, list[str]]]:
    return [(name, service["command"]) for name, service in OWN.items() if service["command"][0] == program]


def test_the_services_are_those_that_are_promised() -> None:
    assert set(SERVICES) == {"postgres", "redis", "migrate", "web", "worker", "beat", "sandbox"}


@pytest.mark.parametrize(("service", "command"), starting_with("python"))
def test_a_management_command_exists_and_takes_these_options(service: str, command: list[str]) -> None:
    _, script, name, *options = command
    assert (dev.ROOT / script).is_file()
    assert name in get_commands(), service
    load_command_class(get_commands()[name], name).create_parser(script, name).parse_args(options)


@pytest.mark.parametrize(("service", "command"), starting_with("celery"))
def test_a_celery_command_exists_and_its_application_too(service: str, command: list[str]) -> None:
    assert command[1] == "--app=scheduler"
    assert app.main == "refrain"
    assert command[2] in celery_command.commands, service


def test_the_web_server_is_given_the_project() -> None:
    [(_, command)] = starting_with("gunicorn")
    assert callable(import_string(f"{command[-1]}.application"))


def test_the_worker_listens_to_every_queue_that_tasks_are_sent_to() -> None:
    [queues] = [word.removeprefix("--queues=") for word in SERVICES["worker"]["command"] if "--queues=" in word]
    sent_to = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    assert {"celery"} | sent_to == set(queues.split(","))


def test_beat_keeps_no_file_of_its_own() -> None:
    assert f"--scheduler={settings.CELERY_BEAT_SCHEDULER}" in SERVICES["beat"]["command"]


@pytest.mark.parametrize("name", [name for name in OWN if name != "migrate"])
def test_nothing_starts_before_the_database_is_migrated(name: str) -> None:
    assert OWN[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


@pytest.mark.parametrize("name", OWN)
def test_a_missing_secret_key_is_said_in_a_sentence(name: str) -> None:
    assert OWN[name]["environment"]["REFRAIN_SECRET_KEY"].startswith("${REFRAIN_SECRET_KEY:?Set REFRAIN_SECRET_KEY")
