"""What a webhook sends, checked by the reference library for JavaScript; the other tests ask the one for Python."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from notices.signing import new_secret
from posts.networks.base import Account
from posts.networks.webhook import Webhook
from tests.posts.networks.fakes.receiver import Receiver
from tests.posts.networks.parcels import READABLE
from tests.posts.networks.sending import message
from tests.real_networks.conftest import Network
from tests.servers.networks.install import NODE, node_folder

PROGRAM = """
const { Webhook } = require("standardwebhooks");
const told = JSON.parse(require("fs").readFileSync(0, "utf8"));
const seen = told.map(({ secret, body, headers }) => {
  try { return new Webhook(secret).verify(body, headers).data.text; } catch (error) { return error.message; }
});
console.log(JSON.stringify(seen));
"""


@pytest.fixture
def receiver(network: Network) -> Iterator[Receiver]:
    one = Receiver(new_secret())
    yield one
    one.close()


def test_javascript_accepts_what_we_sign_and_nothing_that_was_touched(receiver: Receiver) -> None:
    to = Account(receiver.url, "", credentials={"secret": receiver.secret, "path": "/take"}, deadline=5.0)
    texts = [case["text"] for case in READABLE]
    for text in texts:
        Webhook().publish(to, message(text))
    heard = [
        {"secret": receiver.secret, "body": one.body.decode(), "headers": dict(one.headers)}
        for one in receiver.requests
    ]
    touched = [{**heard[0], "body": f"{heard[0]['body']} "}, {**heard[0], "secret": new_secret()}]
    *read, body, secret = _verified([*heard, *touched])
    assert read == texts
    assert body == secret == "No matching signature found"


def _verified(told: object) -> list[str]:
    node = node_folder() / "bin" / "node"
    done = subprocess.run(
        [node, "-e", PROGRAM], cwd=NODE, input=json.dumps(told), capture_output=True, text=True, check=True
    )
    seen: list[str] = json.loads(done.stdout)
    return seen
