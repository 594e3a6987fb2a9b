"""Run the sandbox network: posts that are sent to it really arrive, and nobody else sees them."""

import threading
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from posts.sandbox.server import serve


class Command(BaseCommand):
    help = "Run the sandbox network in this terminal until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=urlsplit(settings.SANDBOX_URL).port or 80)
        parser.add_argument("--ledger", default=Path("var/sandbox.sqlite3"), help="the file it keeps its posts in")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        try:
            server = serve(host, port, options["ledger"], address=settings.SANDBOX_URL)
        except OSError as error:
            raise CommandError(
                f"The sandbox cannot listen on {host}, port {port}: {error.strerror}. "
                "Perhaps it is running already; otherwise choose another port with --port."
            ) from error
        server.start()
        self.stdout.write(f"The sandbox network is at {server.address}. Ctrl-C stops it.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            self.stdout.write("The sandbox network has stopped.")
        finally:
            server.stop()
