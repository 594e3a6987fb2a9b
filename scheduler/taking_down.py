"""Taking a published post down from its network: the network is asked first, then it is written down."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from notices.sentences import Sentence, say
from posts.models import Channel
from posts.networks.base import SendError, Unconfirmed
from scheduler.models import Publication
from scheduler.plan import touch
from scheduler.record import record
from scheduler.refreshing import with_good_keys
from scheduler.states import State
from scheduler.traces import where
from scheduler.verbs import NotNow
from teams.models import User

log = logging.getLogger(__name__)


def take_down(publication: Publication, user: User, now: datetime) -> None:
    """It stays published, since it was said, and is down from now on. One that is down already is left as it is.

    Raises NotNow, with nothing changed here, in the network's words where it refused or did not answer. What it has
    taken down without our hearing of it may be asked for again. Not to be called inside a transaction.
    """
    if publication.taken_down_at:
        return
    if why := hindrance(publication):
        raise NotNow(why)
    _ask(publication, now)
    with transaction.atomic():
        still = Publication.objects.filter(pk=publication.pk, taken_down_at=None)
        if still.update(taken_down_at=now, taken_down_by=str(user)):
            said = say("took “{title}” down from {channel}", title=publication.post.title, channel=_name(publication))
            record(user, now, [("taken_down", publication, said)])
            touch([publication.workspace_id], now)


def hindrance(publication: Publication) -> Sentence | None:
    """Why it cannot be taken down from here; None: the network can be asked."""
    network = publication.channel.connector
    if publication.state != State.PUBLISHED:
        return say("It is not out, so there is nothing to take down.")
    if publication.taken_down_at:
        when, who = publication.taken_down_at, publication.taken_down_by
        return say("{who} took it down from {channel} on {when}.", who=who, channel=_name(publication), when=when)
    if not network.deletes:
        return say("{network} lets no app take a post down. Please do it there.", network=network.name)
    if not publication.remote_id:
        return say(
            "A person said that it is out, so Refrain does not know which post it is. Please take it down there."
        )
    if publication.channel.state == Channel.State.DISCONNECTED:
        return say(
            "{channel} is disconnected. Connect it again first, or take it down there.", channel=_name(publication)
        )
    return None


def _ask(publication: Publication, now: datetime) -> None:
    channel = publication.channel
    try:
        with_good_keys(channel, now, lambda: channel.connector.delete(channel.account, publication.remote_id))
    except Unconfirmed as error:
        raise NotNow(say("{why} You can ask again: what is down already is fine.", why=error.sentence)) from None
    except SendError as error:
        raise NotNow(_still_there(publication, error)) from None
    except Exception as error:
        log.error("the connector of %s failed to take a post down: %s", channel.network, where(error))
        again = say("Refrain failed while it asked. You can ask again: what is down already is fine.")
        raise NotNow(again) from None


def _still_there(publication: Publication, error: SendError) -> Sentence:
    if "," in publication.remote_id:
        return say("Of the thread, not everything was taken down. {why}", why=error.sentence)
    return say("It was not taken down. {why}", why=error.sentence)


def _name(publication: Publication) -> str:
    return publication.channel.name
