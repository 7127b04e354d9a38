-- The parameters of the rule set in use, for the models to ask for: functions of schema `ref`, made with its tables.
-- What a model asks for stands in its text as rule and parameter, so nothing else declares it.
-- A rule that the set does not have pays nothing: its values are null, its lists empty.

create or replace macro ref.points
    (rule_id) as (
        select max(points) from ref.parameter where rule = rule_id and parameter = 'points'
    ),
    (rule_id, name) as (
        select max(points) from ref.parameter where rule = rule_id and parameter = name
    );

create or replace macro ref.number
    (rule_id, name) as (
        select max(number) from ref.parameter where rule = rule_id and parameter = name
    );

create or replace macro ref.single_code
    (rule_id, name) as (
        select max(value) from ref.parameter where rule = rule_id and parameter = name
    );

create or replace macro ref.has_rule
    (rule_id) as (
        select count(*) > 0 from ref.rule where rule = rule_id
    );

create or replace macro ref.codes
    (rule_id, name) as table (
        select value as code from ref.parameter where rule = rule_id and parameter = name
    );

create or replace macro ref.numbers
    (rule_id, name) as table (
        select number from ref.parameter where rule = rule_id and parameter = name
    );

create or replace macro ref.codes_of_all_rules
    (name) as table (
        select distinct value as code from ref.parameter where parameter = name
    );
