"""Where an attachment's objects lie: `TRACKING_ID/KEYED_HASH`, and beside it the variant for the public."""

from __future__ import annotations

from kawal.store.attachments import AttachmentRow

PUBLIC = ".public"
"""What the name of a variant for the public ends in."""

_HASH = 64


def path_of(row: AttachmentRow) -> str:
    """Return where the original lies."""
    return f"{row.tracking_id}/{row.name_mac.hex()}"


def owner_of(path: str) -> tuple[str, bytes] | None:
    """Return whose object it is: tracking id and keyed hash; None for what Kawal did not put there."""
    tracking_id, _, name = path.partition("/")
    name = name.partition(PUBLIC)[0]
    if not tracking_id.isdigit() or len(name) != _HASH:
        return None
    try:
        return tracking_id, bytes.fromhex(name)
    except ValueError:
        return None
