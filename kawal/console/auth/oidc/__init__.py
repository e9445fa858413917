"""Signing in through an identity provider (OpenID Connect: authorization code with PKCE), for people known here.

`providers.py` reads which providers the operator allows and how claims narrow roles (`role_rules.py`);
`known_providers.py` holds them. `connection.py` asks one by network, `discovery.py` keeps what it publishes.
`exchange.py` sends people there and turns the code with which they return into an identity; `tokens.py` verifies it.
`leaving.py`, `returning.py` and `second_step.py` are the pages; `linking.py` ties an identity to one's own account.

A claim makes no account and gives no role: it opens an account whose owner linked the identity, and the operator's
rules only ever take roles away (docs/accounts.md).
"""
