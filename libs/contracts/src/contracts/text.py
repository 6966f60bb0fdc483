"""What a line of text is: what is not seen is not there, so that two lines that look the same are the same.

Unicode's canonical composition (NFC); no format characters (category Cf: zero-width, direction and tag characters, the
joiners too, without which a name is still read), no variation selectors and no letters that are blank.
"""

import re
import unicodedata

# Cf, then what is blank without being Cf: grapheme joiner, fillers, Khmer and Mongolian marks, variation selectors.
_UNSEEN = re.compile(
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\u2800\ufe00-\ufe0f]"
)
MOST_MARKS = 30
_LONG_RUN = re.compile(rf"[^\w\s\x00-\x7f]{{{MOST_MARKS + 1}}}")
"""What may be a run of marks: none of them is a letter, a digit or a space."""
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_GAPS = re.compile(r"[^\S\n]")


def seen(text: str) -> str:
    """The text without what nobody sees, composed."""
    if text.isascii():
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


def one_line(text: str) -> str:
    """The text as a line: line breaks, tabs and runs of spaces of every kind are one space, none at its ends."""
    return " ".join(seen(text).split())


def paragraph(text: str) -> str:
    """The text with its line breaks, as `\\n`, and with no other control; gaps within a line are spaces."""
    return _GAPS.sub(" ", _BREAKS.sub("\n", seen(text))).strip()
