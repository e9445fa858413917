"""A letter is received as it was sent, however the network splits it into pieces."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiosmtpd.smtp import Envelope

from kawal.intake.mail.protocol import LetterProtocol

WORDS = [b"\r\n", b".", b"..", b"x", b"\r", b"\n", b".x", b"\r\n.", *(b"y" * n for n in (1, 900, 1100, 70_000))]


class Taking:
    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 taken"


class Sender(NamedTuple):
    answers: asyncio.StreamReader
    commands: asyncio.StreamWriter
    handler: Taking

    async def said(self, command: bytes) -> bytes:
        self.commands.write(command)
        return await self.answers.readline()


@asynccontextmanager
async def sending() -> AsyncIterator[Sender]:
    handler = Taking()
    server = await asyncio.get_running_loop().create_server(lambda: LetterProtocol(handler), "127.0.0.1", 0)
    answers, commands = await asyncio.open_connection(*server.sockets[0].getsockname())
    await answers.readline()
    commands.write(b"HELO pengirim\r\n")
    await answers.readline()
    yield Sender(answers, commands, handler)
    commands.close()
    await commands.wait_closed()
    server.close()
    await server.wait_closed()


def doubled(content: bytes) -> bytes:
    """Return the letter as a sender transmits it: its lines' leading dots doubled."""
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in content.split(b"\r\n"))


async def test_letters_of_any_lines_and_dots_come_as_they_are_in_pieces_of_any_size() -> None:
    chance = random.Random(5)
    async with sending() as sender:
        for _ in range(150):
            content = b"".join(chance.choices(WORDS, k=chance.randrange(12)))
            for command in (b"MAIL FROM:<a@b>\r\n", b"RCPT TO:<a@b>\r\n", b"DATA\r\n"):
                assert (await sender.said(command))[:1] in b"23"
            # What follows immediately is the next command, not part of the letter.
            sent = doubled(content) + b"\r\n.\r\nNOOP\r\n"
            while sent:
                size = chance.choice([1, 2, 3, 5, 4_000, 100_000] if len(sent) < 3_000 else [4_000, 100_000])
                sender.commands.write(sent[:size])
                await sender.commands.drain()
                await asyncio.sleep(0)
                sent = sent[size:]
            assert await sender.answers.readline() == b"250 taken\r\n"
            assert (await sender.answers.readline()).startswith(b"250")
            assert sender.handler.taken[-1] == content + b"\r\n"


async def test_a_letter_that_is_nothing_but_its_end_ends() -> None:
    async with sending() as sender:
        for command in (b"MAIL FROM:<a@b>\r\n", b"RCPT TO:<a@b>\r\n", b"DATA\r\n"):
            await sender.said(command)
        assert await sender.said(b".\r\n") == b"250 taken\r\n"
        assert sender.handler.taken == [b""]
