"""The Django settings of the provider; whoever starts it says by environment where its data lie."""

from __future__ import annotations

import os
from pathlib import Path

from tests.console.sso.running import LOGIN

HOME = Path(os.environ["SSO_HOME"])
HERE = Path(__file__).parent

SECRET_KEY = "of a provider that lives as long as a test"  # noqa: S105 - a test's own
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.console.sso.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "oauth2_provider"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": HOME / "sso.sqlite3"}}
# A database that lives for a test is made from the models: the apps' migrations take seconds.
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "sessions", "oauth2_provider"))
# A quick one, as Django advises for tests: a slow one is half of what the provider does for a sign-in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = LOGIN
USE_TZ = True

# The newest key signs; those before it stay published, for tokens that they signed.
*_OLDER, _NEWEST = (file.read_text() for file in sorted(HOME.glob("*.pem")))
_BEST_PRACTICE = (
    *("IMPLICIT_GRANT", "PASSWORD_GRANT", "PKCE_METHOD", "PKCE_REQUIRED", "ACCESS_TOKEN_TRANSPORT", "REFRESH_TOKEN"),
    *("AUTHZ_RESPONSE_ISS", "REDIRECT_URI_MATCHING"),
)

OAUTH2_PROVIDER = {
    "OIDC_ENABLED": True,
    "OIDC_RSA_PRIVATE_KEY": _NEWEST,
    "OIDC_RSA_PRIVATE_KEYS_INACTIVE": _OLDER,
    "OAUTH2_VALIDATOR_CLASS": "tests.console.sso.claims.OwnClaims",
    "ID_TOKEN_EXPIRE_SECONDS": int(os.environ["SSO_TOKEN_LIFE"]),
    "SCOPES": {"openid": "Mengetahui siapa Anda"},
    **{f"COMPLIANT_BCP_RFC9700_{name}": True for name in _BEST_PRACTICE},
}
