"""Text on the screen or in a log: readable in any encoding, and never a command to the terminal."""

import codecs
import re
import sys
import unicodedata

# Control characters (a terminal acts on them) and marks that turn the direction of the text around.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_PLAIN = {
    "\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "–": "-", "—": "-", "─": "-", "│": "|", "→": "->", "·": "-",
    "…": "...", "≥": ">=", "≤": "<=", "×": "x", "§": "par.", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "«": '"',
    "»": '"', "“": '"', "”": '"', "’": "'", "✓": "v", "✗": "x",
}  # fmt: skip


def plain(text: str) -> str:
    """The text with every control character but line ends and tabs as `\\u001b`, which is also what JSON says."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def readable() -> None:
    """Let standard output and error write what their encoding lacks as something readable."""
    codecs.register_error("readable", _readable)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="readable")


def _readable(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = "".join(_in_ascii(mark) for mark in error.object[error.start : error.end])
    return text, error.end


def _in_ascii(mark: str) -> str:
    """A character in ASCII: `å` is `a`, `─` is `-`; what has no likeness is `?`."""
    known = _PLAIN.get(mark, unicodedata.normalize("NFKD", mark))
    return known.encode("ascii", "ignore").decode("ascii") or "?"
