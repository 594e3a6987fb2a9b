"""The page of all networks in docs/ is what their connectors say of themselves."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from posts.networks import NETWORKS
from posts.networks.base import Account, Refused
from posts.networks.printed import printed, shown

ROOT = Path(__file__).resolve().parents[3]


def test_the_page_is_what_the_command_prints() -> None:
    """manage.py network_manual > docs/networks.md"""
    out = StringIO()
    call_command("network_manual", stdout=out)
    assert (ROOT / "docs" / "networks.md").read_text() == out.getvalue()


def test_every_network_stands_in_each_table() -> None:
    page = printed()
    assert "{" not in page, "a place for a table that no table went to"
    assert all(page.count(f"| {one.name} |") == 4 for one in shown())
    assert "Sandbox" not in page


def test_every_network_has_its_own_symbol() -> None:
    symbols = (ROOT / "static" / "icons.svg").read_text()
    assert all(f'id="{one.icon}"' in symbols for one in NETWORKS.values())


@pytest.mark.parametrize("slug", [one.slug for one in shown() if not one.deletes])
def test_what_takes_no_post_down_says_so_and_asks_nobody(slug: str) -> None:
    nowhere = Account("http://127.0.0.1:1", "atelier", "1")
    with pytest.raises(Refused):
        NETWORKS[slug].delete(nowhere, "1")
