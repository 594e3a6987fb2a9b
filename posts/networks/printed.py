"""All networks as one page of Markdown, in English: what each can is printed from the connectors themselves."""

from collections.abc import Iterator
from pathlib import Path

from posts.networks import NETWORKS, SANDBOXES
from posts.networks.access import SignsIn, TakesKeys
from posts.networks.base import Connector, Proof

PROSE = Path(__file__).with_name("printed.md")
FAMILY, LINK = "👨‍👩‍👧", "https://example.org/" + "a" * 30


def printed() -> str:
    """The prose of printed.md with its tables filled in."""
    page = PROSE.read_text()
    for place, table in {
        "{what each can}": _can(),
        "{what becomes of doubt}": _doubt(),
        "{how each is connected}": _connecting(),
        "{where the limits come from}": _sources(),
    }.items():
        page = page.replace(place, "\n".join(table))
    return page


def shown() -> list[Connector]:
    return [one for slug, one in NETWORKS.items() if slug not in SANDBOXES]


def _can() -> Iterator[str]:
    yield _row(
        "network",
        "text",
        FAMILY,
        f"a link of {len(LINK)}",
        "pictures",
        "videos",
        "posts of a thread",
        "shares again",
        "takes down",
        "tells",
    )
    yield _row(*["---"] * 10)
    for one in shown():
        yield _row(
            one.name, _text(one), one.length(FAMILY), one.length(LINK), _pictures(one), _videos(one),
            "—" if one.limits.parts == 1 else one.limits.parts, _yes(one.reposts), _yes(one.deletes),
            ", ".join(sorted(one.measures)) or "—",
        )  # fmt: skip


def _text(one: Connector) -> str:
    limits = one.limits
    beside = f", {limits.max_length_with_media:,} beside files" if limits.max_length_with_media else ""
    return f"{limits.max_length:,} {limits.counted_in}{beside}"


def _pictures(one: Connector) -> str:
    media = one.limits.media
    if not media.images:
        return "—"
    needed = ", one file at least" if one.limits.needs_media else ""
    return f"{media.images}{needed}"


def _videos(one: Connector) -> str:
    media = one.limits.media
    if not media.videos:
        return "—"
    return f"{media.videos}, {media.video_bytes // 1_000_000:,} MB, {media.video_seconds / 60:.3g} min"


def _doubt() -> Iterator[str]:
    yield _row("network", "when the answer got lost", "posts in 24 hours", "the same words again")
    yield _row(*["---"] * 4)
    for one in shown():
        yield _row(one.name, _settled(one), f"{one.limits.per_24h:,}" if one.limits.per_24h else "—", _again(one))


def _settled(one: Connector) -> str:
    if one.resend_with_key:
        return "sent again under the same key"
    return {
        Proof.BY_KEY: "looked up by our key",
        Proof.BY_READING: "what stands there is read and compared",
        Proof.NOTHING: "a person looks and decides",
    }[one.proof]


def _again(one: Connector) -> str:
    days = one.limits.same_words_after
    return "never" if days is None else f"after {days} days" if days else "at any time"


def _connecting() -> Iterator[str]:
    yield _row("network", "one connects by", "registered first, by an administrator")
    yield _row(*["---"] * 3)
    for one in shown():
        yield _row(one.name, " or ".join(_ways(one)), _registered(one))


def _ways(one: Connector) -> Iterator[str]:
    if isinstance(one, SignsIn):
        yield "signing in there"
    if isinstance(one, TakesKeys):
        yield "typing: " + ", ".join(_small(field.label) for field in one.fields)


def _registered(one: Connector) -> str:
    if isinstance(one, SignsIn) and type(one).register is SignsIn.register:
        only = ", for signing in only" if isinstance(one, TakesKeys) else ""
        return f"an app at <{one.console}>{only}"
    return "nothing"


def _sources() -> Iterator[str]:
    yield _row("network", "after", "seen on")
    yield _row(*["---"] * 3)
    for one in shown():
        yield _row(one.name, one.limits.source, one.limits.checked.isoformat())


def _small(label: str) -> str:
    return label[:1].lower() + label[1:]


def _yes(can: bool) -> str:
    return "yes" if can else "—"


def _row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"
