"""What processes have used so far, from /proc: Linux only."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Used:
    cpu: float  # seconds of processor time, of children that have ended too
    memory: float  # resident MiB, of the largest process


def used(roots: Iterable[int]) -> Used:
    """By these processes and all below them."""
    table = _table()
    family = _family(set(roots), table)
    cpu = sum(table[pid].ticks for pid in family) / TICKS
    return Used(cpu, max((table[pid].pages for pid in family), default=0) * PAGE / 2**20)


@dataclass(frozen=True)
class _Process:
    parent: int
    ticks: int
    pages: int


def _table() -> dict[int, _Process]:
    table = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue  # it has just ended
            table[int(folder.name)] = _Process(int(fields[1]), sum(map(int, fields[11:15])), int(fields[21]))
    return table


def _family(roots: set[int], table: dict[int, _Process]) -> set[int]:
    family = {pid for pid in roots if pid in table}
    while more := {pid for pid, process in table.items() if process.parent in family} - family:
        family |= more
    return family
