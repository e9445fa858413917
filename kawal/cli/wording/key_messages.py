"""The messages of `kawal keys`, in Indonesian and in English: sentences, help, names of columns."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid, msgids

SENTENCES: dict[str, Message] = {
    "key_current": msgid("Master key in force"),
    "key_source": msgid("Its source"),
    "key_source_service": msgid("key service (KAWAL_KMS)"),
    "key_source_environment": msgid("environment (KAWAL_MASTER_KEY)"),
    "key_source_file": msgid("the file keys/master.key"),
    "key_rotation_open": msgid("Rotation under way"),
    "key_previous_files": msgid("Files of earlier keys"),
    "key_is_current": msgid("in force"),
    "key_is_known": msgid("earlier, still available"),
    "key_is_unknown": msgid("NOT AVAILABLE: put this key back"),
    "key_left": msgid("Data keys are still under an earlier master key; run `kawal keys rotate-master`."),
    "key_progress": msgids("… {count} data key re-wrapped", "… {count} data keys re-wrapped"),
    "key_rotated": msgids(
        "{count} data key was re-wrapped with master key {master}.",
        "{count} data keys were re-wrapped with master key {master}.",
    ),
    "key_not_ended": msgids(
        "Not finished: {count} data key cannot be opened with the master keys available; put its master "
        "key back (`kawal keys status`), then run this again.",
        "Not finished: {count} data keys cannot be opened with the master keys available; put their "
        "master keys back (`kawal keys status`), then run this again.",
    ),
    "key_destroy": msgid(
        "Done. Back up the new master key. Once every process uses it and `kawal keys status` is clean, "
        "destroy the earlier key and its copies: {files}"
    ),
    "key_data_rotated": msgid("{owner} has a new data key; the previous one only opens what was encrypted with it."),
    "key_of_whom": msgid("Name a complaint, or --system."),
}
"""Each key with its sentence."""

COMMANDS: dict[str, Message] = {
    "keys": msgid("Master key and data keys."),
    "keys status": msgid("Show which master key wraps what."),
    "keys rotate-master": msgid("Rotate the master key, or resume an interrupted rotation."),
    "keys rotate-data": msgid("Give a complaint a new data key."),
}

OPTIONS: dict[str, Message] = {
    "key_file": msgid("Use the master key in this file."),
    "key_owner": msgid("The complaint's id."),
    "of_system": msgid("The system's own key."),
}

COLUMNS: dict[str, Message] = {
    "master_key": msgid("Master key"),
    "data_keys": msgid("Data keys"),
}
