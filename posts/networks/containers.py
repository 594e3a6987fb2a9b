"""Instagram's and Threads' way of publishing: a container is made, kept, and published once.

The container is what proves: its status says PUBLISHED, or that it never was. So it is kept before it is published,
looked at before it is published, and used again by every later attempt.

After https://developers.facebook.com/docs/instagram-platform/content-publishing and /documentation/threads/posts,
seen in excerpts on 21 November 2026. A container is good for 24 hours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from notices.sentences import say
from posts.networks import client, meta, signed
from posts.networks.base import Absent, Account, Message, NotSent, Receipt, Refused, SendError, Unknown
from posts.networks.in_steps import forget, nothing_published, once, text_of
from posts.networks.parcel import Unkept

KEPT = 23 * 3600.0
LOOK_AGAIN = 10.0  # seconds
Fields = Mapping[str, str]


@dataclass(frozen=True)
class Containers:
    """How one network calls it all."""

    network: str
    version: str  # of its API, as its addresses begin
    status: str  # the field that holds the status
    reason: str  # the field that says why it is ERROR

    def make(self, account: Account, message: Message, step: str, path: str, fields: Fields) -> str:
        """The container of this step, made now or by an earlier attempt. Raises a SendError."""
        return once(message, self.network, step, lambda: self._made(account, path, fields), good_for=KEPT)

    def must_be_ready(self, account: Account, message: Message, step: str, container: str) -> bool:
        """False when it is published already. Raises NotSent while the network is busy with it, or has lost it."""
        told = self._ask(account, container)
        match told.get(self.status):
            case "PUBLISHED":
                return False
            case "FINISHED":
                return True
            case "IN_PROGRESS":
                sentence = say("{network} is still busy with the files.", network=self.network)
                raise NotSent(sentence, retry_after=LOOK_AGAIN, counts=False)
            case "EXPIRED":
                forget(message, step)
                raise NotSent(say("What was prepared at {network} ran out and is made anew.", network=self.network))
            case "ERROR":
                forget(message, step)
                words = str(told.get(self.reason, ""))
                raise Refused(
                    say("{network} could not use the files. It says: “{words}”", network=self.network, words=words)
                )
        raise NotSent(say("{network} could not be asked.", network=self.network))

    def publish(self, account: Account, message: Message, step: str, path: str, container: str) -> str:
        """The id of the post. Raises a SendError."""
        answer = signed.call(self.network, account, "POST", path, form={"creation_id": container})
        trouble = meta.trouble_in(answer)
        if trouble and trouble.subcode in meta.ANEW:
            forget(message, step)
        return text_of(meta.accepted(answer), "id")

    def outcome(
        self, account: Account, message: Message, step: str, read: Callable[[], Receipt | None]
    ) -> Receipt | Absent | Unknown:
        """What became of the container of this step. `read` looks for the post among those that are out."""
        if isinstance(message.steps, Unkept):
            return Unknown(
                say("Nobody kept what was prepared at {network}. Please look and decide.", network=self.network)
            )
        _, _, container = (message.steps.kept(step) or "").partition(" ")
        if not container:  # it would have been kept before anything could be published
            return Absent()
        try:
            match self._ask(account, container).get(self.status):
                case "PUBLISHED":
                    return read() or Receipt(f"container:{container}", "")
                case "FINISHED" | "EXPIRED" | "ERROR":
                    return Absent()
        except SendError as error:
            return Unknown(error.sentence)
        return Unknown(say("{network} is still busy with it.", network=self.network))

    def _made(self, account: Account, path: str, fields: Fields) -> str:
        return text_of(meta.call(self.network, account, "POST", path, form=fields), "id")

    def _ask(self, account: Account, container: str) -> Mapping[str, object]:
        with nothing_published(self.network):
            told = meta.ask(
                self.network, account, f"/{self.version}/{container}", {"fields": f"{self.status},{self.reason}"}
            )
        if not isinstance(told, dict):
            raise client.unclear(self.network)
        return told
