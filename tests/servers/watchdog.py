"""Stops the test servers and clears their folder as soon as the test run is over, however it ended.

A process of its own: `kill -9` gives the test run no chance to stop anything, and a parent-death signal does
not reach a child whose user was changed. It reads process numbers until the pipe from the test run closes.
"""

import os
import shutil
import signal
import sys
import time

PATIENCE = 10.0  # seconds for a server to stop by itself


def main(folder: str) -> None:
    said = [int(line) for line in sys.stdin]
    pids = [number for number in said if number > 0 and -number not in said]
    for pid in pids:
        send(pid, signal.SIGINT)
    until = time.monotonic() + PATIENCE
    while any(send(pid, 0) for pid in pids) and time.monotonic() < until:
        time.sleep(0.02)
    for pid in pids:
        send(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def send(pid: int, number: int) -> bool:
    """Whether there was still a process to send it to."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1])
