"""Why progress is not told."""

from runtime.problems import Refusal


class MonthAndPeriod(Refusal):
    """Ask for one `month`, or for the months `month_from` to `month_to`, not both."""

    ar = "اطلب شهراً واحداً `month`، أو الأشهر من `month_from` إلى `month_to`، وليس كليهما."
