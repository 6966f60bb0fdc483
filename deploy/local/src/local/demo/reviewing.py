"""The working groups review the sample's last month: most of it is approved, some goes back with a comment."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from zlib import crc32

from client import Credentials, Tansiq
from client.reviews import ReviewDecision

from local.demo.concurrency import together
from local.demo.sample import GOVERNORATES, SampleReport, Size
from local.demo.sending import NotTaken

COMMENT = "الأعداد تحتاج إلى تدقيق مع كشوف التوزيع. / Please check the numbers against the distribution lists."
ONE_IN = 40
"""Of so many reports one is returned."""


@dataclass(frozen=True)
class Reviewed:
    """Reports decided in this run; a run that finds all of them decided decides none."""

    approved: int = 0
    returned: int = 0


def is_returned(external_id: str) -> bool:
    """The same ones at every run."""
    return crc32(external_id.encode()) % ONE_IN == 0


def counts(report: SampleReport, size: Size) -> bool:
    """Whether it is still counted after the review."""
    return report.month != size.last_month or not is_returned(report.external_id)


async def review_month(coordinators: Mapping[str, Credentials], size: Size, patience: float) -> Reviewed:
    """Each coordinator decides on what waits for its sector in Aleppo and Idlib, the sample's own reports only."""

    async def review(sector: str) -> Reviewed:
        async with Tansiq(coordinators[sector], patience_seconds=patience) as tansiq:
            decisions = [decision async for decision in _decisions(tansiq, sector, size)]
            async for pushed in tansiq.reviews.decide(decisions):
                if pushed.rejected:
                    raise NotTaken(f"reviews of {sector}: {pushed.problems[0].errors}")
            returned = sum(decision.decision == "returned" for decision in decisions)
            return Reviewed(len(decisions) - returned, returned)

    done = await together(review, coordinators)
    return Reviewed(sum(each.approved for each in done), sum(each.returned for each in done))


async def _decisions(tansiq: Tansiq, sector: str, size: Size) -> AsyncIterator[ReviewDecision]:
    own = f"{size.seed}-{size.first_month}-"
    month = size.last_month
    for governorate in GOVERNORATES:
        waiting = tansiq.reviews.queue(sector=sector, area=governorate, month_from=month, month_to=month)
        async for report in waiting:
            external_id = report.external_id or ""
            if not external_id.startswith(own):
                continue
            if is_returned(external_id):
                yield ReviewDecision(report.id, report.version, "returned", COMMENT)
            else:
                yield ReviewDecision(report.id, report.version, "approved")
