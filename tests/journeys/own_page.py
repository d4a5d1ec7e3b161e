"""A family without a browser: its page waits as theirs does, and answers as the test wants."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

from aiohttp import ClientSession

from tests.journeys.hall import Hall
from tests.sandbox.family import FamilyPage, opened

Answering: TypeAlias = Callable[[str], Awaitable[str]]
"""An offer in, the answer to it out."""


@asynccontextmanager
async def waiting(hall: Hall, answer: Answering) -> AsyncIterator[None]:
    """Sam's family is in the waiting room, and answers each offer so."""
    async with (
        ClientSession() as session,
        opened(session, hall.trial.family_url("v1-sam-mum")) as page,
        asyncio.TaskGroup() as group,
    ):
        await page.until("welcome")
        await page.ready()
        answering = group.create_task(_answer(page, answer))
        yield
        answering.cancel()


async def _answer(page: FamilyPage, answer: Answering) -> None:
    async for message in page.socket:
        told = json.loads(message.data)
        if told["type"] == "offer":
            sdp = await answer(told["sdp"])
            await page.say("answer", connection=told["connection"], sdp=sdp)
