"""Why a country or a P-code of it is refused."""

from runtime.problems import Refusal


class PcodePatternMismatch(Refusal):
    """P-codes of {country} at level {level} have the form {pattern}."""

    ar = "رموز المناطق في {country} عند المستوى {level} لها الصيغة {pattern}."


class MalformedPattern(Refusal):
    """This is not a regular expression that can be used here."""

    legacy_code = "pattern_malformed"
    ar = "هذا ليس تعبيراً نمطياً (regular expression) صالحاً للاستخدام هنا."


class LevelRepeated(Refusal):
    """This level is named twice."""

    ar = "هذا المستوى مذكور مرتين."
