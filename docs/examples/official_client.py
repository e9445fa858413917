"""Work off what an office owes, by HTTP with an official's pass.

KAWAL_URL=https://lapor.example.org KAWAL_PASS=kawalpas_… python official_client.py 1234567 "Lubang ditambal."
"""

from __future__ import annotations

import os
import sys
import uuid
from typing import Any

import httpx


class OfficialClient:
    """Gives commands as the official to whom the pass belongs."""

    def __init__(self, http: httpx.Client) -> None:
        """Call through `http`, which knows the address and shows the pass."""
        self._http = http

    def complaint(self, number: str) -> dict[str, Any]:
        """Return a complaint as it stands: status, clocks, who has it, `last_seq`."""
        return self._answered(self._http.get(f"/api/v1/complaints/{number}"))

    def give(self, number: str, command: str, seen: int, **arguments: Any) -> dict[str, Any]:
        """Give a command as who saw the complaint at event `seen`; repeated after a timeout it has one effect."""
        key = {"Idempotency-Key": str(uuid.uuid4())}
        where = f"/api/v1/complaints/{number}/{command}"
        body = {**arguments, "if_seq": seen}
        try:
            return self._answered(self._http.post(where, json=body, headers=key))
        except httpx.TransportError:  # nobody knows whether it arrived: the same key again
            return self._answered(self._http.post(where, json=body, headers=key))

    def _answered(self, answer: httpx.Response) -> dict[str, Any]:
        told: dict[str, Any] = answer.json()
        if answer.is_error:
            # Decide by `type`; `detail` is for people, and after `changed_meanwhile` names who did what and when.
            raise SystemExit(f"{told['type']}: {told['detail']}")
        return told


def main(number: str, text: str) -> None:
    """Post a final follow-up on a complaint as it stands now."""
    shown = {"Authorization": f"Bearer {os.environ['KAWAL_PASS']}", "Accept-Language": "id"}
    with httpx.Client(base_url=os.environ["KAWAL_URL"], headers=shown, timeout=30) as http:
        client = OfficialClient(http)
        seen = client.complaint(number)["last_seq"]
        answer = client.give(number, "follow-up", seen, text=text, final=True)
        print(f"{answer['tracking_id']}: {answer['status']}")


if __name__ == "__main__":
    main(*sys.argv[1:3])
