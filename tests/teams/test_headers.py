"""What every answer carries, and what Django's own checks say of a site on HTTPS."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from teams.models import User

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("path", ["/accounts/login/", "/w/atelier/settings/", "/api/v1/posts/", "/nowhere/"])
def test_every_answer_lets_in_nothing_from_elsewhere(client: Client, alice: User, path: str) -> None:
    if "w/" in path:
        client.force_login(alice)
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in answer


def test_a_page_cannot_be_framed_and_is_kept_by_no_cache(client: Client, alice: User) -> None:
    client.force_login(alice)
    answer = client.get("/w/atelier/settings/")
    assert (answer["X-Frame-Options"], answer["Cache-Control"]) == ("DENY", "no-store")


def test_the_api_runs_nothing_and_is_kept_by_no_cache(client: Client, db: None) -> None:
    answer = client.get("/api/v1/posts/")
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer["Cache-Control"] == "no-store"


def test_a_site_on_https_passes_djangos_deployment_checks(tmp_path: Path) -> None:
    settings = {
        "REFRAIN_URL": "https://refrain.example.org",
        "REFRAIN_HOSTS": "refrain.example.org",
        "REFRAIN_DATA": str(tmp_path),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REFRAIN_", "DJANGO_ALLOW"))}
    done = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT, env=kept | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout
