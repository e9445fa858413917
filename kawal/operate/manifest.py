"""The two parts of a backup, which are kept apart, each with a manifest of its files' SHA-256.

    data    database.dump, temporal.db, server.json, attachments/…, published/…    no keys
    keys    data_keys.dump, the files of WITH_SECRETS, master/…                    no data; master/ only if asked for

The keys' manifest names the data's by its SHA-256, so whoever keeps the smaller part can tell whether the larger one
is what was backed up.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from kawal.crypto.durable_files import sync_folder

FORM: Literal["kawal-backup-2"] = "kawal-backup-2"
MANIFEST = "manifest.json"
DATABASE = "database.dump"
DATA_KEYS = "data_keys.dump"
ENGINE = "temporal.db"
ENGINE_SERVER = "server.json"
MASTER = "master"
"""Folder of the master key's files: the current one, earlier ones, and one that is ready for a rotation."""
ATTACHMENTS = "attachments"
PUBLISHED = "published"
WITH_SECRETS = ("gateways.toml", "outgoing-gateways.toml", "mailboxes.toml")
"""The home's files of configuration that hold secrets."""
COUNTED = (
    "complaint",
    "event",
    "access_log",
    "history_archive",
    "side_act",
    "inbox",
    "attachment",
    "raw_letter",
    "data_key",
)
"""Tables whose row counts are in a manifest."""

_PIECE = 1 << 20

Manifest = TypeVar("Manifest", bound="_Manifest")
Engine = Literal["embedded", "external", "none"]
Tell = Callable[[str], None]


class UnfitFolder(Exception):  # noqa: N818 - an ordinary answer
    """A folder that cannot be backed up to or restored from as it is; `code` says why."""

    def __init__(self, code: str, **details: object) -> None:
        """Keep the reason's code, and the values for its sentence."""
        super().__init__(f"{code} {details}")
        self.code = code
        self.details = details


class FileSum(BaseModel):
    """One file of a backup."""

    sha256: str
    bytes: int


class _Manifest(BaseModel):
    model_config = ConfigDict(extra="forbid")

    form: Literal["kawal-backup-2"]
    backup: str
    """The backup's id, the same in both parts."""
    made_at: datetime
    files: dict[str, FileSum]


class DataManifest(_Manifest):
    """The data part."""

    part: Literal["data"]
    release: str
    schema_digest: str
    engine: Engine
    """External: the engine's own data are its operator's to back up; none: the engine had never run."""
    rows: dict[str, int]
    head: dict[str, Any] | None
    """The newest signed head of the log; None where nothing was sealed yet."""
    settings: dict[str, Any]
    """The installation's settings, without passwords: for setting it up again."""


class KeysManifest(_Manifest):
    """The part that holds the keys."""

    part: Literal["keys"]
    data_manifest: str
    """SHA-256 of the data part's manifest."""
    master_keys: list[str]
    """Names of the master keys that unwrap the data keys in it."""


def write_manifest(folder: Path, manifest: DataManifest | KeysManifest) -> str:
    """Write a part's manifest to disk, which completes the part; return the manifest's SHA-256."""
    text = (manifest.model_dump_json(indent=1) + "\n").encode()
    draft = folder / f"{MANIFEST}.new"
    with open_private(draft) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / MANIFEST)
    sync_folder(folder)
    return sha256(text).hexdigest()


def read_manifest(folder: Path, kind: type[Manifest]) -> tuple[Manifest, str]:
    """Return a part's manifest and its SHA-256; raises UnfitFolder where there is none, or none of this kind."""
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise UnfitFolder("not_whole", path=folder) from None
    try:
        return kind.model_validate_json(text), sha256(text).hexdigest()
    except ValidationError:
        raise UnfitFolder("other_form" if _is_of_another_form(text) else "not_ours", path=folder) from None


class _AnyForm(BaseModel):
    form: Annotated[str, StringConstraints(pattern=r"^kawal-backup-[0-9]{1,6}$")]


def _is_of_another_form(text: bytes) -> bool:
    try:
        return _AnyForm.model_validate_json(text).form != FORM
    except ValidationError:
        return False


async def check_files(folder: Path, manifest: DataManifest | KeysManifest, tell: Tell) -> None:
    """Raise UnfitFolder naming the first file that is missing or differs from what was backed up."""
    for name, given in sorted(manifest.files.items()):
        place = _inside(folder, name)
        tell(name)
        try:
            found = await asyncio.to_thread(sum_of, place)
        except OSError:
            raise UnfitFolder("file_missing", path=place) from None
        if found != given:
            raise UnfitFolder("file_changed", path=place)


def sum_of(path: Path) -> FileSum:
    """Return a file's SHA-256 and size, read piece by piece."""
    digest, size = sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return FileSum(sha256=digest.hexdigest(), bytes=size)


def open_private(path: Path) -> Any:
    """Open a new file for writing that only its owner can read; it replaces an existing file."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _inside(folder: Path, name: str) -> Path:
    """Return the path of a file that a manifest names; raises UnfitFolder for a name that points outside the folder."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts:
        raise UnfitFolder("not_ours", path=folder)
    return folder.joinpath(*parts)
