"""Signing in: who sends a request, in which role, and how people come to be known.

`signed_in.py` is what every page and route for officials asks, `session_cookie.py` the cookie by which it knows: each
request asks the database, so that what was revoked or has ended is over at the next one. `sign_in_page.py` is `/masuk`,
`link_page.py` a one-time link, `means.py` what is set up there and on `/akun`; they share `passkey_ceremony.py`
(WebAuthn), `password_check.py` (argon2id, in a thread), `one_time_codes.py` (TOTP), `browser_cookie.py` (a browser in
which nobody is signed in yet) and `signing_in.py`, with which every way ends. Secrets are kept as hashes or encrypted.
"""
