"""`kawal backup` and `kawal restore`: data and keys apart, checked by their hashes, every erasure applied again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kawal.cli.terminal import interrupts
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.release import release
from kawal.cli.terminal.tables import write_pairs

if TYPE_CHECKING:
    from kawal.base.settings import Settings
    from kawal.intake.attachments.storage import ObjectStorage
    from kawal.operate.backup import BackupResult, Parts
    from kawal.operate.restore import RestoreResult

Result = TypeVar("Result")
MEGABYTE = 1_000_000

UNFIT = {
    "folder_taken": "backup_folder_taken",
    "no_master_file": "backup_no_master_file",
    "not_whole": "backup_not_whole",
    "not_ours": "backup_not_ours",
    "other_form": "backup_other_form",
    "parts_differ": "backup_parts_differ",
    "file_missing": "backup_file_missing",
    "file_changed": "backup_file_changed",
    "home_taken": "restore_home_taken",
    "of_another": "restore_of_another",
    "database_taken": "restore_database_taken",
    "needs_list": "restore_needs_list",
    "no_such_list": "restore_no_such_list",
    "rows_differ": "restore_rows_differ",
}
"""Why a folder, a home or a database is not suitable (operate.manifest.UnfitFolder), and the sentence that says so."""


def backup(operator: Operator, *, backup_folder: str, keys_folder: str | None, with_master_key: bool) -> None:
    """Back the installation up into two folders, whether it is running or not."""
    from kawal.operate.backup import back_up

    settings, parts = operator.settings(), _parts(backup_folder, keys_folder)
    if not settings.home.exists() and settings.database_url is None:
        from kawal.base.errors import not_running

        raise not_running()
    done = _run(
        operator,
        "backup_progress",
        lambda tell: back_up(settings, _objects(settings), parts, release(), tell, with_master=with_master_key),
    )
    if operator.json:
        operator.write_json(done.model_dump(mode="json"))
    else:
        _tell_backup(operator, done, settings)


def _tell_backup(operator: Operator, done: BackupResult, settings: Settings) -> None:
    from kawal.record import master_key_file

    operator.write(
        operator.say(
            "backup_done",
            backup=done.backup,
            size=f"{done.bytes / MEGABYTE:.1f}",
            complaints=done.rows["complaint"],
            events=done.rows["event"],
            attachments=done.attachments,
        )
    )
    write_pairs([(operator.say("backup_data_at"), str(done.data)), (operator.say("backup_keys_at"), str(done.keys))])
    operator.note(operator.say("backup_keep_apart"))
    key = "backup_with_master" if done.master_key else "backup_without_master"
    where = {} if done.master_key else {"path": master_key_file(settings.home)}
    operator.note(operator.say(key, erasures=settings.erasure_list, **where))
    if done.engine == "external":
        operator.note(operator.say("backup_external_engine"))


def restore(
    operator: Operator,
    *,
    backup_folder: str,
    keys_folder: str | None,
    erasures_file: str | None,
    without_erasures: bool,
) -> None:
    """Restore a backup into the empty KAWAL_HOME."""
    from kawal.operate.restore import restore as bring_back

    if erasures_file is not None and without_erasures:
        raise UsageError("restore_one_of_both")
    settings, parts = operator.settings(), _parts(backup_folder, keys_folder)
    erasures = None if erasures_file is None else Path(erasures_file).expanduser().absolute()
    done = _run(
        operator,
        "restore_progress",
        lambda tell: bring_back(
            settings, _objects(settings), parts, tell, erasures=erasures, without_erasures=without_erasures
        ),
    )
    if operator.json:
        operator.write_json(done.model_dump(mode="json"))
    else:
        _tell_restore(operator, done)


def _tell_restore(operator: Operator, done: RestoreResult) -> None:
    operator.write(
        operator.say(
            "restore_done",
            backup=done.backup,
            at=show_instant(datetime.fromisoformat(done.made_at), operator.lang),
            complaints=done.rows["complaint"],
            events=done.rows["event"],
            attachments=done.attachments,
        )
    )
    if done.listed is None:
        operator.note(operator.say("restore_no_list"))
    else:
        operator.write(operator.say("restore_erased", entries=done.listed, reports=len(done.erased_again)))
    operator.write(operator.say("restore_next"))


def _run(
    operator: Operator, label: str, work: Callable[[Callable[[str], None]], Coroutine[Any, Any, Result]]
) -> Result:
    """Run `work` with a progress line on standard error; raises CommandRefusal."""
    from kawal.base.progress import Progress
    from kawal.operate.manifest import UnfitFolder

    progress = Progress(operator.say(label))
    try:
        result = interrupts.run(work(progress.show))
    except UnfitFolder as unfit:
        raise CommandRefusal(UNFIT[unfit.code], **unfit.details) from None
    progress.done("")
    return result


def _parts(data: str, keys: str | None) -> Parts:
    from kawal.operate.backup import Parts

    folder = Path(data).expanduser().absolute()
    other = folder.with_name(f"{folder.name}.keys") if keys is None else Path(keys).expanduser().absolute()
    if other == folder or folder in other.parents or other in folder.parents:
        raise UsageError("backup_same_folder")
    return Parts(folder, other)


def _objects(settings: Settings) -> ObjectStorage:
    from kawal.intake.attachments.settings import AttachmentSettings
    from kawal.intake.attachments.storage import ObjectStorage

    return ObjectStorage(AttachmentSettings.from_env(settings.home).url)


FOLDERS = (Field("backup_folder", default=REQUIRED), Field("keys_folder", "--keys"))

SPECS = (
    Spec("backup", backup, [*FOLDERS, Field("with_master_key", "--with-master-key", bool, default=False)]),
    Spec(
        "restore",
        restore,
        [
            *FOLDERS,
            Field("erasures_file", "--erasures"),
            Field("without_erasures", "--without-erasures", bool, default=False),
        ],
    ),
)
