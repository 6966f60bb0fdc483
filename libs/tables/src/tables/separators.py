"""The marks in written numbers: which of them part thousands, which part a fraction, and where one may be either."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

LONGEST_NUMBER = 60

_SAME = str.maketrans({"−": "-", "﹣": "-", "－": "-", "＋": "+", "،": ",", "，": ",", "．": "."})
_FIRST = re.compile(r"\s*[-+−﹣－＋]?\s?\d")
_BETWEEN = r"\s|['’‘ʼ`´′＇٬]"
"""What parts thousands and nothing else: every blank Unicode has, apostrophes, the Arabic thousands separator."""
_WHOLE = re.compile(r"\d+")
_GROUPED = re.compile(rf"\d{{1,3}}({_BETWEEN})\d{{3}}(?:\1\d{{3}})*(?:([.,٫])(\d+))?")
_MARKED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*(?:([.,٫])(\d+))?")
_FRACTION = re.compile(r"(\d+)([.,٫])(\d+)")
_EXPONENT = re.compile(r"\d+(?:[.,٫]\d+)?[eE]([-+]?)\d{1,3}")


class DecimalMark(StrEnum):
    """What parts a fraction from its whole."""

    POINT = "."
    COMMA = ","


@dataclass(frozen=True)
class WrittenNumber:
    """A number as it was written."""

    plain: str
    """In plain digits with a point, as it is where nothing is doubtful."""
    grouped: bool = False
    """Whether thousands are parted."""
    fraction: DecimalMark | None = None
    """The mark that is shown to part fractions: it stands where only it can, or thousands have the other."""
    doubtful: str | None = None
    """`1.000` and `1,000` as fractions, where `plain` reads them as thousands."""
    digits_lost: bool = False
    """`2.02602E+15`: what a spreadsheet shows of a number that was too long for its column."""

    @property
    def comma_as_point(self) -> bool:
        return self.fraction is DecimalMark.COMMA and "." in self.plain


@lru_cache(maxsize=20_000)
def written(text: str) -> WrittenNumber | None:
    """The number a text is, by itself; none where it is no number."""
    if len(text) > LONGEST_NUMBER or not _FIRST.match(text):
        return None
    plain = digits(text).translate(_SAME).strip()
    sign = "-" if plain[0] == "-" else ""
    body = plain[1:].lstrip() if plain[0] in "+-" else plain
    found = _read(body)
    if found is None or not sign:
        return found
    doubtful = found.doubtful and sign + found.doubtful
    return WrittenNumber(sign + found.plain, found.grouped, found.fraction, doubtful, found.digits_lost)


def digits(text: str) -> str:
    """Decimal digits of every script as Western ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _read(body: str) -> WrittenNumber | None:
    if _WHOLE.fullmatch(body):
        return WrittenNumber(body)
    if found := _GROUPED.fullmatch(body):
        whole = body[: found.start(2)] if found[2] else body
        mark = _mark(found[2]) if found[2] else None
        return WrittenNumber(_joined("".join(re.findall(r"\d", whole)), found[3]), grouped=True, fraction=mark)
    if found := _MARKED.fullmatch(body):
        return _marked(body, found)
    if found := _FRACTION.fullmatch(body):
        return WrittenNumber(f"{found[1]}.{found[3]}", fraction=_mark(found[2]))
    if found := _EXPONENT.fullmatch(body):
        return _with_exponent(body, found[1])
    return None


def _marked(body: str, found: re.Match[str]) -> WrittenNumber | None:
    """`1,234`, `1.234.567`, `1,234.56`; a leading zero parts no thousands."""
    parts = found[1]
    if found[2] == parts:
        return None
    whole = body[: found.start(2)] if found[2] else body
    groups = whole.split(parts)
    if int(groups[0]) == 0:
        return None if len(groups) > 2 or found[2] else WrittenNumber(f"0.{groups[1]}", fraction=_mark(parts))
    sure = found[2] or len(groups) > 2
    return WrittenNumber(
        _joined("".join(groups), found[3]),
        grouped=True,
        fraction=DecimalMark.COMMA if parts == "." else DecimalMark.POINT,
        doubtful=None if sure else ".".join(groups),
    )


def _with_exponent(body: str, sign: str) -> WrittenNumber | None:
    number = Decimal(body.replace(",", ".").replace("٫", "."))
    if sign != "-" and number:
        return WrittenNumber(body, digits_lost=True)
    return WrittenNumber(format(number, "f"))


def _mark(letter: str) -> DecimalMark | None:
    """The Arabic decimal separator is nothing else, and proves nothing of the others."""
    return {".": DecimalMark.POINT, ",": DecimalMark.COMMA}.get(letter)


def _joined(whole: str, fraction: str | None) -> str:
    return f"{whole}.{fraction}" if fraction else whole
