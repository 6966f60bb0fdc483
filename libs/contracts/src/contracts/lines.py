"""Text as it is compared and kept: composed (NFC), and without characters that nobody can see.

Format characters (Cf: zero-width marks, marks of direction, BOM, soft hyphen, tags) and other default-ignorable ones
are left out. One stays: a zero-width non-joiner between two letters of the Arabic script, where Persian and Kurdish
spelling needs it. The joiner is left out everywhere.
"""

import re
import sys
import unicodedata

ZWNJ = "\u200c"
IGNORED = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff"
"""Default-ignorable characters of Unicode beside Cf: fillers, variation selectors, tags."""
_FORMATS = "".join(
    character
    for character in map(chr, range(sys.maxunicode + 1))
    if unicodedata.category(character) == "Cf" and character != ZWNJ
)
_LETTER = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff\u0750-\u077f\u08a0-\u08c9"
)
_MARK = "\u064b-\u065f\u0670"
_UNSEEN = re.compile(f"[{IGNORED}{_FORMATS}]+|{ZWNJ}(?={ZWNJ})")
_NEEDLESS = re.compile(f"(?<![{_LETTER}{_MARK}]){ZWNJ}|{ZWNJ}(?![{_LETTER}])")
_BLANK = "\u2800"  # the empty braille pattern
PLAIN = re.compile("[ -~\u0621-\u063a\u0641-\u064a\u0660-\u0669،؛؟]*")
"""Text with nothing to normalise but its spaces: printable ASCII and Arabic letters without marks."""


def normalised(text: str) -> str:
    """The text composed and without what nobody can see; its white space as it was."""
    if text.isascii() or PLAIN.fullmatch(text):
        return text
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", text).replace(_BLANK, " "))
    if ZWNJ in seen:
        # Again, for what was left out may have kept two of them apart.
        seen = _NEEDLESS.sub("", _UNSEEN.sub("", seen))
    return unicodedata.normalize("NFC", seen)


def line(text: str) -> str:
    """The text normalised, as one line with single spaces."""
    return " ".join(normalised(text).split())


def paragraph(text: str) -> str:
    r"""The text normalised: lines with single spaces, a plain \n between them."""
    plain = normalised(text)
    if "\n" not in plain and len(plain.splitlines()) < 2:
        return " ".join(plain.split())
    return "\n".join(" ".join(each.split()) for each in plain.splitlines()).strip("\n")
