-- What:  Pseudo-random numbers that depend on what they are for, never on the order in which they are drawn.
-- Note:  `k` is the 64-bit key of an entity; key_of(seed, nr) makes it.
create or replace macro key_of(seed, nr) as hash(xor(hash(nr::ubigint), seed::ubigint));
create or replace macro u(k, purpose) as (hash(xor(k, hash(purpose))) >> 11)::double * 1.1102230246251565e-16;
create or replace macro pick(k, purpose, n) as (hash(xor(k, hash(purpose))) % (n)::ubigint)::bigint;
create or replace macro one_of(k, purpose, l) as
    l[1 + (hash(xor(k, hash(purpose))) % greatest(len(l), 1)::ubigint)::bigint];
create or replace macro normal_draw(k, purpose) as
    sqrt(-2 * ln(1 - u(k, purpose || ' a'))) * cos(2 * pi() * u(k, purpose || ' b'));
create or replace macro how_many(k, purpose, mean, most) as
    least(most, floor(-ln(1 - u(k, purpose)) * (mean + 0.12) + 0.12))::integer;
