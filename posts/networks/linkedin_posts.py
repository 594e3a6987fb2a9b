"""Posts as they stand on LinkedIn: read back, compared with ours, and counted.

Of sorting by CREATED or LAST_MODIFIED no page of LinkedIn's was seen; other clients do both, and refuse anything else.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from notices.sentences import say
from posts.networks import client
from posts.networks.base import Account, Message, NotSent, Reactions, Receipt, Refused
from posts.networks.figures import figure, listed, whole_list
from posts.networks.linkedin_calls import NAME, accepted, ask
from posts.networks.little_text import little, plain
from posts.networks.thread import same_words

EARLIER = timedelta(seconds=60)  # two clocks are never quite the same
PAGE = 100
_DUPLICATE = re.compile(r"duplicate of (urn:li:\w+:\d+)")


def receipt(urn: str) -> Receipt:
    return Receipt(urn, f"https://www.linkedin.com/feed/update/{urn}/")


def duplicate() -> Refused:
    return Refused(say("LinkedIn has had these words before and does not take them again so soon."), duplicate=True)


def duplicate_of(answer: client.Answer) -> str | None:
    """The post that a refusal calls the original; empty where it names none, None for any other answer."""
    if answer.status not in (409, 422) or b"duplicate" not in answer.body.lower():
        return None
    named = _DUPLICATE.search(answer.body.decode("utf-8", "replace"))
    return named[1] if named else ""


def must_be_ours(account: Account, message: Message, urn: str) -> Receipt:
    """The receipt of a post that a lost request of ours made. Raises Refused where it is another's, or is not there.

    LinkedIn names posts that were never published (github.com/ComposioHQ/composio/issues/2710), so it is looked at
    where that is allowed.
    """
    if not urn:
        raise client.unclear(NAME)
    answer = ask(account, f"/rest/posts/{quote(urn, safe='')}")
    if answer.status == 404:
        raise duplicate()
    if answer.status in (401, 403):
        return receipt(urn)
    if not _is_ours(accepted(answer).json(), account, message):
        raise duplicate()
    return receipt(urn)


def same_as(account: Account, message: Message) -> list[str]:
    """The ids of posts of this author, none of them known, that came out with this message's words since its intent."""
    path = f"/rest/posts?author={quote(account.remote_id, safe='')}&q=author&count={PAGE}&sortBy=CREATED"
    told = accepted(ask(account, path, headers={"X-RestLi-Method": "FINDER"})).json()
    posts = whole_list(NAME, told, "elements")
    if len(posts) >= PAGE and all(_since(post, message.since) for post in posts):
        raise NotSent(say("The timeline is too long to be read back."))
    ours = [post for post in posts if _is_ours(post, account, message)]
    return [post["id"] for post in ours if post.get("id") and post["id"] not in message.known]


def statistics(account: Account, remote_ids: Sequence[str]) -> dict[str, Reactions]:
    """Of a page's posts; one that is gone is left out."""
    shares = ",".join(quote(one, safe="") for one in remote_ids if one.startswith("urn:li:share:"))
    others = ",".join(quote(one, safe="") for one in remote_ids if one.startswith("urn:li:ugcPost:"))
    wanted = "".join(f"&{name}=List({ids})" for name, ids in (("shares", shares), ("ugcPosts", others)) if ids)
    if not wanted:
        return {}
    page = quote(account.remote_id, safe="")
    path = f"/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={page}{wanted}"
    told = listed(accepted(ask(account, path)).json(), "elements")
    found = {one.get("share") or one.get("ugcPost"): _reactions(one) for one in told}
    return {remote_id: found[remote_id] for remote_id in remote_ids if remote_id in found}


def _is_ours(post: Any, account: Account, message: Message) -> bool:
    if not isinstance(post, dict) or post.get("author") != account.remote_id or not _since(post, message.since):
        return False
    context = post.get("reshareContext")
    parent = context.get("parent", "") if isinstance(context, dict) else ""
    said = plain(str(post.get("commentary", "")))
    return parent == message.repost_of and same_words(said, plain(little(message.text)))


def _since(post: Mapping[str, Any], since: datetime) -> bool:
    made = post.get("publishedAt") or post.get("createdAt")
    return type(made) is int and 0 < made < 10**14 and datetime.fromtimestamp(made / 1000, UTC) >= since - EARLIER


def _reactions(told: Mapping[str, Any]) -> Reactions:
    counts = "totalShareStatistics"
    return Reactions(
        likes=figure(told, counts, "likeCount"),
        reposts=figure(told, counts, "shareCount"),
        replies=figure(told, counts, "commentCount"),
        views=figure(told, counts, "impressionCount"),
        clicks=figure(told, counts, "clickCount"),
    )
