"""What may be told of the closed months among the figures of a page."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.protection import is_protection
from database import Transaction
from runtime.access import Reader

from reporting.closing import store
from reporting.closing.domain import Contribution, disclosed_measures
from reporting.counting.domain import ALL_GROUPS
from reporting.disclosure import NOTHING, ClosedMonth
from reporting.visibility import organisations_of


@dataclass(frozen=True)
class ClosedMonths:
    """The frozen months of a page, for one reader."""

    months: Mapping[store.Month, Sequence[Contribution]]
    own: Collection[UUID]
    """The reader's organisations."""

    def disclosed(self, figure: Mapping[str, Any]) -> ClosedMonth:
        """What may be told of this figure; nothing where its month is not frozen."""
        contributions = self.months.get(_month(figure)) if figure["level"] == store.GOVERNORATE else None
        if not contributions:
            return NOTHING
        group = None if figure["population_group"] == ALL_GROUPS else figure["population_group"]
        return ClosedMonth(disclosed_measures(contributions, group, self.own), contributions[0].frozen_at)


async def closing_of(tx: Transaction, figures: Sequence[Mapping[str, Any]], reader: Reader) -> ClosedMonths:
    """One question for all figures of protection by governorate, none where there are none."""
    wanted = {_month(figure) for figure in figures if _may_be_frozen(figure)}
    return ClosedMonths(await store.contributions_of(tx, sorted(wanted)), organisations_of(reader))


def _may_be_frozen(figure: Mapping[str, Any]) -> bool:
    return figure["level"] == store.GOVERNORATE and is_protection(figure["sector"])


def _month(figure: Mapping[str, Any]) -> store.Month:
    return store.Month(figure["country"], figure["area"], figure["sector"], figure["month"])
