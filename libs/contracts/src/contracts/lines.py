"""Text as it is compared and kept: composed (NFC), and without characters that nobody can see.

Format characters (Cf: zero-width marks, joiners, marks of direction, BOM, soft hyphen, tags) and other
default-ignorable ones are left out, and what is blank without being a space. The non-joiner goes too: in Persian and
Kurdish it parts letters, without it a name is still read, and no name or id may differ by it alone.
"""

import re
import unicodedata

_UNSEEN = re.compile(
    # Cf
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    # Grapheme joiner, fillers, Khmer and Mongolian marks, variation selectors, the empty braille pattern.
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\u2800\ufe00-\ufe0f]"
)
_WIDE = {0xFF01 + place: 0x21 + place for place in range(94)}
_DIGITS = {first + place: 0x30 + place for first in (0x0660, 0x06F0) for place in range(10)}
_HYPHENS = dict.fromkeys((*range(0x2010, 0x2014), 0x2212, 0xFE58, 0xFE63), 0x2D)
AS_CODE = {**_WIDE, **_DIGITS, **_HYPHENS, 0x0640: None}
"""Full-width forms, digits of Arabic script and hyphens as ASCII has them, no tatweel."""
_PRESENTED = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]+")
"""Arabic letters as they are drawn within a word, which some PDF and old systems write."""
MOST_MARKS = 30
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1}}}")
"""What may be a run of marks: none of them is a letter, a digit or a space."""
PLAIN = re.compile("[ -~\u0621-\u063a\u0641-\u064a\u0660-\u0669،؛؟]*")
"""Text with nothing to normalise but its spaces: printable ASCII and Arabic letters without marks."""


def normalised(text: str) -> str:
    """The text composed and without what nobody can see; its white space as it was."""
    if text.isascii() or PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", stream_safe(_UNSEEN.sub("", text)))


def stream_safe(text: str) -> str:
    """No more than 30 marks on one letter (Unicode's Stream-Safe Text Format, UAX 15): a longer run costs whoever
    normalises it its length squared, and no language writes it.
    """
    if not _LONG_RUN.search(text):
        return text
    kept, run = [], 0
    for letter in text:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def line(text: str) -> str:
    """The text normalised, as one line with single spaces."""
    return " ".join(normalised(text).split())


def code(text: str) -> str:
    """A code, an id or a number as it is compared: one line, with the digits and letters of ASCII, not drawn out."""
    if text.isascii():
        return " ".join(text.split())
    plain = _PRESENTED.sub(lambda drawn: unicodedata.normalize("NFKC", drawn[0]), line(text))
    return plain.translate(AS_CODE)


def as_code(value: object) -> object:
    """A code with the letters and digits of ASCII and without what nobody sees; anything else as it is."""
    return code(value) if isinstance(value, str) and not value.isascii() else value


def paragraph(text: str) -> str:
    r"""The text normalised: lines with single spaces, a plain \n between them."""
    plain = normalised(text)
    if "\n" not in plain and len(plain.splitlines()) < 2:
        return " ".join(plain.split())
    return "\n".join(" ".join(each.split()) for each in plain.splitlines()).strip("\n")
