"""Why reporting refuses to answer."""

from runtime.problems import Refusal


class MonthsReversed(Refusal):
    """The last month asked for lies before the first."""

    ar = "الشهر الأخير المطلوب يسبق الشهر الأول."
