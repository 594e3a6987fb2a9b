"""What Facebook, Instagram and Threads share: Meta's Graph API, its errors by number, and its tokens.

After https://developers.facebook.com/docs/graph-api/guides/error-handling, /docs/graph-api/overview/rate-limiting and
/documentation/instagram-platform/instagram-graph-api/reference/error-codes, seen in excerpts on 21 November 2026.
Codes that these do not name are as clients report them. Of /oauth/access_token Facebook's pages show a GET; POST is
OAuth's own way (RFC 6749, 3.2), in which general clients such as github.com/golang/oauth2 ask there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from notices.sentences import Sentence, say
from posts.networks import client, oauth, signed
from posts.networks.access import App
from posts.networks.base import Account, ChannelRefused, KeyExpired, NotSent, Refused, SendError, Unconfirmed
from posts.networks.figures import listed
from posts.networks.retry_after import seconds_to_wait

VERSION = "v25.0"  # of the Graph API; good until 2028
WAIT = 600.0  # seconds, where Meta says that there were too many calls and not for how long

SESSION_OVER = frozenset({102, 190})
# Of 190: the person changed the password, took the app's rights back, has to confirm something at Meta first.
PERSON_NEEDED = frozenset({458, 459, 460, 464, 492})
RATE = frozenset({4, 17, 32, 341, 613, *range(80000, 80015)})
PERMISSION = frozenset({3, 10, *range(200, 300)})
DUPLICATE = frozenset({506})
BLOCKED = frozenset({368})
# Codes that say nothing about whether the request was applied.
UNKNOWN = frozenset({-1, 1, 2})
GONE = (100, 33)  # an object that is not there, or not for us
# Instagram's subcodes: what was certainly not applied and may be tried again, with the seconds to wait.
LATER = {2207003: 60.0, 2207008: 60.0, 2207027: 30.0, 2207042: 3600.0}
ANEW = frozenset({2207020, 2207006, 2207032, 2207053})  # the container is of no use any more
RESTRICTED = frozenset({2207050, 2207051, 2207081})


@dataclass(frozen=True)
class Trouble:
    """Meta's own account of what went wrong."""

    code: int
    subcode: int
    words: str


def accepted(answer: client.Answer) -> client.Answer:
    """The answer if the network took the request, else the error that says what is known."""
    trouble = trouble_in(answer)
    if trouble is None:
        return client.accepted(answer)
    if answer.status < 400:  # an error with a 200: whether anything happened before it, nobody says
        raise client.unclear(answer.network)
    raise _known(answer, trouble)


def trouble_in(answer: client.Answer) -> Trouble | None:
    match answer.json():
        case {"error": {"code": int() as code, **told}}:
            subcode = told.get("error_subcode")
            words = told.get("error_user_msg") or told.get("message") or ""
            return Trouble(code, subcode if isinstance(subcode, int) else 0, " ".join(str(words).split())[:300])
    return None


def call(network: str, account: Account, method: str, path: str, **packed: Any) -> client.Answer:
    """Raises a SendError, or gives an answer that was taken."""
    return accepted(signed.call(network, account, method, path, **packed))


def ask(network: str, account: Account, path: str, fields: Mapping[str, str]) -> Any:
    """Read something. Raises a SendError; a question changes nothing."""
    try:
        return call(network, account, "GET", path, params=fields).json()
    except Unconfirmed as error:
        raise signed.could_not_ask(network, error) from error


def permalink(network: str, account: Account, path: str) -> str:
    """Where a post is; nothing where the network does not say, since it is out all the same."""
    try:
        told = ask(network, account, path, {"fields": "permalink"})
    except SendError:
        return ""
    return str(told.get("permalink", "")) if isinstance(told, dict) else ""


def is_gone(answer: client.Answer) -> bool:
    """It is not there, or is not ours to see: Meta does not tell the two apart."""
    trouble = trouble_in(answer)
    return answer.status == 404 or (trouble is not None and (trouble.code, trouble.subcode) == GONE)


def delete(network: str, account: Account, path: str) -> None:
    """What is gone already is fine."""
    answer = signed.call(network, account, "DELETE", path)
    if not is_gone(answer):
        accepted(answer)


def numbers(told: Any) -> dict[str, int]:
    """Insights by name: {"data": [{"name": "views", "values": [{"value": 7}]}]}."""
    found: dict[str, int] = {}
    for one in listed(told):
        match one:
            case {"name": str() as name, "values": [{"value": int() as value}, *_]}:
                found[name] = value
            case {"name": str() as name, "total_value": {"value": int() as value}}:
                found[name] = value
    return found


def long_lived(
    network: str, place: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
) -> oauth.Token:
    """A token for 60 days. Meta's own way of asking: no form, all in the address. Raises as `oauth.ask_token`."""
    answer = client.request(network, "GET", place, deadline=oauth.DEADLINE, params=fields, headers=headers)
    return _token(answer)


def short_lived(network: str, place: str, app: App, code: str, redirect: str) -> oauth.Token:
    form = {
        "client_id": app.id,
        "client_secret": app.secret,
        "grant_type": "authorization_code",
        "redirect_uri": redirect,
        "code": code,
    }
    return _token(client.request(network, "POST", place, deadline=oauth.DEADLINE, form=form))


def read_of(network: str, place: str, token: oauth.Token, fields: Mapping[str, str]) -> Any:
    """Something of the person who is signing in. Raises a SendError."""
    try:
        said = client.bearer(token.access)
        answer = client.request(network, "GET", place, deadline=oauth.DEADLINE, params=fields, headers=said)
        return accepted(answer).json()
    except Unconfirmed as error:
        raise signed.could_not_ask(network, error) from error


def commas(words: Iterable[str]) -> str:
    return ",".join(words)


def _token(answer: client.Answer) -> oauth.Token:
    """An old or used code, or a token that ran out, asks for a new sign-in; anything else may pass."""
    trouble = trouble_in(answer)
    if trouble is None:
        return oauth.token_in(answer)
    if trouble.code in SESSION_OVER or trouble.code == 100:
        raise oauth.refusal(answer.network, "invalid_grant")
    raise oauth.refusal(answer.network, "invalid_client" if trouble.code == 101 else "server_error")


def _known(answer: client.Answer, trouble: Trouble) -> SendError:
    name = answer.network
    for error in (_of_the_pace(answer, trouble), _of_the_channel(name, trouble), _of_the_container(name, trouble)):
        if error is not None:
            return error
    if trouble.code in DUPLICATE or (trouble.code in BLOCKED and "repeat" in trouble.words.lower()):
        sentence = say("{network} has had these words before and does not take them again so soon.", network=name)
        return Refused(sentence, duplicate=True)
    if trouble.code in BLOCKED:
        return ChannelRefused(_because(say("{network} has blocked this channel for a while.", network=name), trouble))
    if trouble.code in UNKNOWN or answer.status >= 500:
        return Unconfirmed(say("{network} had a fault of its own. The post may be out or not.", network=name))
    return Refused(_because(say("{network} does not take this post.", network=name), trouble))


def _of_the_pace(answer: client.Answer, trouble: Trouble) -> SendError | None:
    if trouble.subcode in RESTRICTED:
        return None
    if trouble.code not in RATE and answer.status != 429:
        return None
    wait = seconds_to_wait(answer.headers, answer.json(), answer.now)
    sentence = say("{network} asks us to wait before the next post.", network=answer.network)
    return NotSent(sentence, retry_after=WAIT if wait is None else wait, counts=False)


def _of_the_channel(name: str, trouble: Trouble) -> SendError | None:
    if trouble.code in SESSION_OVER:
        sentence = say("{network} does not accept this channel's key any more.", network=name)
        needed = trouble.subcode in PERSON_NEEDED
        return ChannelRefused(_because(sentence, trouble)) if needed else KeyExpired(sentence)
    if trouble.code in PERMISSION or trouble.subcode in RESTRICTED or (trouble.code, trouble.subcode) == GONE:
        return ChannelRefused(_because(say("{network} does not let this channel post.", network=name), trouble))
    return None


def _of_the_container(name: str, trouble: Trouble) -> SendError | None:
    if trouble.subcode in ANEW:
        return NotSent(say("{network} has lost what was prepared. It will be sent again.", network=name))
    if trouble.subcode in LATER:
        sentence = _because(say("{network} is not ready yet.", network=name), trouble)
        return NotSent(sentence, retry_after=LATER[trouble.subcode], counts=trouble.subcode == 2207003)
    return None


def _because(sentence: Sentence, trouble: Trouble) -> Sentence:
    if not trouble.words:
        return sentence
    return say("{sentence} It says: “{words}”", sentence=sentence, words=trouble.words)
