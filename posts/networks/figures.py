"""Lists and numbers out of what a network tells, whatever shape it has."""

from collections.abc import Mapping
from typing import Any

from posts.networks import client


def listed(told: object, under: str = "data") -> list[Mapping[str, Any]]:
    """The objects in the list of this name; none where there is no such list."""
    found = told.get(under) if isinstance(told, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def whole_list(network: str, told: object, under: str = "data") -> list[Mapping[str, Any]]:
    """As `listed`, for a list from whose silence something follows. Raises Unconfirmed for anything but objects."""
    found = told.get(under) if isinstance(told, dict) else None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise client.unclear(network)
    return found


def figure(told: object, *path: str) -> int | None:
    """The count at this path of an answer; None where there is none."""
    for name in path:
        told = told.get(name) if isinstance(told, dict) else None
    return told if type(told) is int and told >= 0 else None


def total(*counts: int | None) -> int | None:
    """Of those that are told; None where none is."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None
