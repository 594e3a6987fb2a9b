#!/usr/bin/env python3
"""What a developer runs, with nothing but Python installed: packages go into .venv, the rest into var/."""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.browser import chromium
from tests.servers.networks import install as network_servers

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "requirements-dev.txt"  # holds all of RUNTIME too
BROWSER = ROOT / "tests" / "browser" / "requirements.txt"
NETWORKS = ROOT / "tests" / "servers" / "networks" / "requirements.txt"
OLDEST = (3, 11)
UNFINISHED = "unfinished"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")
NO_VENV = (
    "Python could not make a virtual environment. On Debian and Ubuntu that is because "
    "the package python3-venv is missing: apt-get install python3-venv"
)


def run(arguments: list[str]) -> int:
    """Start Refrain: web, worker, beat and sandbox in one process; --port N for another port than 8000."""
    options = argparse.ArgumentParser(prog="python3 dev.py run", description=run.__doc__)
    options.add_argument("--port", type=int, metavar="N", default=os.environ.get("REFRAIN_PORT", "8000"))
    os.environ["REFRAIN_PORT"] = str(options.parse_args(arguments).port)
    return become("manage.py", "up", python=ensure(VENV, RUNTIME, DEVELOPMENT))


def test(arguments: list[str]) -> int:
    """Run the tests on a real PostgreSQL, Redis and browser; what follows goes to pytest."""
    python = ensure(VENV, DEVELOPMENT)
    prepare_browser(python)
    return become("-m", "pytest", *(arguments or ["-n", "2"]), python=python)


def networks(arguments: list[str]) -> int:
    """Run the connectors against real servers of their networks; what follows goes to pytest."""
    python = ensure(VENV, DEVELOPMENT)
    prepare_browser(python)
    prepare_networks()
    # Killing workers on the way to a real server takes its time: `-k kills` does that.
    return become("-m", "pytest", "tests/real_networks", *(arguments or ["-k", "not kills"]), python=python)


def crash(arguments: list[str]) -> int:
    """Kill workers a thousand times while they publish, and count what was doubled or lost; --help tells more."""
    return become("-m", "tests.crash", *arguments, python=ensure(VENV, DEVELOPMENT))


def bench(arguments: list[str]) -> int:
    """Measure how fast Refrain publishes, beside what one would otherwise pick; --help tells more."""
    return become("-m", "benchmarks", *arguments, python=ensure(VENV, DEVELOPMENT))


def outages(arguments: list[str]) -> int:
    """Hurt PostgreSQL and Redis under a Refrain at work, and count what was doubled or lost; --help tells more."""
    return become("-m", "tests.outages", *arguments, python=ensure(VENV, DEVELOPMENT))


def check(arguments: list[str]) -> int:
    """Look at the code without running it: Ruff, mypy and the import contracts."""
    if arguments:
        sys.exit("`check` takes nothing after it.")
    python = ensure(VENV, DEVELOPMENT)
    linters: dict[str, Sequence[str | Path]] = {
        "Ruff": [python, "-m", "ruff", "check", "."],
        "mypy": [python, "-m", "mypy", "."],
        "import-linter": [VENV / "bin" / "lint-imports"],
    }
    failed = [name for name, command in linters.items() if not passes(name, command)]
    print(f"Not in order: {', '.join(failed)}." if failed else f"In order: {', '.join(linters)}.")
    return 1 if failed else 0


def words(arguments: list[str]) -> int:
    """Bring the French catalogue up to date with the code, and compile it."""
    return become("-m", "tests.house.catalogue", *arguments, python=ensure(VENV, DEVELOPMENT))


def lock(arguments: list[str]) -> int:
    """Pin every package with its hashes; what follows goes to uv, such as --upgrade."""
    python = ensure(VENV)
    if not (VENV / "bin" / "uv").exists():
        with told("Installing uv"):
            call([python, *PIP, "uv"])
    for pinned in (RUNTIME, DEVELOPMENT, BROWSER, NETWORKS):
        with told(f"Pinning {pinned.relative_to(ROOT)}"):
            call([*uv_compile(pinned), *arguments])
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "test": test,
    "networks": networks,
    "check": check,
    "crash": crash,
    "bench": bench,
    "outages": outages,
    "words": words,
    "lock": lock,
}


def main(arguments: list[str]) -> int:
    if sys.version_info[:2] < OLDEST:
        sys.exit(f"Refrain needs Python 3.11 or newer; this is {platform.python_version()}.")
    if arguments and arguments[0] in COMMANDS:
        return COMMANDS[arguments[0]](arguments[1:])
    print(usage())
    return 0 if arguments in (["-h"], ["--help"]) else 2


def usage() -> str:
    lines = [f"  python3 dev.py {name:8} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join([f"{__doc__}", "", *lines])


def ensure(venv: Path, *locks: Path) -> Path:
    """A Python in `venv` that has the packages of one of `locks`; where it has none, the first is installed.

    The stamp says which lock was installed last. It says `unfinished` from before a change until that has
    succeeded, so that whatever was interrupted is made anew by the next run.
    """
    python, stamp = venv / "bin" / "python", venv / "installed"
    if not works(python) or content(stamp) == UNFINISHED:
        with told(f"Making the virtual environment {venv.name}"):
            make(venv, stamp)
    if locks and content(stamp) not in [digest(lock) for lock in locks]:
        with told(f"Installing the packages of {locks[0].name}"):
            stamp.write_text(UNFINISHED)
            call([python, *PIP, "--require-hashes", "-r", locks[0]])
            stamp.write_text(digest(locks[0]))
    return python


def works(python: Path) -> bool:
    """Whether this interpreter starts and has pip: after an upgrade of the system's Python it may not."""
    return python.exists() and succeeds([python, "-c", "import pip"], stderr=subprocess.DEVNULL)


def content(stamp: Path) -> str:
    return stamp.read_text() if stamp.exists() else ""


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def make(venv: Path, stamp: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    venv.mkdir(exist_ok=True)
    stamp.write_text(UNFINISHED)
    if not succeeds([sys.executable, "-m", "venv", venv], stdout=subprocess.DEVNULL):
        sys.exit(NO_VENV)
    stamp.write_text("")


def prepare_browser(python: Path) -> None:
    try:
        if chromium.find() is None:
            with told("Fetching a Chromium for the browser tests"):
                chromium.fetch(python)
    except LookupError as missing:
        sys.exit(str(missing))


def prepare_networks() -> None:
    if network_servers.missing():
        try:
            with told("Installing the networks' servers"):
                network_servers.install()
        except LookupError as missing:
            sys.exit(str(missing))


def passes(name: str, command: Sequence[str | Path]) -> bool:
    with told(f"Asking {name}"):
        return succeeds(command)


def uv_compile(pinned: Path) -> list[str | Path]:
    """Written so that the result is right for every platform and holds no address of a package index."""
    options = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
    said = ["--quiet", "--custom-compile-command", "python3 dev.py lock"]
    wanted, result = pinned.with_suffix(".in").relative_to(ROOT), pinned.relative_to(ROOT)
    return [VENV / "bin" / "uv", "pip", "compile", *said, *options, "-o", result, wanted]


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what is being done, and afterwards how long it took."""
    print(f"{what} ...", flush=True)
    begun = time.monotonic()
    yield
    print(f"Done in {time.monotonic() - begun:.1f} s.", flush=True)


def call(command: Sequence[str | Path]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def succeeds(command: Sequence[str | Path], stdout: int | None = None, stderr: int | None = None) -> bool:
    return subprocess.run(command, cwd=ROOT, check=False, stdout=stdout, stderr=stderr).returncode == 0


def become(*arguments: str, python: Path) -> int:
    """Turn this process into another one, so that Ctrl-C and the exit code are its own."""
    os.chdir(ROOT)
    os.execv(python, [str(python), *arguments])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except subprocess.CalledProcessError as failed:
        sys.exit(f"That did not work (see above): {' '.join(map(str, failed.cmd))}\nRun it again to go on.")
    except KeyboardInterrupt:
        sys.exit("Stopped. Run it again to go on.")
