"""Pseudo-random numbers that depend on what they are for, never on the order in which they are drawn.

Every entity (course of treatment, stay, episode, person) has a 64-bit key made of the seed and its own number; a number
for a purpose is the hash of key and purpose. So a delivery is the same at any thread count, and a stay is the same in
every delivery of the year.
"""

import hashlib

import duckdb

_MACROS = """
create or replace macro key_of(seed, nr) as hash(xor(hash(nr::ubigint), seed::ubigint));
create or replace macro draw(k, purpose) as hash(xor(k, hash(purpose)));
create or replace macro u(k, purpose) as (hash(xor(k, hash(purpose))) >> 11)::double * 1.1102230246251565e-16;
create or replace macro pick(k, purpose, n) as (hash(xor(k, hash(purpose))) % (n)::ubigint)::bigint;
create or replace macro one_of(k, purpose, l) as
    l[1 + (hash(xor(k, hash(purpose))) % greatest(len(l), 1)::ubigint)::bigint];
create or replace macro normal(k, purpose) as
    sqrt(-2 * ln(1 - u(k, purpose || ' a'))) * cos(2 * pi() * u(k, purpose || ' b'));
create or replace macro how_many(k, purpose, mean, most) as
    least(most, floor(-ln(1 - u(k, purpose)) * (mean + 0.12) + 0.12))::integer;
"""


def number(*parts: object) -> int:
    """A 64-bit number from any parts, the same on every machine."""
    text = "\x1f".join(map(str, parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


def create_macros(con: duckdb.DuckDBPyConnection) -> None:
    """The macros `key_of`, `u`, `pick`, `one_of`, `normal` and `how_many`."""
    con.execute(_MACROS)
