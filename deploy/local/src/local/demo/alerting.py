"""An exercise alert on its way: a partner subscribes, the secretariat issues, the partner's receiver verifies."""

import queue
import time
from dataclasses import dataclass
from typing import Any

from client import Credentials, Tansiq
from client.alerts import AlertQuery

from local.demo.receiver import receiving

AREA = "SY07"
EXERCISE: dict[str, Any] = {
    "status": "Exercise",
    "message_type": "Alert",
    "scope": "Restricted",
    "restriction": "Members of the platform",
    "country": "SY",
    "areas": [AREA],
    "sectors": ["SHL", "WSH"],
    "categories": ["Met"],
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Observed",
    "info": {
        "ar": {"event": "سيول", "headline": "تمرين: سيول في مخيمات إدلب (عيّنة)", "instruction": "هذا تمرين."},
        "en": {"event": "Flash floods", "headline": "Exercise: flash floods in camps of Idlib (sample)"},
    },
}
"""A drill: it reaches only who asked for drills."""


class NotReceived(Exception):
    """The alert did not reach its subscriber."""


@dataclass(frozen=True)
class ReceivedAlert:
    """An alert that arrived, verified."""

    id: str
    headline: str
    milliseconds: int
    """From the request that issued it to its verified arrival."""


async def alert_arrives(secretariat: Tansiq, subscriber: Credentials, patience: float) -> ReceivedAlert:
    """Raises `NotReceived` after `patience` seconds."""
    with receiving() as receiver:
        async with Tansiq(subscriber, patience_seconds=patience) as tansiq:
            made = await tansiq.subscriptions.add(receiver.url, AlertQuery(areas=(AREA,), statuses=("Exercise",)))
            receiver.secret = made.secret
            try:
                began = time.monotonic()
                issued = await secretariat.alerts.issue(EXERCISE)
                arrival = await receiver.next(seconds=patience)
            except queue.Empty:
                raise NotReceived(f"no alert at {receiver.url} within {patience:.0f} s") from None
            finally:
                await tansiq.subscriptions.remove(made.id)
    data = arrival.content["data"]
    if data["id"] != str(issued.id):
        raise NotReceived(f"{data['id']} came, not {issued.id}")
    return ReceivedAlert(data["id"], data["info"]["ar"]["headline"], round((arrival.at - began) * 1000))
