"""The code of a pack: whoever answers has had the pack, for nobody else knows the code.

It is an HMAC of the delivery, the hospital and what the pack is about, with a key that each home makes for itself. The
first part of the code says what the pack is about, so that a code can be checked without a list of all packs; an older
pack of the same delivery is still answered in, and its rows that are findings no longer are passed over.
"""

import hashlib
import hmac
import os
import re
import secrets
import tempfile
from pathlib import Path

from pipelines.engine import home as homes
from pipelines.errors import IsfError

NAME = "answer.key"
_BYTES = 32
_CODE = re.compile(r"P([0-9a-f]{12})-([0-9a-f]{32})")


def key(home: Path) -> bytes:
    """The home's key, made once and readable by its owner only. Raises IsfError where the file is no key."""
    path = home / NAME
    if not path.exists():
        _make(path)
    found = path.read_bytes()
    if len(found) != _BYTES:
        raise IsfError(
            f"{path} is not a key of {_BYTES} bytes. With another key no answer to a pack that was sent is accepted."
            " Remedy: put the file back from a copy, or remove it and send new packs."
        )
    return found


def _make(path: Path) -> None:
    """A key that appears whole: of two runs that make one at once, the first one's stands."""
    homes.make(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{NAME}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(secrets.token_bytes(_BYTES))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without links
            os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    homes.flush(path.parent)


def fingerprint(home: Path) -> str:
    """Which key the codes are made with, without saying the key."""
    return hashlib.sha256(b"fingerprint" + key(home)).hexdigest()


def code(home_key: bytes, delivery: str, hf_orgnr: str, findings_sha256: str) -> str:
    """The code of a hospital's pack of a delivery."""
    about = findings_sha256[:12]
    text = "\x1f".join((delivery, hf_orgnr, about)).encode("utf-8")
    return f"P{about}-{hmac.new(home_key, text, hashlib.sha256).hexdigest()[:32]}"


def is_code(home_key: bytes, delivery: str, hf_orgnr: str, given: str) -> bool:
    """Whether a code is that of some pack of the delivery to the hospital."""
    match = _CODE.fullmatch(given)
    return match is not None and hmac.compare_digest(code(home_key, delivery, hf_orgnr, match[1]), given)
