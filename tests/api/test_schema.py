"""The description of the API: complete, without a warning, and open to all."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client


def test_the_schema_is_made_without_a_warning_and_is_valid(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))
    assert "Warning" not in capsys.readouterr().err
    assert (tmp_path / "schema.yml").read_text().startswith("openapi: 3.1.0")


@pytest.mark.django_db
def test_the_schema_and_its_page_are_open_to_all(client: Client) -> None:
    assert client.get("/api/v1/schema/").status_code == 200
    page = client.get("/api/v1/docs/")
    assert page.status_code == 200
    assert "unsafe-eval" not in page["Content-Security-Policy"]
    assert "script-src 'self';" in page["Content-Security-Policy"]
