"""A receiver of webhooks on this machine: it keeps what it gets, and answers what it is told to."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Lock, Thread
from typing import Any

from standardwebhooks import Webhook as Verifier


@dataclass
class Message:
    """What was received."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """Return what it says, if it is signed with a secret."""
        return Verifier(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """Answers with `status`, or whatever a test puts in its place."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    text: bytes = b""
    react: Callable[[Any], bool] = lambda _request: False
    """Asked with the request before it is answered; True: it has been answered."""
    messages: list[Message] = field(default_factory=list)
    url: str = ""
    port: int = 0
    lock: Lock = field(default_factory=Lock)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def do_POST(self) -> None:
        receiver: Receiver = self.server.receiver
        length = int(self.headers["content-length"])
        message = Message(self.path, dict(self.headers), self.rfile.read(length))
        with receiver.lock:
            receiver.messages.append(message)
        self.close_connection = True
        if not receiver.react(self):
            self.answer(receiver)

    def answer(self, receiver: Receiver) -> None:
        self.send_response(receiver.status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        if receiver.status != 204:
            self.send_header("Content-Length", str(len(receiver.text)))
        self.end_headers()
        self.wfile.write(receiver.text)

    def log_message(self, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    receiver: Receiver

    def handle_error(self, *args: Any) -> None:
        """Whoever hung up is what some tests are about."""


@contextmanager
def receiving(context: SSLContext | None = None) -> Iterator[Receiver]:
    """Yield a receiver that listens as long as the block lasts, with TLS if there is a context."""
    with Server(("127.0.0.1", 0), Handler) as server:
        if context is not None:
            server.socket = context.wrap_socket(server.socket, server_side=True)
        port = server.server_port
        server.receiver = Receiver(port=port, url=f"http://127.0.0.1:{port}/hook")
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.receiver
        finally:
            server.shutdown()
            thread.join()
