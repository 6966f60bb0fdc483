"""Why a target is not taken."""

from runtime.problems import Refusal


class PeriodMissing(Refusal):
    """A target needs a period: send `month`, or `month_from` and `month_to`."""

    ar = "يحتاج الهدف إلى فترة زمنية: أرسل `month`، أو `month_from` و`month_to` معاً."


class PeriodTooLong(Refusal):
    """The period of a target has {limit} months at most."""

    ar = "لا تتجاوز فترة الهدف {limit} شهراً."


class AreaTooFine(Refusal):
    """Targets are set for areas from the country down to the sub-district, not below it."""

    ar = "تُحدَّد الأهداف للمناطق من مستوى البلد حتى الناحية، لا لما دونها."


class TargetMissing(Refusal):
    """Say how many: `people`, or `value` in the unit of the indicator; null withdraws the target."""

    ar = "حدّد العدد المستهدف: `people`، أو `value` بوحدة المؤشر؛ والقيمة null تلغي الهدف."


class TargetTwice(Refusal):
    """Send either `people` or `value`, not both."""

    ar = "أرسل إمّا `people` وإمّا `value`، وليس كليهما."


class NotInPeople(Refusal):
    """This indicator counts {unit}, not people: send `value` instead of `people`."""

    ar = "هذا المؤشر يُقاس بالوحدة «{unit}» لا بعدد الأشخاص: أرسل `value` بدلاً من `people`."


class UnknownTarget(Refusal):
    """There is no such target to withdraw."""

    legacy_code = "no_such_target"
    ar = "لا يوجد هدف كهذا ليُلغى."


class NoTargetColumns(Refusal):
    """No row of headings was found: a table of targets needs at least the columns of an area and of the number."""

    ar = "لم يُعثر على صف عناوين: يحتاج جدول الأهداف على الأقل إلى عمود للمنطقة وعمود للعدد المستهدف."
