"""The code that proves that a letter belongs to a report: derived, stored nowhere, told only to the reporter.

It is not the tracking secret: a person to whom an answer is forwarded can use it to add to the report, but not to read.
"""

from __future__ import annotations

import base64
import hmac
import re
from itertools import islice

from kawal.domain.names import workflow_id
from kawal.store.data_keys import DataKeyStore

MOST_TAGS = 20
"""The maximum number of codes of one text that are tried; our own letters contain one."""

_TAG = re.compile(r"\b([0-9]{7,9})-([A-Z2-7]{10})\b", re.IGNORECASE)


async def thread_tag(keys: DataKeyStore, tracking_id: str) -> str:
    """Return the code in the address and the subject of our letters: the number and ten characters of base32."""
    mac = await keys.mac("mail thread", workflow_id(tracking_id))
    return f"{tracking_id}-{base64.b32encode(mac)[:10].decode()}"


async def report_named_in(keys: DataKeyStore, *texts: str) -> str | None:
    """Return the report that addresses or a subject name with the right code; None if there is none."""
    for text in texts:
        for found in islice(_TAG.finditer(text), MOST_TAGS):
            right = await thread_tag(keys, found.group(1))
            if hmac.compare_digest(right.encode(), found.group(0).upper().encode()):
                return found.group(1)
    return None


def reply_address(address: str, tag: str) -> str:
    """Return the address to which answers to a letter are sent: `lapor+1234567-CODE@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{tag}@{domain}"
