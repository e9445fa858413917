"""Where attachments are stored, and the limits of what is accepted."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

MEGABYTE = 1024 * 1024


class AttachmentSettings(BaseModel):
    """The attachments' settings; see `from_env` for the names of the variables."""

    model_config = ConfigDict(frozen=True)

    url: str = Field(pattern=r"^(file|s3)://")
    """`file:///folder` or `s3://bucket/prefix`; S3's credentials and endpoint come from the usual `AWS_*`."""
    max_mb: int = Field(default=10, ge=1, le=1000)
    """The largest file, in MiB."""
    total_mb: int = Field(default=50, ge=1, le=100_000)
    """All files of one complaint together, in MiB."""
    max_count: int = Field(default=20, ge=1, le=1000)
    """Files of one complaint."""

    @property
    def max_bytes(self) -> int:
        """The largest file, in bytes."""
        return self.max_mb * MEGABYTE

    @property
    def total_bytes(self) -> int:
        """All files of one complaint together, in bytes."""
        return self.total_mb * MEGABYTE

    @classmethod
    def from_env(cls, home: Path, environ: Mapping[str, str] | None = None) -> Self:
        """Read `KAWAL_ATTACHMENTS_URL` (else `<home>/attachments`), `KAWAL_ATTACHMENT_MAX_MB`, `…_TOTAL_MB`, `…_COUNT`.

        Raises pydantic's ValidationError when a value is malformed; an empty value counts as unset.
        """
        env = os.environ if environ is None else environ
        named = {field: env[variable] for field, variable in VARIABLES.items() if env.get(variable)}
        named.setdefault("url", (home.absolute() / "attachments").as_uri())
        return cls.model_validate(named)


VARIABLES = {
    "url": "KAWAL_ATTACHMENTS_URL",
    "max_mb": "KAWAL_ATTACHMENT_MAX_MB",
    "total_mb": "KAWAL_ATTACHMENT_TOTAL_MB",
    "max_count": "KAWAL_ATTACHMENT_COUNT",
}
"""Setting -> environment variable."""
