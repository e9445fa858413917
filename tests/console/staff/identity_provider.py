"""An identity provider as a program of its own: `python -m tests.console.staff.identity_provider` prints its port.

It is oidc-provider-mock (discovery, authorization code, RS256, JWKS), made as strict as real ones are: PKCE by S256, a
nonce, the client's secret, one redirect address. `POST /lie` makes it answer the next code wrongly, as an attacker or a
broken provider would, and no real one does (`tests/console/sso` runs one of those).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import re
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flask
import oidc_provider_mock
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

AUTHORIZE, TOKEN, KEYS = "/oauth2/authorize", "/oauth2/token", "/jwks"
SECRET = "rahasia-untuk-tes-saja"  # noqa: S105 - a test's own
BACK = "/masuk/penyedia/sso/kembali"


def create() -> flask.Flask:
    """Return the provider's application."""
    app: flask.Flask = oidc_provider_mock.app(require_nonce=True)
    strangers = RSAKey.generate_key(2048)
    challenges: dict[str, str] = {}
    next_lie: dict[str, Any] = {}

    @app.post("/lie")
    def lie() -> tuple[str, int]:
        next_lie.clear()
        next_lie.update(flask.request.get_json())
        return "", 204

    @app.before_request
    def be_strict() -> tuple[dict[str, str], int] | None:
        asked = flask.request
        if asked.path == AUTHORIZE:
            whole = asked.args.get("code_challenge_method") == "S256" and asked.args.get("code_challenge")
            exact = urlsplit(asked.args.get("redirect_uri", "")).path == BACK
            return None if whole and exact else ({"error": "invalid_request"}, 400)
        if asked.path == TOKEN:
            digest = hashlib.sha256(asked.form.get("code_verifier", "").encode()).digest()
            challenge = challenges.pop(asked.form.get("code", ""), None)
            known = asked.authorization is not None and asked.authorization.password == SECRET
            return None if known and challenge == _base64(digest) else ({"error": "invalid_grant"}, 400)
        return None

    @app.after_request
    def ask_no_other_host(answer: flask.Response) -> flask.Response:
        if answer.mimetype == "text/html":
            answer.set_data(re.sub(r"<link[^>]*>", "", answer.get_data(as_text=True)))
        return answer

    @app.after_request
    def remember_or_lie(answer: flask.Response) -> flask.Response:
        if flask.request.path == AUTHORIZE and "code=" in answer.headers.get("Location", ""):
            code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
            challenges[code] = flask.request.args["code_challenge"]
        if flask.request.path == TOKEN and answer.status_code == 200 and next_lie:
            told = answer.get_json()
            told["id_token"] = _lied(told["id_token"], next_lie, strangers)
            next_lie.clear()
            answer.set_data(json.dumps(told))
        return answer

    return app


def _lied(token: str, lie: dict[str, Any], strangers: RSAKey) -> str:
    """Return a token that says something else; `alg` and `key` say how it is signed, the rest are claims."""
    header, payload = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    key = RSAKey.import_key(flask.g.oidc_provider_mock_storage.jwk.as_dict(is_private=True))
    payload |= {name: value for name, value in lie.items() if name not in ("alg", "key", "ago")}
    for name in ("iat", "exp"):
        payload[name] -= lie.get("ago", 0)
    if "alg" in lie:
        return _unsigned(lie["alg"], header, payload, key)
    if lie.get("key") == "another":
        key = strangers
    return jwt.encode({**header, "alg": "RS256"}, payload, key)


def _unsigned(alg: str, header: dict[str, Any], payload: dict[str, Any], key: RSAKey) -> str:
    """Return a token without a signature, or with the published key taken for a shared secret."""
    parts = [_base64(json.dumps(part).encode()) for part in ({**header, "alg": alg}, payload)]
    text = ".".join(parts)
    if alg == "none":
        return f"{text}."
    return f"{text}.{_base64(hmac.digest(key.as_pem(private=False), text.encode(), 'sha256'))}"


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


if __name__ == "__main__":
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on loopback
    server = make_server("127.0.0.1", 0, create(), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
