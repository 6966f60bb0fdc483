"""What pydantic says about a bad value, as refusals with our own codes and sentences."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from contracts.values import Country, Month, Pcode, SectorCode
from pydantic import StringConstraints

from runtime.language import Language
from runtime.problems import Invalid, MalformedBody, Refusal


class Missing(Refusal):
    """This is required."""

    ar = "هذا الحقل مطلوب."


class UnknownField(Refusal):
    """There is no such field here."""

    ar = "لا يوجد حقل بهذا الاسم هنا."


class TextTooLong(Refusal):
    """The text is longer than {max_length} characters."""

    ar = "يتجاوز النص الحد الأقصى لعدد المحارف: {max_length}."


class TextTooShort(Refusal):
    """The text is shorter than {min_length} characters."""

    ar = "يقل النص عن الحد الأدنى لعدد المحارف: {min_length}."


class InvalidText(Refusal):
    """The text holds characters that are not allowed, such as NUL or broken UTF-8."""

    ar = "في النص محارف غير مسموح بها، مثل NUL أو ترميز UTF-8 معطوب."


class NotText(Refusal):
    """This must be text."""

    ar = "يجب أن تكون القيمة نصاً."


class TooFew(Refusal):
    """There are fewer than {min_length} entries."""

    ar = "يقل عدد العناصر عن الحد الأدنى: {min_length}."


class TooMany(Refusal):
    """There are more than {max_length} entries."""

    ar = "يتجاوز عدد العناصر الحد الأقصى: {max_length}."


class WrongForm(Refusal):
    """The value does not have the form expected here."""

    ar = "القيمة ليست بالصيغة المطلوبة."

    def sentence(self, language: Language) -> str:
        """With an example, where the form is one that many fields have."""
        example = EXAMPLES.get(str(self.facts.get("pattern")))
        if example is None:
            return super().sentence(language)
        if language == "ar":
            return f"القيمة ليست بالصيغة المطلوبة: اكتبها مثل {example}."
        return f"The value does not have the form expected here: write it like {example}."


def _pattern(kind: object) -> str:
    [constraints] = [each for each in get_args(kind) if isinstance(each, StringConstraints)]
    return str(constraints.pattern)


EXAMPLES: Mapping[str, str] = {
    _pattern(kind): example
    for kind, example in ((Country, "SY"), (Pcode, "SY070004"), (SectorCode, "WSH"), (Month, "2026-03"))
}


class NotWhole(Refusal):
    """This must be a whole number."""

    ar = "يجب أن تكون القيمة عدداً صحيحاً."


class NotANumber(Refusal):
    """This must be a number."""

    ar = "يجب أن تكون القيمة عدداً."


class TooSmall(Refusal):
    """The value must not be less than {bound}."""

    ar = "يجب ألا تقل القيمة عن {bound}."


class TooLarge(Refusal):
    """The value must not be more than {bound}."""

    ar = "يجب ألا تزيد القيمة عن {bound}."


class NotAChoice(Refusal):
    """The value is not one of: {expected}."""

    ar = "القيمة ليست من القيم المسموح بها: {expected}."


class NotADate(Refusal):
    """This must be a date such as 2026-03-31."""

    ar = "يجب أن تكون القيمة تاريخاً مثل 2026-03-31."


class NotAnInstant(Refusal):
    """This must be an instant with its offset, such as 2026-03-31T08:00:00Z."""

    ar = "يجب أن تكون القيمة لحظة زمنية مع فرق التوقيت، مثل 2026-03-31T08:00:00Z."


class InstantOutOfRange(Refusal):
    """The instant does not lie between {first} and {last}."""

    ar = "اللحظة الزمنية ليست بين {first} و{last}."


class MonthOutOfRange(Refusal):
    """The month does not lie between {first} and {last}."""

    ar = "الشهر ليس بين {first} و{last}."


class DateOutOfRange(Refusal):
    """The date does not lie between {first} and {last}."""

    ar = "التاريخ ليس بين {first} و{last}."


class HijriDate(Refusal):
    """This is a month or date of the Hijri calendar: send that of the Gregorian one, such as 2026-03."""

    ar = "هذا شهر أو تاريخ هجري: أرسل ما يقابله في التقويم الميلادي، مثل 2026-03."


class DigitsLost(Refusal):
    """A spreadsheet shortened this number, as in 2.02602E+15, so digits may be lost: enter it whole, an id as text."""

    ar = "اختصر برنامج الجداول هذا الرقم (مثل 2.02602E+15) وربما فُقد بعض أرقامه: أدخله كاملاً، والمعرّف بتنسيق نص."


class NotAnId(Refusal):
    """This must be an id (UUID)."""

    ar = "يجب أن تكون القيمة معرّفاً (UUID)."


class NotTrueOrFalse(Refusal):
    """This must be true or false."""

    ar = "يجب أن تكون القيمة true أو false."


class InvalidValue(Refusal):
    """The value is not valid here."""

    ar = "القيمة غير صالحة هنا."


REASONS: Mapping[str, type[Refusal]] = {
    "missing": Missing,
    "extra_forbidden": UnknownField,
    "string_too_long": TextTooLong,
    "string_too_short": TextTooShort,
    "too_long": TooMany,
    "too_short": TooFew,
    "string_type": NotText,
    "string_unicode": InvalidText,
    "invalid_text": InvalidText,
    "string_pattern_mismatch": WrongForm,
    "int_type": NotWhole,
    "int_parsing": NotWhole,
    "int_parsing_size": TooLarge,
    "int_from_float": NotWhole,
    "float_type": NotANumber,
    "float_parsing": NotANumber,
    "decimal_type": NotANumber,
    "decimal_parsing": NotANumber,
    "finite_number": NotANumber,
    "greater_than_equal": TooSmall,
    "greater_than": TooSmall,
    "less_than_equal": TooLarge,
    "less_than": TooLarge,
    "decimal_max_digits": TooLarge,
    "decimal_whole_digits": TooLarge,
    "enum": NotAChoice,
    "literal_error": NotAChoice,
    "date_type": NotADate,
    "date_parsing": NotADate,
    "date_from_datetime_parsing": NotADate,
    "date_from_datetime_inexact": NotADate,
    "date_from_datetime_type": NotADate,
    "datetime_type": NotAnInstant,
    "datetime_parsing": NotAnInstant,
    "datetime_from_date_parsing": NotAnInstant,
    "datetime_object_invalid": NotAnInstant,
    "timezone_aware": NotAnInstant,
    "not_an_instant": NotAnInstant,
    "instant_out_of_range": InstantOutOfRange,
    "month_out_of_range": MonthOutOfRange,
    "date_out_of_range": DateOutOfRange,
    "hijri_date": HijriDate,
    "digits_lost": DigitsLost,
    "uuid_type": NotAnId,
    "uuid_parsing": NotAnId,
    "bool_type": NotTrueOrFalse,
    "bool_parsing": NotTrueOrFalse,
}
BOUNDS = ("ge", "gt", "le", "lt")
MOST = 100
"""Errors of one request that are told: a small body can hold hundreds of thousands."""


def refusal_of(error: Mapping[str, Any], *, row: int | None = None, skip: int = 0) -> Refusal:
    """One pydantic error as a refusal; `skip` leaves out the first parts of its place."""
    context = dict(error.get("ctx") or {})
    bound = next((context[name] for name in BOUNDS if name in context), "2147483647")
    facts = {name: value for name, value in context.items() if isinstance(value, str | int)}
    if "expected" in facts:
        facts["expected"] = str(facts["expected"]).replace("' or '", "', '")  # one list for both languages
    field = ".".join(str(part) for part in error["loc"][skip:]) or None
    # Bounds beside a text that is checked otherwise, too, are told as those of a list.
    of_text = "string_" if error["type"] in ("too_long", "too_short") and isinstance(error.get("input"), str) else ""
    return REASONS.get(f"{of_text}{error['type']}", InvalidValue)(field, row=row, **{**facts, "bound": bound})


def invalid(errors: Iterable[Mapping[str, Any]], *, skip: int = 1) -> Refusal:
    """A whole request's pydantic errors as one refusal. The first part of a place (`body`, `query`) is kept out."""
    listed = list(errors)
    if any(error["type"] == "json_invalid" for error in listed):
        return MalformedBody()
    return Invalid([refusal_of(error, skip=skip) for error in listed[:MOST]])
