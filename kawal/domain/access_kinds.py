"""What the access log has entries about."""

from __future__ import annotations

from enum import StrEnum


class AccessKind(StrEnum):
    """The subject of an entry in the access log."""

    REFUSED = "refused"
    READ_REPORT = "read_report"
    READ_IDENTITY = "read_identity"
    READ_HISTORY = "read_history"
    EXPORTED = "exported"
    DECODED = "decoded"
    KEY_DESTROYED = "key_destroyed"
    KEY_ROTATED = "key_rotated"
    ERASED = "erased"
    VERIFIED = "verified"
    REVIEWED = "reviewed"
    """A sample of follow-ups was drawn, or one of them judged."""
    ADMINISTERED = "administered"
    """The installation's configuration was changed: offices, OPDs, registers, dead letters, notices sent again; an item
    of the tray was decided; archived histories were pruned, a wedged complaint was given a new run, a reporter's
    access code was changed (also by the reporter); a person was invited, a role granted or ended, a deputy named or
    ended, a means of signing in set up or removed."""
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    """With a code only: what was typed is not kept."""
    SIGNED_OUT = "signed_out"
    SESSION_REVOKED = "session_revoked"
