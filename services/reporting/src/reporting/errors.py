"""Why reporting refuses to answer."""

from runtime.problems import Refusal


class MonthsReversed(Refusal):
    """The last month asked for lies before the first."""

    ar = "الشهر الأخير المطلوب يسبق الشهر الأول."


class UnknownColumn(Refusal):
    """There is no column {column} in this list."""

    ar = "لا يوجد عمود باسم {column} في هذه القائمة."
