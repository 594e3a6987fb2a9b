"""Addresses that somebody outside may write into a post to make us call our own house, and an eye on every call."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpcore2

from posts.networks.wire import NoSuchName, look_up

# None may be connected to. What a name leads to stands in NAMES; figures are read as the system reads them.
REFUSED = [
    "http://127.0.0.1:5432/", "http://127.0.0.1:6379/", "http://127.1/", "http://127.127.127.127/",
    "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://127.000.000.001/",
    "http://localhost/", "http://LOCALHOST/", "http://localhost.localdomain/", "http://ip6-localhost/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://0/", "http://0.0.0.0/",
    "http://[::]/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/", "http://[64:ff9b:1::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/",
    "http://[2002:7f00:1::]/", "http://[2001:0:7f00:1::1]/", "http://[2001:db8::1]/", "http://[3fff::1]/",
    "http://[fe80::1]/", "http://[fec0::1]/", "http://[fc00::1]/", "http://[fd00:ec2::254]/", "http://[ff02::1]/",
    "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://198.18.0.1/", "http://192.0.0.1/", "http://192.0.2.1/", "http://198.51.100.7/", "http://203.0.113.7/",
    "http://192.88.99.1/", "http://224.0.0.1/", "http://240.0.0.1/", "http://255.255.255.255/",
    "http://169.254.169.254/", "http://169.254.170.2/v2/credentials/", "http://169.254.170.23/v1/credentials",
    "http://192.0.0.192/latest/", "http://168.63.129.16/machine", "http://2852039166/", "http://169.254.43518/",
    "http://postgres:5432/", "http://redis:6379/", "http://intranet/", "http://metadata/",
    "http://metadata.google.internal/computeMetadata/v1/", "http://169.254.169.254.nip.io/",
    "http://cname.test/", "http://half.test/", "http://many.test/", "http://mapped.test/",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_FLUSHALL%0d%0a", "dict://127.0.0.1:11211/stats",
    "ftp://public.test/", "data:text/html,<script>1</script>", "unix:///var/run/docker.sock",
    "http+unix://%2Fvar%2Frun%2Fdocker.sock/info", "HTTP://127.0.0.1/", "http:/\\127.0.0.1/", "http:127.0.0.1/",
    "http:///127.0.0.1/", "http://127.0.0.1\t/", "http://127.0.0.1\\@public.test/", "http://public.test\\@127.0.0.1/",
    "http://public.test%00.evil.test/", "http://1.1.1.1 &@127.0.0.1# @3.3.3.3/", "http://key:secret@public.test/",
    "http://public.test@127.0.0.1/", "http://public.test:0/", "http://public.test:25/", "http://public.test:6379/",
    "http://public.test:99999/", "http://", "", "http://[::1", "http://public.test\r\nHost: localhost/",
]  # fmt: skip
PUBLIC = "9.9.9.9"
NAMES = {
    "public.test": [PUBLIC],
    "here.test": ["127.0.0.1"],
    "localhost": ["127.0.0.1", "::1"],
    "localhost.localdomain": ["127.0.0.1"],
    "ip6-localhost": ["::1"],
    "postgres": ["172.18.0.2"],
    "redis": ["172.18.0.3"],
    "intranet": ["10.0.0.8"],
    "metadata": ["169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"],
    "169.254.169.254.nip.io": ["169.254.169.254"],
    "cname.test": ["127.0.0.1"],
    "half.test": [PUBLIC, "::1"],
    "many.test": [f"9.9.{number // 250}.{number % 250 + 1}" for number in range(500)],
    "mapped.test": ["::ffff:10.0.0.1"],
}
_FIGURES = re.compile(r"[\d.a-fx:]+", re.IGNORECASE)
_called: list[object] = []


def resolve(host: str, port: int, seconds: float) -> list[str]:
    """The names of these tests; figures by the system's own reading; nobody is asked about anything else."""
    if host in NAMES:
        return NAMES[host]
    if _FIGURES.fullmatch(host):
        return look_up(host, port, seconds)
    if host == "later.test":
        raise httpcore2.ConnectError("the resolver is busy")
    raise NoSuchName(f"{host} is no name of these tests")


@contextmanager
def calls() -> Iterator[list[object]]:
    """Every address that Python connects a socket to, seen by the interpreter itself."""
    _called.clear()
    yield _called


def _look(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        _called.append(arguments[1])


sys.addaudithook(_look)
