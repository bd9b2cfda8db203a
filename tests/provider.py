"""An outside OpenID provider as a test runs it: a real HTTP server on 127.0.0.1 with keys of its own."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from jwt.algorithms import ECAlgorithm

AUDIENCE = "renzheng-of-qingdao"


@dataclass
class Provider:
    """Its issuer, its keys by name, and which addresses it was asked for."""

    issuer: str = ""
    keys: dict[str, EllipticCurvePrivateKey] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def add_key(self, kid: str) -> None:
        self.keys[kid] = generate_private_key(SECP256R1())

    def token(self, kid: str = "first", **claims: Any) -> str:
        """A token with these claims beside the issuer's and the audience's."""
        said = {"iss": self.issuer, "aud": AUDIENCE, **claims}
        return jwt.encode(said, self.keys[kid], "ES256", {"kid": kid})

    def document(self, path: str) -> dict[str, Any] | None:
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys"}
        if path == "/keys":
            return {"keys": [self._published(kid) for kid in self.keys]}
        return None

    def _published(self, kid: str) -> dict[str, Any]:
        return {**ECAlgorithm.to_jwk(self.keys[kid].public_key(), as_dict=True), "kid": kid, "use": "sig"}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the end."""
    provider = Provider()
    provider.add_key("first")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            document = provider.document(self.path)
            self.send_response(404 if document is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
