"""The time zones that a person may choose, each under the name that people of today know it by."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import groupby
from zoneinfo import available_timezones

UTC = "UTC"


def canonical(name: str) -> str | None:
    """The zone as it is listed: Asia/Calcutta is Asia/Kolkata. None: there is no such zone.

    A name that a country uses stays itself, even where the database has made it a link to a neighbour's
    (Europe/Amsterdam shares its clock with Brussels since 1970, and is still Amsterdam).
    """
    wanted = name.strip()
    if wanted in _in_use():
        return wanted
    target = _links().get(wanted, wanted)
    if target in ("Etc/UTC", "Etc/GMT"):
        return UTC
    if target in _in_use():
        return target
    return wanted if wanted in available_timezones() else None


@cache
def by_region() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices for a form: UTC first, then region by region, (name, city) each."""
    names = sorted(_in_use())
    regions = groupby(names, key=lambda name: name.split("/", 1)[0])
    listed = [(region, [(name, _city(name)) for name in group]) for region, group in regions]
    return [(UTC, [(UTC, UTC)]), *listed]


def _city(name: str) -> str:
    return ", ".join(reversed(name.split("/")[1:])).replace("_", " ")


@cache
def _in_use() -> frozenset[str]:
    lines = _read("zone.tab").splitlines()
    return frozenset(line.split("\t")[2] for line in lines if line and not line.startswith("#"))


@cache
def _links() -> dict[str, str]:
    found = (line.split() for line in _read("tzdata.zi").splitlines() if line.startswith("L "))
    return {alias: target for _l, target, alias in found}


def _read(name: str) -> str:
    return files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
