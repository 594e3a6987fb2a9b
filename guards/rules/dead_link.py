"""A link in the text leads nowhere any more, or no longer where it led.

Every link is visited in the background before a repeat, at most once a day. It is called dead when it answered
404, 410 or 451, when its name no longer exists or its certificate is another site's, and that again and again over
days (410 and a missing name: twice over one day; the others: three times over three). It is called suspicious,
and you are asked, when it lands on a front page, a login or a search, under another owner or another title, or on
a page that says that there is nothing here. A server that is slow, broken, or asks who is there proves nothing.

Why: half of all deep links are gone within a year and four months. A post that led to an article then leads to
an error, or to whoever bought the name since, and does so again at every repeat.

When to turn it off: on a machine that may make no requests of its own, or for content whose links only work
inside your own network.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from guards.base import Action, Candidate, Finding, Fix, LinkFacts, Span, option
from notices.sentences import Sentence, say, say_count, times
from posts.links.health import Sign, State

title = say("Dead link")
default = Action.HOLD
overridable = True
of_the_moment = True

LONGEST = 60  # characters of a link in a sentence


@dataclass(frozen=True)
class Options:
    ask_when_suspicious: bool = option(
        True, say("Ask too when a link leads to something else than before"), stricter="more"
    )


_DEAD: dict[str, Sentence] = {
    Sign.NOT_FOUND: say("it answered “not found” (404)"),
    Sign.GONE: say("it answered “gone for good” (410)"),
    Sign.FORBIDDEN_BY_LAW: say("it answered “blocked for legal reasons” (451)"),
    Sign.NO_SUCH_NAME: say("its name does not exist"),
    Sign.WRONG_NAME: say("it shows the certificate of another site"),
    Sign.EXPIRED: say("its certificate has expired"),
}
_SUSPICIOUS: dict[str, Sentence] = {
    Sign.FRONT_PAGE: say("{link} lands on the site's front page. Is that the right page?"),
    Sign.LOGIN: say("{link} asks to sign in. Is that the right page?"),
    Sign.SEARCH: say("{link} lands on a search. Is that the right page?"),
    Sign.SAYS_NOT_FOUND: say("{link} says that there is nothing here. Is that the right page?"),
    Sign.LIKE_ANY_OTHER: say("{link} looks like a page that cannot exist on its site. Is that the right page?"),
    Sign.PARKED: say("{link} looks as if its name were for sale. Is that the right page?"),
}
_OTHER: dict[str, Sentence] = {
    Sign.OTHER_OWNER: say("{link} now lands on {detail}, another site. Is that the right page?"),
    Sign.OTHER_TITLE: say("{link} now has the title “{detail}”. Is that the right page?"),
}


def check(candidate: Candidate, options: Options) -> Iterator[Finding]:
    for link in candidate.links:
        if link.state == State.DEAD:
            yield Finding(_dead(candidate, link), tuple(_fixes(link)), (link.span,))
        elif link.state == State.SUSPICIOUS and options.ask_when_suspicious:
            yield Finding(_suspicious(link), tuple(_fixes(link)), (link.span,))


def saw(candidate: Candidate, options: Options) -> Sentence:
    if not candidate.links:
        return say("No link in the text.")
    alive = [link for link in candidate.links if link.state == State.ALIVE]
    if len(alive) < len(candidate.links):
        return _untold(candidate, next(link for link in candidate.links if link not in alive))
    when = min(candidate.day(link.checked_at) for link in alive if link.checked_at)
    return say_count("The link worked on {when}.", "All {count} links worked on {when}.", len(alive), when=when)


def example(ordinary: Candidate, options: Options) -> tuple[Candidate, Options]:
    text = f"{ordinary.text} https://example.com/guide"
    start, since = len(ordinary.text) + 1, ordinary.at - timedelta(days=4)
    link = LinkFacts(text[start:], Span(start, len(text)), State.DEAD, Sign.NOT_FOUND, times=3, since=since)
    return replace(ordinary, text=text, links=(link,)), options


def _dead(candidate: Candidate, link: LinkFacts) -> Sentence:
    assert link.since is not None
    return say(
        "{link} is dead: {answer}, {often} since {since}.",
        link=_shown(link.url),
        answer=_DEAD[link.sign],
        often=times(link.times),
        since=candidate.day(link.since),
    )


def _suspicious(link: LinkFacts) -> Sentence:
    if link.sign in _OTHER:
        return say(_OTHER[link.sign].text, link=_shown(link.url), detail=link.detail)
    return say(_SUSPICIOUS[link.sign].text, link=_shown(link.url))


def _untold(candidate: Candidate, link: LinkFacts) -> Sentence:
    """Why nothing is held against a link that is not known to work."""
    told = {"link": _shown(link.url)}
    if link.state == State.SUSPICIOUS:
        return say("{link} leads to something else than before; you do not want to be asked about that.", **told)
    if link.times and link.since and link.sign in _DEAD:
        answer, since = _DEAD[link.sign], candidate.day(link.since)
        return say(
            "{link}: {answer}, {often} since {since}; too little to call it dead.",
            answer=answer, often=times(link.times), since=since, **told,
        )  # fmt: skip
    if link.checked_at:
        return say("{link} gave no clear answer on {when}.", when=candidate.day(link.checked_at), **told)
    return say("{link} has not been looked at yet.", **told)


def _fixes(link: LinkFacts) -> Iterator[Fix]:
    values = {"link": link.url}
    yield Fix("edit", say("Replace the link"))
    yield Fix("check_link", say("Check it again"), values)
    if link.state == State.SUSPICIOUS:
        yield Fix("link_is_fine", say("It is the right page"), values)
    yield Fix("remove_link", say("Remove the link"), values)


def _shown(url: str) -> str:
    named = url.partition("://")[2].rstrip("/")
    return named if len(named) <= LONGEST else f"{named[: LONGEST - 1]}…"
