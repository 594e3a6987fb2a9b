"""What every network's connector promises: the words, the limits, and the errors that say what is known."""

import enum
import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from notices.sentences import Sentence
from posts.networks.access import Told
from posts.networks.parcel import Attachment, Card, Steps, Unkept


@dataclass(frozen=True)
class Message:
    """One publication's words, ready to leave."""

    text: str
    language: str  # BCP 47, for example "fr"
    key: str  # the idempotency key: the same for every attempt at this publication, printable ASCII
    since: datetime  # aware; when the intent of the first attempt was written
    reference: str = ""  # our publication's id, for a network that records it
    rest: tuple[str, ...] = ()  # the further posts of a thread, in order, where the network has threads
    media: tuple[Attachment, ...] = ()  # of the first post
    card: Card | None = None
    repost_of: str = ""  # the remote id of our own earlier post: share that again instead of sending the words
    known: frozenset[str] = frozenset()  # the remote ids of the channel's other publications, where `compares` asks
    steps: Steps = field(default_factory=Unkept, compare=False, repr=False)
    due: datetime | None = None  # aware; the moment that it is known by, the same in every copy of our database


@dataclass(frozen=True)
class Receipt:
    """The network's word that the post is out."""

    remote_id: str
    url: str  # where a person can look at it; empty when the network does not say
    note: Sentence | None = field(default=None, compare=False)  # what else a person may want to know of it


@dataclass(frozen=True)
class Account:
    """Whose channel it is and how to reach it."""

    base_url: str  # where its server is, without a slash at the end
    handle: str
    remote_id: str = ""  # the network's own id of the account: a DID, a URN, a page, a chat
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    deadline: float = 60.0  # seconds for one whole request, from looking up the name to the last byte
    until: float = math.inf  # on the monotonic clock: no byte leaves after it, however long we stood still


@dataclass(frozen=True)
class MediaLimits:
    """What a network takes of files. Zero of a kind: none. Sizes in bytes, sides in pixels."""

    images: int = 0
    image_types: tuple[str, ...] = ("image/jpeg", "image/png")
    image_bytes: int = 5_000_000
    longest_side: int = 4096
    widest: float | None = None  # width / height, at most
    tallest: float | None = None  # width / height, at least
    alt_length: int = 0  # characters of a description; 0: the network takes none
    gifs: int = 0
    gif_bytes: int = 15_000_000
    videos: int = 0
    video_types: tuple[str, ...] = ("video/mp4",)
    video_bytes: int = 100_000_000
    video_seconds: float = 140.0
    mixed: bool = False  # images and videos in one post
    fetched: bool = False  # it fetches files from a public address instead of being sent them


@dataclass(frozen=True)
class Limits:
    """A network's limits: data with a source and a date, because they disagree and move."""

    max_length: int
    counted_in: str  # a noun for a person: "characters"
    needs_media: bool
    min_gap_days: int  # the network's own sensible floor between two identical posts
    source: str  # what begins with https:// is opened, as far as the first address goes
    checked: date
    per_24h: int | None = None  # posts that one account may make in any 24 hours; None: no such limit
    same_words_after: int | None = 0  # days until it takes the same words again; 0: at any time, None: never
    media: MediaLimits = MediaLimits()
    parts: int = 1  # posts of one thread, at most; 1: it has no threads
    costs: str = ""  # a gettext id: what one publication costs, where it costs money
    max_length_with_media: int | None = None  # where words beside a file may be less long; None: as long as alone

    def longest(self, *, with_media: bool) -> int:
        """How long the words of one post may be."""
        return shorter(self.max_length, self.max_length_with_media if with_media else None)


def shorter(most: int, with_media: int | None) -> int:
    return most if with_media is None else min(most, with_media)


@dataclass(frozen=True)
class Reactions:
    """What a post earned; None is a number that the network does not tell."""

    likes: int | None = None
    reposts: int | None = None
    replies: int | None = None
    views: int | None = None
    clicks: int | None = None


class SendError(Exception):
    """A request that brought no receipt. The class says what is known, the sentence says it to a person."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text)


class NotSent(SendError):
    """Known: nothing was published, and the same request may be made again.

    No connection was made, or the network turned the request away before applying it. `retry_after` is
    in seconds, from 1 to 21,600, or None where the network named no time. `counts` is False when waiting
    is all that is needed (a rate limit), so that it uses up no attempt.
    """

    def __init__(self, sentence: Sentence, *, retry_after: float | None = None, counts: bool = True) -> None:
        self.retry_after = retry_after
        self.counts = counts
        super().__init__(sentence)


class Refused(SendError):
    """Known: the network read this post, will not have it, and would say the same again.

    `duplicate` means that it has seen these words before. That is no proof that this attempt, or an
    earlier one at the same publication, is out: the words may be those of an earlier repeat.
    """

    def __init__(self, sentence: Sentence, *, duplicate: bool = False) -> None:
        self.duplicate = duplicate
        super().__init__(sentence)


class ChannelRefused(SendError):
    """Known: nothing was published, and nothing will be until a person has seen to the channel.

    The key was revoked, the account suspended, the address is wrong: every post of the channel waits.
    """


class KeyExpired(ChannelRefused):
    """As ChannelRefused, by an access token that ran out or was replaced: a refresh may mend it."""


class Unconfirmed(SendError):
    """Known: nothing. The request may or may not have been applied; sending it again may double the post."""


class Proof(enum.Enum):
    """What a network's `find` can prove about a publication whose outcome was lost."""

    BY_KEY = "key"  # the network keeps our key: found and absent are both facts
    BY_READING = "reading"  # the timeline can be read back and compared
    NOTHING = "nothing"  # a person has to look


@dataclass(frozen=True)
class Found:
    """It is out, and this is its receipt."""

    receipt: Receipt


@dataclass(frozen=True)
class Absent:
    """It is not out, as far as this network's proof goes."""


@dataclass(frozen=True)
class Unknown:
    """The network could not be asked, cannot say, or said two things. The sentence says which."""

    sentence: Sentence


class Connector(ABC):
    """One network. Holds no state: it may be shared by every thread of a process."""

    slug: ClassVar[str]
    name: ClassVar[str]
    icon: ClassVar[str] = "channels"  # its symbol in static/icons.svg
    address: ClassVar[str] = ""  # where its servers are, without a slash at the end; empty: each channel has its own
    limits: ClassVar[Limits]
    proof: ClassVar[Proof]
    settle_after: ClassVar[float]  # seconds past the deadline before `find` makes sense
    resend_with_key: ClassVar[bool]  # an unconfirmed publication may simply be sent again with its key
    reposts: ClassVar[bool] = False  # it can share an earlier post of ours again
    deletes: ClassVar[bool] = True  # it lets an app take a post down
    compares: ClassVar[bool] = False  # it wants to know which posts are ours already: see Message.known
    measures: ClassVar[frozenset[str]] = frozenset()  # the fields of Reactions that it tells

    @abstractmethod
    def length(self, text: str) -> int:
        """How much of `limits.max_length` this text takes, in the network's own way of counting."""

    @abstractmethod
    def publish(self, account: Account, message: Message) -> Receipt:
        """Send once, within `account.deadline`. Raises NotSent, Refused, ChannelRefused or Unconfirmed."""

    @abstractmethod
    def find(self, account: Account, message: Message) -> Found | Absent | Unknown:
        """Ask whether a publication whose outcome was lost is out. Raises nothing: no answer is Unknown."""

    @abstractmethod
    def measure(self, account: Account, remote_ids: Iterable[str]) -> dict[str, Reactions]:
        """The reactions to these posts; a post that is gone is left out. Raises a SendError."""

    @abstractmethod
    def delete(self, account: Account, remote_id: str) -> None:
        """Take a post down; one that is already gone is fine. Raises a SendError."""

    def told(self, account: Account) -> Told:
        """What the network says of its limits for this account. Raises a SendError; most networks say nothing."""
        return Told()
