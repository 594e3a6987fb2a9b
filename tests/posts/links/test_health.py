"""What visits amount to: dead only on proof, suspicious where the page is another, and else nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posts.links import page
from posts.links.health import Health, Look, Sign, State, after, seen, signature
from posts.networks.visit import Page, Trouble

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)
URL = "https://example.com/articles/headlines"
KNOWN = Health(State.ALIVE, Sign.FINE, landed=URL, title="Five ways to write a headline")
WORDS = " ".join(f"word{number}" for number in range(80))


def html(title: str = "Five ways to write a headline", body: str = WORDS, heading: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{heading}</h1><p>{body}</p></body></html>"


def visited(*signs: Sign, days: tuple[float, ...], start: Health = KNOWN) -> Health:
    health = start
    for sign, day in zip(signs, days, strict=True):
        health = after(health, Look(sign), NOW + timedelta(days=day))
    return health


@pytest.mark.parametrize("sign", [Sign.NOT_FOUND, Sign.FORBIDDEN_BY_LAW, Sign.WRONG_NAME])
def test_three_failures_over_three_days_are_proof_and_less_is_not(sign: Sign) -> None:
    """Seen to fail with two, and with three on one day."""
    assert visited(sign, sign, days=(0, 9)).state == State.UNKNOWN
    assert visited(sign, sign, sign, days=(0, 1, 2.9)).state == State.UNKNOWN
    found = visited(sign, sign, sign, days=(0, 1, 3))
    assert (found.state, found.sign, len(found.strikes), found.strikes[0].at) == (State.DEAD, sign, 3, NOW)


@pytest.mark.parametrize("sign", [Sign.GONE, Sign.NO_SUCH_NAME])
def test_two_over_one_day_are_proof_where_the_answer_is_plain(sign: Sign) -> None:
    assert visited(sign, days=(0,)).state == State.UNKNOWN
    assert visited(sign, sign, days=(0, 0.9)).state == State.UNKNOWN
    assert visited(sign, sign, days=(0, 1)).state == State.DEAD


def test_a_certificate_must_have_expired_for_long() -> None:
    expired = [Sign.EXPIRED] * 3
    assert visited(*expired, days=(0, 5, 13)).state == State.UNKNOWN
    assert visited(*expired, days=(0, 5, 14)).state == State.DEAD


def test_failures_of_two_kinds_are_proven_by_the_stricter() -> None:
    assert visited(Sign.GONE, Sign.NOT_FOUND, days=(0, 1)).state == State.UNKNOWN
    assert visited(Sign.GONE, Sign.NOT_FOUND, Sign.NOT_FOUND, days=(0, 1, 3)).state == State.DEAD


def test_an_answer_between_two_failures_begins_the_count_anew() -> None:
    found = visited(Sign.NOT_FOUND, Sign.NOT_FOUND, Sign.FINE, Sign.NOT_FOUND, days=(0, 2, 3, 4))
    assert (found.state, len(found.strikes)) == (State.UNKNOWN, 1)


def test_a_silence_between_two_failures_tells_nothing() -> None:
    signs = (Sign.NOT_FOUND, Sign.NO_ANSWER, Sign.NOT_FOUND, Sign.NOT_FOR_US, Sign.NOT_FOUND)
    assert visited(*signs, days=(0, 1, 2, 3, 4)).state == State.DEAD


def test_what_is_dead_or_suspicious_stays_so_until_it_answers() -> None:
    dead = visited(Sign.GONE, Sign.GONE, days=(0, 1))
    assert visited(Sign.NO_ANSWER, days=(2,), start=dead) == dead
    assert visited(Sign.FINE, days=(2,), start=dead).state == State.ALIVE
    doubtful = visited(Sign.LOGIN, days=(0,))
    assert visited(Sign.NOT_FOR_US, days=(1,), start=doubtful) == doubtful
    assert visited(Sign.NOT_FOUND, days=(1,), start=doubtful).state == State.SUSPICIOUS
    assert visited(*[Sign.NOT_FOUND] * 3, days=(1, 2, 4), start=doubtful).state == State.DEAD


@pytest.mark.parametrize("status", [400, 401, 402, 403, 405, 406, 408, 418, 429, 500, 502, 503, 504, 599, 999, 304])
def test_a_server_that_will_not_say_proves_nothing_however_often(status: int) -> None:
    look = seen(URL, Page(URL, status, html("Not found")), KNOWN)
    assert look == Look(Sign.NOT_FOR_US, detail=str(status))
    assert visited(*[look.sign] * 50, days=tuple(range(50))).state == State.UNKNOWN


@pytest.mark.parametrize("trouble", [Trouble.TIMEOUT, Trouble.UNREACHABLE, Trouble.LOOP, Trouble.FORBIDDEN])
def test_no_answer_proves_nothing_however_often(trouble: Trouble) -> None:
    look = seen(URL, trouble, KNOWN)
    assert visited(*[look.sign] * 50, days=tuple(range(50))).state == State.UNKNOWN


def test_who_asks_whether_we_are_human_says_nothing() -> None:
    for text in (html("Just a moment..."), html("Welcome", "Please solve this captcha")):
        assert seen(URL, Page(URL, 200, text), KNOWN).sign is Sign.NOT_FOR_US


@pytest.mark.parametrize(
    ("sign", "landed", "text"),
    [
        (Sign.FINE, URL, html()),
        (Sign.FINE, "https://www.example.com/new/headlines", html("Headlines: five ways to write one")),
        (Sign.FRONT_PAGE, "https://www.example.com/", html("Example")),
        (Sign.LOGIN, "https://example.com/login?next=/articles", html("Sign in")),
        (Sign.SEARCH, "https://example.com/search?q=headlines", html("Results")),
        (Sign.SEARCH, "https://example.com/?s=headlines", html("Results")),
        (Sign.OTHER_OWNER, "https://casino.example.org/articles/headlines", html()),
        (Sign.PARKED, URL, html("example.com", "This domain is for sale. Buy this domain.")),
        (Sign.OTHER_TITLE, URL, html("Cheap watches and handbags")),
    ],
)
def test_a_page_that_is_another_is_doubted(sign: Sign, landed: str, text: str) -> None:
    look = seen(URL, Page(landed, 200, text), KNOWN)
    assert look.sign is sign
    assert after(KNOWN, look, NOW).state == (State.ALIVE if sign is Sign.FINE else State.SUSPICIOUS)


@pytest.mark.parametrize(
    "said",
    [
        "404", "404 Not Found", "Page not found", "Error 404", "This page doesn't exist",
        "This article is no longer available",
        "Page introuvable", "Cette page n'existe plus", "Cet article n’est plus disponible",
        "Seite nicht gefunden", "Diese Seite existiert nicht", "Página no encontrada", "Esta página no existe",
        "Pagina non trovata", "Questa pagina non esiste", "Página não encontrada", "Esta página não existe",
        "Pagina niet gevonden", "Deze pagina bestaat niet",
    ],
)  # fmt: skip
def test_not_found_is_read_in_seven_languages(said: str) -> None:
    bodies = [] if said.endswith("404") else [html("Example", body=said)]
    for text in (html(said), html("Example", heading=said), *bodies):
        assert seen(URL, Page(URL, 200, text), Health()).sign is Sign.SAYS_NOT_FOUND, text


@pytest.mark.parametrize(
    "said",
    [
        "Why a page is not found: how to mend broken links", "How we handled 404 customers in a day",
        "Lost and found", "Nicht nur gefunden, sondern geliebt", "Room 404: a novel", "Five searches that found us",
    ],
)  # fmt: skip
def test_an_article_about_such_pages_is_not_one(said: str) -> None:
    assert seen(URL, Page(URL, 200, html(said, heading=said)), Health()).sign is Sign.FINE


def test_the_first_visit_asks_nothing_of_a_shortened_link_and_later_ones_remember_it() -> None:
    short = "https://short.example/x1"
    first = after(Health(), seen(short, Page(URL, 200, html()), Health()), NOW)
    assert (first.state, first.landed) == (State.ALIVE, URL)
    assert seen(short, Page("https://example.com/", 200, html()), first).sign is Sign.FRONT_PAGE
    assert seen(short, Page("https://spam.example.net/x", 200, html()), first).sign is Sign.OTHER_OWNER


def test_a_front_page_may_change_its_title() -> None:
    front = Health(State.ALIVE, Sign.FINE, landed="https://example.com/", title="Storm over the coast")
    assert (
        seen("https://example.com/", Page("https://example.com/", 200, html("Budget passed")), front).sign is Sign.FINE
    )


def test_what_a_person_called_fine_is_fine_until_it_changes_again() -> None:
    look = seen(URL, Page(URL, 200, html("Cheap watches and handbags")), KNOWN)
    accepted = Health(**{**vars(after(KNOWN, look, NOW)), "accepted": signature(look), "state": State.ALIVE})
    assert after(accepted, look, NOW).state == State.ALIVE
    other = seen(URL, Page(URL, 200, html("Loans for everybody")), KNOWN)
    assert after(accepted, other, NOW).state == State.SUSPICIOUS


def test_two_pages_are_the_same_only_where_they_say_enough() -> None:
    assert page.same_page(html(), html())
    assert not page.same_page(html(), html(body=WORDS.upper().replace("WORD", "other")))
    shell = "<html><head><script src=app.js></script></head><body><div id=root></div></body></html>"
    assert not page.same_page(shell, shell)


def test_a_page_made_to_slow_us_down_is_read_all_the_same() -> None:
    for part in ("<", "<title>", "<h1>", "<!--", "<script>", "<a ", "404 ", "page "):
        text = part * (64 * 1024 // len(part))
        seen(URL, Page(URL, 200, text), KNOWN)
        page.same_page(text, text)
