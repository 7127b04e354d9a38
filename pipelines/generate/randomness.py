"""Numbers made of names: seeds. The pseudo-random numbers themselves are macros (`sql/macros.sql`).

Every entity (course of treatment, stay, episode, person) has a 64-bit key made of the seed and its own
number; a number for a purpose is the hash of key and purpose. So a delivery is the same at any thread
count, and a stay is the same in every delivery of the year.
"""

import hashlib


def number(*parts: object) -> int:
    """A 62-bit number from any parts, the same on every machine."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little") >> 2
