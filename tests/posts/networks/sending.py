"""What the tests send, and how they look into the sandbox's ledger afterwards."""

from datetime import UTC, datetime
from itertools import count

from posts.networks.base import Account, Message
from posts.sandbox.ledger import Draft, Row
from posts.sandbox.server import Server

_numbers = count(1)


def message(text: str = "") -> Message:
    """A message that no other test has sent."""
    number = next(_numbers)
    return Message(text or f"Post number {number}", "en", f"key-{number}", datetime.now(UTC), str(number))


def account(server: Server, handle: str, deadline: float = 5.0) -> Account:
    return Account(server.address, handle, deadline=deadline)


def stored(server: Server, reference: str) -> list[Row]:
    """The posts of one publication, once everything that is still on its way to the disk has got there."""
    server.ledger.accept(Draft("last-in-line", "Whoever stands before this one has been written."))
    return [row for row in server.ledger.all() if row.reference == reference]
