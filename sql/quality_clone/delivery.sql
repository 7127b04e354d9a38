-- what: the delivery that the trials are of
-- grain: one row
-- key: delivery
-- source: delivery contract section 1
select * from reported.delivery
