"""Calls to Slack's Web API, and what its answers mean: nearly all of them come with status 200.

With our own client and not with slack_sdk: that one knows no deadline for a whole request, no rule about which
addresses may be called, and cannot tell a request that never left from one that was not answered.
"""

from collections.abc import Mapping
from typing import Any

from notices.sentences import say
from posts.networks import client
from posts.networks.base import (
    Account,
    ChannelRefused,
    KeyExpired,
    NotSent,
    Refused,
    SendError,
    Unconfirmed,
)
from posts.networks.in_steps import nothing_published
from posts.networks.retry_after import UNREADABLE, seconds_to_wait

NAME = "Slack"
TOKEN = "access_token"  # noqa: S105

# Of https://docs.slack.dev/reference/methods/chat.postMessage, files.completeUploadExternal and chat.update, as clients
# copied their tables, seen on 21 November 2026. What is in none of these is about the message and would be said again.
_EXPIRED = frozenset({"token_expired"})
_CHANNEL = frozenset(
    {
        "not_authed", "invalid_auth", "account_inactive", "token_revoked", "no_permission", "missing_scope",
        "org_login_required", "ekm_access_denied", "access_denied", "team_access_not_granted", "not_allowed_token_type",
        "accesslimited", "two_factor_setup_required", "enterprise_is_restricted", "team_added_to_org",
        "channel_not_found", "not_in_channel", "is_archived", "is_inactive", "restricted_action",
        "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel", "restricted_action_thread_locked", "posting_to_channel_denied",
        "messages_tab_disabled", "cannot_reply_to_message", "access_not_granted", "team_not_found",
        "app_access_restricted",
    }
)  # fmt: skip
_LATER = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
# “It's possible some aspect of the operation succeeded before the error was raised.”
_UNCLEAR = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})


class Gone(SendError):
    """What was asked about is not there: a message, a file, a thread."""


_GONE = frozenset({"message_not_found", "thread_not_found", "file_not_found", "file_deleted"})


def call(account: Account, method: str, body: Mapping[str, object]) -> Mapping[str, Any]:
    """For methods that write: they take JSON."""
    return _told(_request(account, method, body=body))


def ask(account: Account, method: str, form: Mapping[str, str]) -> Mapping[str, Any]:
    """For methods that read, and take forms only. A question without an answer changed nothing, so it is NotSent."""
    with nothing_published(NAME):
        return _told(_request(account, method, form=form))


def _request(
    account: Account, method: str, *, body: object = None, form: Mapping[str, str] | None = None
) -> client.Answer:
    return client.request(
        NAME,
        "POST",
        f"{account.base_url.rstrip('/')}/api/{method}",
        deadline=account.deadline,
        until=account.until,
        headers=client.bearer(account.credentials.get(TOKEN, "")),
        body=body,
        form=form,
    )


def _told(answer: client.Answer) -> Mapping[str, Any]:
    told = answer.json()
    if answer.status == 200:
        match told:
            case {"ok": False, "error": str() as error}:
                raise _refusal(answer, error)
            case {"ok": True}:
                return dict(told)
    client.accepted(answer)
    raise client.unclear(NAME)


def _refusal(answer: client.Answer, error: str) -> SendError:
    if error in _GONE:
        return Gone(say("Slack does not have this any more."))
    if error in _EXPIRED:
        return KeyExpired(say("{network} does not accept this channel's key.", network=NAME))
    if error in _CHANNEL:
        return ChannelRefused(say("Slack does not let Refrain post there. It says: “{words}”", words=error))
    if error in _LATER:
        wait = seconds_to_wait(answer.headers, None, answer.now)
        sentence = say("{network} asks us to wait before the next post.", network=NAME)
        return NotSent(sentence, retry_after=UNREADABLE if wait is None else wait, counts=False)
    if error in _UNCLEAR:
        return Unconfirmed(say("{network} had a fault of its own. The post may be out or not.", network=NAME))
    return Refused(say("{network} does not take this post. It says: “{words}”", network=NAME, words=error))
