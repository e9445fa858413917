"""Two thousand tickets for a Request Tracker 5, made through its REST 2: what `benchmarks peer` measures Kawal beside.

    KAWAL_BENCH_RT=http://root:PASSWORD@127.0.0.1:8480 python -m benchmarks.peer_record

docs/measured.md says how to set RT up. The agents that it makes have the password of the address. Begun again after an
interruption, it goes on with the next ticket. It takes ten minutes to half an hour.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx

from benchmarks.public_record import any_word

ADDRESS = "KAWAL_BENCH_RT"
TICKETS = 2_000
QUEUES = ("DPUPR", "DINKES", "DISDIK")
AGENTS = tuple(f"agent-{n}" for n in range(1, 7))
AT_ONCE = 2
REST = "/REST/2.0"
SIGNED_IN = "/NoAuth/Logout.html"
"""What stands on every page of who is signed in."""
SHARES = {"new": 3, "open": 5, "stalled": 2, "rejected": 5, "resolved": 85}
"""How many of a hundred tickets end as what: of a year's, a tenth is still open, and a page of each queue is full."""

LENGTHS = (40, 8, 16, 8)
"""How many words a ticket's texts have."""


class Ticket(NamedTuple):
    """What becomes of a ticket: the same for its number whenever it is made."""

    queue: str
    owner: str
    status: str
    texts: tuple[str, ...]
    """Its words: as it was written, then the note, the reply and the last word of who dealt with it."""


def ticket(number: int) -> Ticket:
    """Return the ticket of this number, its words as frequent as those of the reports of benchmarks.public_record."""
    chance = random.Random(number)  # noqa: S311 - no secret
    status = chance.choices(list(SHARES), list(SHARES.values()))[0]
    texts = {"new": 1, "open": 3, "stalled": 3}.get(status, 4)
    return Ticket(
        chance.choice(QUEUES),
        "Nobody" if status == "new" else chance.choice(AGENTS),
        status,
        tuple(" ".join(any_word(chance) for _ in range(length)) for length in LENGTHS[:texts]),
    )


@asynccontextmanager
async def session(address: str, agent: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
    """Sign in by RT's own form, as the administrator whom the address names or as an agent, who has the same password.

    Raises RuntimeError if RT refuses.
    """
    url = httpx.URL(address)
    at = f"{url.scheme}://{url.netloc.decode()}"
    # RT takes a cookie for a person's only from its own pages. By password each request would cost a bcrypt.
    async with httpx.AsyncClient(base_url=at, headers={"Referer": at}, timeout=300) as client:
        form = {"user": agent or url.username, "pass": url.password}
        await client.post("/NoAuth/Login.html", data=form)
        if SIGNED_IN not in (await client.get("/")).text:
            raise RuntimeError(f"{at} does not let {form['user']} in")
        yield client


class Rest:
    """RT's REST 2, asked as its administrator."""

    def __init__(self, client: httpx.AsyncClient, password: str) -> None:
        """Ask by a session of the administrator's; the agents get the password."""
        self._client = client
        self._password = password

    async def total(self) -> int:
        """Return how many tickets there are."""
        answer = await self._client.get(f"{REST}/tickets", params={"query": "id > 0", "per_page": "1"})
        return int(answer.raise_for_status().json()["total"])

    async def ensure_desks(self) -> None:
        """Make the queues and the agents that are missing."""
        for queue in QUEUES:
            await self._ensure("queue", queue)
        for agent in AGENTS:
            address = f"{agent}@example.org"
            await self._ensure("user", agent, Password=self._password, Privileged=1, EmailAddress=address)

    async def _ensure(self, kind: str, name: str, **given: Any) -> None:
        if (await self._client.get(f"{REST}/{kind}/{name}")).status_code == httpx.codes.NOT_FOUND:
            await self._send(kind, Name=name, **given)

    async def live(self, numbers: Iterator[int]) -> None:
        """Make the tickets of these numbers one after the other, each from its first word to its last."""
        for number in numbers:
            await self._live(number, ticket(number))

    async def _live(self, number: int, lived: Ticket) -> None:
        first, *later = lived.texts
        made = await self._send(
            "ticket",
            Queue=lived.queue,
            Owner=lived.owner,
            Requestor=f"reporter-{number}@example.org",
            Subject=" ".join(first.split()[:8]),
            Content=first,
            ContentType="text/plain",
        )
        for n, text in enumerate(later, start=2):
            how = "comment" if n == 2 else "correspond"
            status = lived.status if n == len(lived.texts) else "open"
            await self._send(f"ticket/{made['id']}/{how}", Content=text, ContentType="text/plain", Status=status)

    async def _send(self, path: str, **given: Any) -> Any:
        return (await self._client.post(f"{REST}/{path}", json=given)).raise_for_status().json()


async def fill(address: str) -> None:
    """Make what is missing of the tickets, some at once."""
    async with session(address) as client:
        rest = Rest(client, httpx.URL(address).password)
        await rest.ensure_desks()
        numbers = iter(range(await rest.total() + 1, TICKETS + 1))
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(rest.live(numbers))
        print(f"{await rest.total()} tickets; now rt-fulltext-indexer")


if __name__ == "__main__":
    asyncio.run(fill(os.environ[ADDRESS]))
