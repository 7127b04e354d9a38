-- what: what a criterion of the logic may hold, per column: a pattern, and the same for people
-- grain: one row per criterion column of `drglogic`
-- key: column_name
-- source: docs/grouper.md, Definition tables: an operator or a value that has no meaning there is refused
select
    column_name,
    pattern,
    known,
from (
    values
    ('icd', '[+-]', '+ (a category) or - (none)'),
    ('mdc', '-?[0-9A-Za-z]{2}', 'the two characters of a chapter, with - before it for any other'),
    ('dgcat1', '-?[0-9A-Za-z]{3,}', 'a category, with - before it for any other'),
    ('pdgprop', '-?[0-9A-Za-z]+', 'a property, with - before it for one that must be absent'),
    ('or', '[SPNZ+-]|-[SPNZ]', 'S, P, N, Z, + or -'),
    ('procpro1', '-?[0-9A-Za-z]+', 'a property, with - before it for one that must be absent'),
    (
        'secproc1',
        '-?[0-9A-Za-z]+|-',
        'a property, with - before it for one that must be absent, or - alone for no other operation'
    ),
    ('dgprop1', '-?[0-9A-Za-z]+', 'a property, with - before it for one that must be absent'),
    ('dgprop2', '-?[0-9A-Za-z]+', 'a property, with - before it for one that must be absent'),
    ('dgprop3', '-?[0-9A-Za-z]+', 'a property, with - before it for one that must be absent'),
    ('dgprop4', '-?[0-9A-Za-z]+', 'a property, with - before it for one that must be absent'),
    ('agelim', '[<>]-?[0-9]{1,9}', '< or > and a whole number of days'),
    ('dur', '[<>]-?[0-9]{1,9}', '< or > and a whole number'),
    ('compl', '[+<>-]?[0-9]{1,9}', 'a whole number, alone or behind +, <, > or -'),
    ('sex', '[MF-]', 'M, F or - (not known)'),
    ('disch', '[NERH]|-[ERH]', 'N (alive), E, R or H, with - before a mode for any other')
) as form(column_name, pattern, known)
