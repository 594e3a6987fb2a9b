"""Run the sandbox network: posts that are sent to it really arrive, and nobody else sees them."""

import threading
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from posts.sandbox.server import serve

PORT = urlsplit(settings.SANDBOX_URL).port or 80


class Command(BaseCommand):
    requires_system_checks = ()  # it needs neither our database nor our addresses
    help = "Run the sandbox network in this terminal until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
        parser.add_argument("--port", type=int, default=PORT, help="the port to listen on")
        parser.add_argument(
            "--ledger", default=settings.DATA / "sandbox.sqlite3", help="the file it keeps its posts in"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        address = settings.SANDBOX_URL if port == PORT else ""
        try:
            server = serve(host, port, options["ledger"], address=address)
        except OSError as error:
            raise CommandError(
                f"The sandbox cannot listen on {host}, port {port}: {error.strerror}. "
                "Perhaps it is running already; otherwise choose another port with --port."
            ) from error
        try:
            server.start()
            self.stdout.write(f"The sandbox network is at {server.address}. Ctrl-C stops it.")
            self.stdout.flush()  # into a pipe, Python would keep the line to itself
            threading.Event().wait()
        except KeyboardInterrupt:
            self.stdout.write("The sandbox network has stopped.")
        finally:
            server.stop()
