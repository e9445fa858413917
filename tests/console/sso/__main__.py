"""Serves the provider: `python -m tests.console.sso PORT`, 0 for any that is free; it prints its port.

Each start signs with a new key. The first also makes the database: people, and the clients that they may be sent to.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from io import StringIO
from pathlib import Path

import django
import uvicorn
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.test import Client

from tests.console.sso.running import CLIENTS, LOGIN, PASSWORD, PEOPLE


def _new_key(home: Path) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (home / f"{time.time_ns()}.pem").write_bytes(pem)


def _first_start() -> None:
    from django.contrib.auth.models import Group, User

    call_command("migrate", run_syncdb=True, verbosity=0)
    for one in CLIENTS:
        kind = "public" if one.secret is None else "confidential"
        given = {"client_id": one.id, "client_secret": one.secret or "", "redirect_uris": one.back, "name": one.id}
        call_command("createapplication", kind, "authorization-code", algorithm="RS256", stdout=StringIO(), **given)
    for login, (email, groups) in PEOPLE.items():
        user = User.objects.create_user(login, email, PASSWORD)
        user.groups.set([Group.objects.get_or_create(name=name)[0] for name in groups])


def _warm_up() -> None:
    """Answer what asks most of it once before anybody does: whoever is first would wait for imports."""
    asking = Client(SERVER_NAME="127.0.0.1")
    for path in (LOGIN, "/o/.well-known/jwks.json", "/o/authorize/"):
        asking.get(path)
    asking.post("/o/token/")


def main(port: int) -> None:
    """Serve until the process is told to end."""
    home = Path(os.environ["SSO_HOME"])
    fresh = not any(home.glob("*.pem"))
    _new_key(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.console.sso.settings"
    django.setup()
    if fresh:
        _first_start()
    _warm_up()
    with socket.create_server(("127.0.0.1", port)) as listening:
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        config = uvicorn.Config(get_asgi_application(), lifespan="off", log_level="error")
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    main(int(sys.argv[1]))
