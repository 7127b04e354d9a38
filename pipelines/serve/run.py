"""`isf serve`: a home in the browser, for whoever sits at this machine, until Ctrl-C."""

import contextlib
import logging
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from pipelines.errors import IsfError
from pipelines.serve.app import build

ADDRESS = "127.0.0.1"


def serve(
    home: Path,
    *,
    port: int = 0,
    browser: bool = True,
    indexes: Path | None = None,
    say: Callable[[str], None] = print,
) -> None:
    """Serve a home until the process is told to stop. `port` 0 is a free one. `say` gets the address with its token;
    `indexes`: where the indexes of the lists lie, by default in the home.

    Raises IsfError where there is no home, or where the port is taken.
    """
    if not home.is_dir():
        raise IsfError(f"There is no home {home}. Run `isf settle DELIVERY --home {home}` first.")
    with contextlib.closing(listen(port)) as listening:
        token = secrets.token_urlsafe(32)
        address = f"http://{ADDRESS}:{listening.getsockname()[1]}/?token={token}"
        say(address)
        say("Open this address in a browser on this machine; it opens once. Ctrl-C ends it. No settlement is changed.")
        if browser:
            # Some browsers come back only when they are closed.
            threading.Thread(target=_open, args=(address,), daemon=True).start()
        server(home, listening, token, indexes).run(sockets=[listening])


class Server(uvicorn.Server):
    """A server that leaves nothing running behind it: a database must not outlive the program. `close` ends it."""

    def __init__(self, config: uvicorn.Config, close: Callable[[], None]):
        super().__init__(config)
        self._close = close

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            self._close()


def server(home: Path, listening: socket.socket, token: str, indexes: Path | None = None) -> Server:
    """The server of a home for a socket, without any log."""
    app = build(home, token=token, port=listening.getsockname()[1], indexes=indexes)
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        # What uvicorn would tell of an error holds addresses, and those hold ids.
        log_level=logging.CRITICAL + 1,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    return Server(config, app.close)


def listen(port: int = 0) -> socket.socket:
    """A socket on this machine alone. Raises IsfError where the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
        # Whoever reads the address may come at once.
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise IsfError(f"Port {port} cannot be used ({error.strerror}). Remedy: another --port, or none.") from error
    return listening


def _open(address: str) -> None:
    with contextlib.suppress(Exception):
        webbrowser.open(address)
