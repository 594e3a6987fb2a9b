"""What is known of the links in the texts that are judged: one query for any batch."""

from __future__ import annotations

from collections.abc import Collection

from guards.base import LinkFacts, Span
from posts.links.find import Link, key, links
from posts.models import LinkHealth


class KnownLinks:
    """`texts` are (workspace, text): what one workspace has found out is not told to another."""

    def __init__(self, texts: Collection[tuple[int, str]]) -> None:
        wanted = {(workspace, key(link.url)) for workspace, text in texts for link in links(text)}
        rows = LinkHealth.objects.filter(
            workspace__in={workspace for workspace, _ in wanted}, key__in={name for _, name in wanted}
        )
        self._rows = {(row.workspace_id, row.key): row for row in rows} if wanted else {}

    def of(self, workspace: int, text: str) -> tuple[LinkFacts, ...]:
        return tuple(_facts(link, self._rows.get((workspace, key(link.url)))) for link in links(text))


def _facts(link: Link, row: LinkHealth | None) -> LinkFacts:
    span = Span(link.start, link.end)
    if row is None:
        return LinkFacts(link.url, span)
    strikes = row.health.strikes
    since = strikes[0].at if strikes else None
    told = (row.state, row.sign, row.detail, row.title, row.description)
    return LinkFacts(link.url, span, *told, len(strikes), since, row.checked_at)
