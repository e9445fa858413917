"""Settings in the environment are accepted as meant, or refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from kawal.base.settings import Settings


def test_an_empty_environment_gives_the_embedded_system_of_this_user() -> None:
    settings = Settings.from_env({})
    assert settings.database_url is None
    assert settings.temporal_address is None
    assert settings.namespace == "kawal"
    assert settings.lang == "id"
    assert settings.home.is_absolute()


def test_named_variables_are_read_and_empty_ones_count_as_unset() -> None:
    settings = Settings.from_env(
        {
            "KAWAL_HOME": "/srv/kawal",
            "KAWAL_LANG": "en",
            "KAWAL_SMTP_PORT": "25",
            "DATABASE_URL": "",
            "TEMPORAL_ADDRESS": "",
        }
    )
    assert settings.home == Path("/srv/kawal")
    assert settings.lang == "en"
    assert settings.smtp_port == 25
    assert settings.database_url is None
    assert settings.temporal_address is None


def test_a_relative_home_means_the_current_folder() -> None:
    assert Settings.from_env({"KAWAL_HOME": "here"}).home == Path.cwd() / "here"


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("KAWAL_LANG", "fr", "lang"),
        ("KAWAL_RETENTION_DAYS", "0", "retention_days"),
        ("KAWAL_SMTP_PORT", "x", "smtp_port"),
    ],
)
def test_a_malformed_value_is_refused_by_its_field(name: str, value: str, field: str) -> None:
    with pytest.raises(ValidationError, match=field):
        Settings.from_env({name: value})


def test_the_mail_password_is_not_shown() -> None:
    assert "hunter" not in repr(Settings(smtp_password="hunter"))
