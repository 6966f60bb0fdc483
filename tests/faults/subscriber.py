"""A subscriber of alerts: reads the event stream over every break, and takes webhooks on this machine."""

import asyncio
import queue
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from client import Credentials, Tansiq
from client.alerts import AlertQuery
from local.demo.receiver import Receiver, receiving

from tests.faults.ledger import Delivered, Ledger

EXERCISES = AlertQuery(statuses=("Exercise",), severities=("Severe",))


@asynccontextmanager
async def subscribed(credentials: Credentials, ledger: Ledger, patience: float) -> AsyncIterator[None]:
    """What reaches the subscriber meanwhile stands in the ledger."""
    with receiving() as receiver:
        async with Tansiq(credentials, language="en", patience_seconds=patience) as tansiq:
            made = await tansiq.subscriptions.add(receiver.url, EXERCISES)
            receiver.secret = made.secret
            listening = [asyncio.create_task(_stream(tansiq, ledger)), asyncio.create_task(_webhook(receiver, ledger))]
            try:
                yield
            finally:
                for task in listening:
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)


async def _stream(tansiq: Tansiq, ledger: Ledger) -> None:
    try:
        async with aclosing(tansiq.alerts.follow(EXERCISES)) as followed:
            async for told in followed:
                if told.kind == "reset":
                    ledger.surprises.append("the event stream says that alerts were missed")
                else:
                    ledger.streamed.add(told.alert["id"])
    except Exception as error:  # whatever ended it, the checker has to tell of it
        ledger.surprises.append(f"the event stream ended: {error!r}")
        raise


async def _webhook(receiver: Receiver, ledger: Ledger) -> None:
    while True:
        try:
            arrival = await receiver.next(seconds=0.5)
        except queue.Empty:
            continue
        ledger.delivered.append(Delivered(arrival.id, arrival.content["data"]["id"]))
