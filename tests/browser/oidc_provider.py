"""An OpenID provider to sign in with: discovery, keys, codes with PKCE and nonce, and tokens wrong in one way.

It takes nothing on trust: an unknown client, another redirect address, a second use of a code or a wrong verifier is
refused. Signatures are joserfc's. ``Provider.wrong`` makes the next tokens wrong: one of ``WRONGS``, or None.
While it ``holds``, nobody is sent back: the addresses they would have gone to are in ``held``.
"""

from __future__ import annotations

import base64
import json
import secrets
import socket
import threading
import time
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "sayso-staff", "a secret between two servers of these tests"
WRONGS = ("signature", "nonce", "issuer", "expired", "audience", "unsigned")


@dataclass
class Provider:
    """One provider. ``accounts``: the claims of each, by its subject."""

    accounts: dict[str, dict[str, Any]]
    redirect: str = ""
    wrong: str | None = None
    holds: bool = False
    held: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._keys = {one: RSAKey.generate_key(2048, parameters={"kid": "one"}) for one in ("right", "another")}
        self._codes: dict[str, dict[str, str]] = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    @property
    def metadata(self) -> str:
        return f"{self.url}/.well-known/openid-configuration"

    def start(self) -> None:
        routes = [
            Route("/.well-known/openid-configuration", self._metadata),
            Route("/jwks", self._jwks),
            Route("/authorize", self._authorize, methods=["GET", "POST"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/end", self._end),
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), port=self.port, log_config=None, access_log=False, lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    async def _metadata(self, _request: Request) -> Response:
        addresses = {"authorization": "authorize", "token": "token", "end_session": "end"}
        return JSONResponse(
            {f"{name}_endpoint": f"{self.url}/{path}" for name, path in addresses.items()}
            | {"issuer": self.url, "jwks_uri": f"{self.url}/jwks", "response_types_supported": ["code"]}
            | {"id_token_signing_alg_values_supported": ["RS256"], "subject_types_supported": ["public"]}
            | {"code_challenge_methods_supported": ["S256"]}
        )

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse(KeySet([self._keys["right"]]).as_dict(private=False))

    async def _authorize(self, request: Request) -> Response:
        given = dict(request.query_params)
        known = given.get("client_id") == CLIENT and given.get("redirect_uri") == self.redirect
        whole = given.get("code_challenge_method") == "S256" and all(
            given.get(name) for name in ("code_challenge", "nonce", "state")
        )
        if not (known and whole and given.get("response_type") == "code" and "openid" in given["scope"].split()):
            return HTMLResponse("<h1>Not a request of ours</h1>", 400)
        self.asked.append("authorize")
        if request.method == "GET":
            names = [*self.accounts, "nobody"]
            buttons = "".join(f"<button name=sub value='{escape(one)}'>{escape(one)}</button> " for one in names)
            return HTMLResponse(f"<h1>Who are you?</h1><form method=post>{buttons}</form>")
        async with request.form() as form:
            sub = str(form["sub"])
        return self._back(given, sub)

    def _back(self, given: dict[str, str], sub: str) -> Response:
        if sub not in self.accounts:
            answer = {"error": "access_denied", "error_description": "SECRETSAUCE", "state": given["state"]}
        else:
            code = secrets.token_urlsafe()
            self._codes[code] = given | {"sub": sub}
            answer = {"code": code, "state": given["state"]}
        back = f"{self.redirect}?{urlencode(answer)}"
        if self.holds:
            self.held.append(back)
            return HTMLResponse("<h1>Held</h1>")
        return RedirectResponse(back, 303)

    async def _token(self, request: Request) -> Response:
        async with request.form() as form:
            sent = {name: str(value) for name, value in form.items()}
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        grant = self._codes.pop(sent.get("code", ""), None)
        verifier = sha256(sent.get("code_verifier", "").encode()).digest()
        if request.headers.get("authorization") != f"Basic {basic}" or grant is None:
            return JSONResponse({"error": "invalid_client"}, 401)
        if grant["code_challenge"] != _base64(verifier) or sent.get("redirect_uri") != grant["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.asked.append("token")
        access = secrets.token_urlsafe()
        token = self._id_token(grant, access)
        return JSONResponse({"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _id_token(self, grant: dict[str, str], access: str) -> str:
        now = int(time.time())
        claims = self.accounts[grant["sub"]] | {
            "iss": self.url if self.wrong != "issuer" else "http://127.0.0.1:1",
            "sub": grant["sub"],
            "aud": CLIENT if self.wrong != "audience" else "another-portal",
            "iat": now,
            "exp": now + 300 if self.wrong != "expired" else now - 300,
            "nonce": grant["nonce"] if self.wrong != "nonce" else "another",
            "at_hash": _base64(sha256(access.encode()).digest()[:16]),
        }
        if self.wrong == "unsigned":
            return ".".join((_base64(b'{"alg":"none"}'), _base64(json.dumps(claims).encode()), ""))
        key = self._keys["right" if self.wrong != "signature" else "another"]
        return str(jwt.encode({"alg": "RS256", "kid": "one"}, claims, key))

    async def _end(self, request: Request) -> Response:
        self.asked.append("end")
        known = request.query_params.get("post_logout_redirect_uri") == self.redirect
        return RedirectResponse(self.redirect, 303) if known else HTMLResponse("<h1>Signed out</h1>")


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
