"""An account's own posts, read back from X: what is out, in which words.

After an excerpt of https://docs.x.com/x-api/users/get-posts, seen on 21 November 2026. Each post that is read costs;
who may not read learns it by a 403.
"""

import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from notices.sentences import say
from posts.networks import client, signed
from posts.networks.base import Account, NotSent, Unconfirmed
from posts.networks.figures import listed, whole_list
from posts.networks.weighted import links
from posts.networks.x_answers import NAME, accepted

EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
PAGE, PAGES = 100, 5
FIELDS = "created_at,text,note_tweet,entities,referenced_tweets"


@dataclass(frozen=True)
class Shown:
    """A post as it stands on the timeline, its shortened links written out again."""

    remote_id: str
    text: str
    answers: str  # the id of the post it replies to
    shares: str  # the id of the post it is a repost of


def since(account: Account, moment: datetime) -> list[Shown]:
    """What came out since a minute before `moment`. Raises a SendError."""
    start = (moment.astimezone(UTC) - EARLIER).strftime("%Y-%m-%dT%H:%M:%SZ")
    params = {"max_results": str(PAGE), "start_time": start, "tweet.fields": FIELDS}
    found: list[Shown] = []
    for _ in range(PAGES):
        told = _asked(account, params)
        found += [_shown(post) for post in (whole_list(NAME, told) if "data" in told else ())]  # none: nothing since
        following = told["meta"].get("next_token")
        if not following:
            return found
        params = {**params, "pagination_token": str(following)}
    raise NotSent(say("The timeline is too long to be read back."))


def same_words(theirs: str, ours: str) -> bool:
    return _plain(theirs) == _plain(ours)


def _asked(account: Account, params: Mapping[str, str]) -> Mapping[str, Any]:
    try:
        answer = signed.call(NAME, account, "GET", f"/2/users/{account.remote_id}/tweets", params=params)
        told = accepted(answer).json()
    except Unconfirmed as error:
        raise signed.could_not_ask(NAME, error) from error
    match told:
        case {"meta": {}}:
            return dict(told)
    raise client.unclear(NAME)


def _shown(post: Mapping[str, Any]) -> Shown:
    note = post.get("note_tweet")  # of a long post the whole text stands there
    match note if isinstance(note, dict) else post:
        case {"text": str() as text, **rest}:
            referred = {one.get("type"): str(one.get("id", "")) for one in listed(post, "referenced_tweets")}
            written = _written_out(text, listed(rest.get("entities"), "urls"))
            remote_id = str(post.get("id", ""))
            return Shown(remote_id, written, referred.get("replied_to", ""), referred.get("retweeted", ""))
    raise client.unclear(NAME)


def _written_out(text: str, urls: Sequence[Mapping[str, Any]]) -> str:
    """As it was sent: links at their full length, without the one that X adds for files, without HTML's escapes."""
    for url in urls:
        match url:
            case {"url": str() as short, "media_key": _} if short:
                text = text.replace(short, "")
            case {"url": str() as short, "expanded_url": str() as whole} if short:
                text = text.replace(short, whole)
    return html.unescape(text)


def _plain(text: str) -> str:
    """What X leaves of a text: composed, each link in one spelling, line ends and blank edges aside."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    spelt, behind = [], 0
    for start, end in links(composed):
        link = composed[start:end].removeprefix("https://").removeprefix("http://").rstrip("/")
        spelt += [composed[behind:start], link.lower()]
        behind = end
    return "".join([*spelt, composed[behind:]]).strip()
