"""Nostr's relays: telling all of them an event, and asking all of them what they have (NIP-01)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from notices.sentences import Sentence, say
from posts.networks.base import Account, ChannelRefused, NotSent, Refused, SendError, Unconfirmed
from posts.networks.relay import Line, opened
from posts.networks.retry_after import UNREADABLE

NAME = "Nostr"
MOST_RELAYS = 10
FIELDS = ("id", "pubkey", "created_at", "kind", "tags", "content", "sig")

Event = dict[str, Any]


def spread(account: Account, event: Event) -> Sentence:
    """Tell every relay, and say how many took it. One is enough; if none does, the error says what is known."""
    outcomes = _each(account, lambda line: _tell(line, event))
    errors = [one for one in outcomes if isinstance(one, SendError)]
    if len(errors) == len(outcomes):
        raise _worst(errors)
    return say("{taken} of {all} relays have taken it.", taken=len(outcomes) - len(errors), all=len(outcomes))


def collected(account: Account, *filters: Mapping[str, object], all_of_them: bool = False) -> dict[str, Event]:
    """The events that any relay has, by id. Raises NotSent when none could be asked, or not every one of them."""
    outcomes = _each(account, lambda line: _asked(line, filters))
    silent = [one for one in outcomes if isinstance(one, SendError)]
    if len(silent) == len(outcomes) or (silent and all_of_them):
        raise silent[0] if silent else ChannelRefused(say("This channel has no relay."))
    return {name: event for one in outcomes if isinstance(one, dict) for name, event in one.items()}


def _each(account: Account, do: Callable[[Line], object]) -> list[object]:
    """What came of each relay, in turn; every one is given its share of the time that is left."""
    outcomes: list[object] = []
    relays = _relays(account)
    for address in relays:
        try:
            with opened(NAME, address, deadline=account.deadline / len(relays), until=account.until) as line:
                outcomes.append(do(line))
        except SendError as error:
            outcomes.append(error)
    return outcomes


def _relays(account: Account) -> list[str]:
    named = (account.base_url, *account.credentials.get("relays", "").split())
    return list(dict.fromkeys(address.rstrip("/") for address in named if address))[:MOST_RELAYS]


def _worst(errors: Sequence[SendError]) -> SendError:
    """Doubt first; then what may still be tried; then what is for ever."""
    for kind in (Unconfirmed, NotSent, Refused):
        for error in errors:
            if isinstance(error, kind):
                return error
    return errors[0] if errors else ChannelRefused(say("This channel has no relay."))


def _tell(line: Line, event: Event) -> None:
    """Raises a SendError unless the relay has it now, from this attempt or an earlier one."""
    line.tell("EVENT", event)
    while True:
        match line.hear():
            # Some relays name no event when they refuse one; on this line there is only ours.
            case ["OK", str() as named, bool() as taken, *rest] if named == event["id"] or not (taken or named):
                words = str(rest[0]) if rest else ""
                if taken or words.startswith("duplicate:"):
                    return
                raise _refusal(words)


def _refusal(words: str) -> SendError:
    """NIP-01's machine-readable prefixes, and those of NIP-42."""
    match words.partition(":")[0]:
        case "rate-limited":
            sentence = say("{network} asks us to wait before the next post.", network=NAME)
            return NotSent(sentence, retry_after=UNREADABLE, counts=False)
        case "blocked" | "restricted" | "auth-required":
            return ChannelRefused(say("The relay does not let this key post. It says: “{words}”", words=words[:300]))
        case "error":
            return Unconfirmed(say("{network} had a fault of its own. The post may be out or not.", network=NAME))
    return Refused(say("{network} does not take this post. It says: “{words}”", network=NAME, words=words[:300]))


def _asked(line: Line, filters: Sequence[Mapping[str, object]]) -> dict[str, Event]:
    line.ask("REQ", "refrain", *filters)
    found: dict[str, Event] = {}
    while True:
        match line.hear():
            case ["EVENT", "refrain", {"id": str() as named, "kind": int(), "tags": [*_], "pubkey": str()} as event]:
                found[named] = {name: event[name] for name in FIELDS if name in event}
            case ["EOSE", "refrain", *_]:
                return found
            case ["CLOSED", "refrain", *_]:
                raise NotSent(say("{network} could not be asked.", network=NAME))
