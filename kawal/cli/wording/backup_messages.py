"""The messages of `kawal backup` and `kawal restore`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

COMMANDS = {
    "backup": msgid("Back up data and keys separately, while running."),
    "restore": msgid("Restore a backup into an empty KAWAL_HOME."),
}

OPTIONS = {
    "backup_folder": msgid("Folder of the data part."),
    "keys_folder": msgid("Folder of the keys part; by default FOLDER.keys beside it."),
    "with_master_key": msgid("Also put the master key into the keys part."),
    "erasures_file": msgid("The list of erasures that is applied again."),
    "without_erasures": msgid("Restore without the list; what was erased since the backup can then be read again."),
}

SENTENCES = {
    "backup_progress": msgid("Backing up"),
    "restore_progress": msgid("Restoring"),
    "backup_done": msgid("Backup {backup} is complete: {size} MB, {complaints}, {events}, {attachments}."),
    "backup_data_at": msgid("Data"),
    "backup_keys_at": msgid("Keys"),
    "backup_keep_apart": msgid(
        "Keep the keys folder elsewhere: with the master key, the two parts open everything that people wrote."
    ),
    "backup_without_master": msgid(
        "Not included: the master key ({path}), without which nothing can be read, and the list of "
        "erasures ({erasures})."
    ),
    "backup_with_master": msgid(
        "The master key IS in the keys part. The list of erasures ({erasures}) is not; copy it separately."
    ),
    "backup_external_engine": msgid(
        "The Temporal server at TEMPORAL_ADDRESS is not included; back it up by its own means."
    ),
    "backup_folder_taken": msgid("{path} is not empty; choose a new folder."),
    "backup_same_folder": msgid("The keys part must be in a different folder from the data part, and not inside it."),
    "backup_no_master_file": msgid(
        "There is no master key file at {path}; a key from the environment is not written into a backup."
    ),
    "backup_not_whole": msgid("{path} is not a complete backup: there is no manifest.json."),
    "backup_not_ours": msgid("{path} is not the part of a backup that is needed here, or its manifest was changed."),
    "backup_other_form": msgid(
        "{path} was made by another release, whose backups have a different format; restore it with that release."
    ),
    "backup_parts_differ": msgid("{data} and {keys} are not of the same backup."),
    "backup_file_missing": msgid("{path} is missing or cannot be read."),
    "backup_file_changed": msgid("{path} has changed since the backup; nothing was restored."),
    "restore_home_taken": msgid(
        "{path} is not empty; choose another KAWAL_HOME. It may hold keys, erasures, gateways.toml and mailboxes.toml."
    ),
    "restore_of_another": msgid(
        "{path} holds the unfinished restore of another backup; finish it, or empty the folder."
    ),
    "restore_database_taken": msgid("The database of DATABASE_URL is not empty; choose an empty one."),
    "restore_needs_list": msgid(
        "The list of erasures is not at {path}. Give --erasures FILE. Without the list (--without-erasures) "
        "reports that were erased since this backup was made can be read again; you would have to erase them "
        "yourself."
    ),
    "restore_no_such_list": msgid("There is no list of erasures at {path}."),
    "restore_one_of_both": msgid("Give --erasures or --without-erasures, not both."),
    "restore_rows_differ": msgid("The restored database does not have as many rows as were backed up at {path}."),
    "restore_done": msgid("Backup {backup} of {at} is restored: {complaints}, {events}, {attachments}."),
    "restore_erased": msgid("List of erasures: {entries}; erased again: {reports}."),
    "restore_no_list": msgid(
        "WARNING: restored without the list of erasures; what was erased since this backup can be read again."
    ),
    "restore_next": msgid("Next: `kawal up`, then `kawal reconcile --now` and `kawal audit verify`."),
}
