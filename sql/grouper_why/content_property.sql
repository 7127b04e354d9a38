-- what: the properties of each content that rules ask for, after recoding by sex
-- grain: one row per content and property
-- key: content_nr, property_nr
-- source: docs/grouper.md, How a rule is matched: diagnosis properties, procedure properties
select distinct
    content_class.content_nr,
    class_property.property_nr,
from content_class
inner join content_feature on content_feature.content_nr = content_class.content_nr
inner join class_property
    on class_property.class_nr = content_class.class_nr
    and class_property.sex_mask >> content_feature.sex_state & 1 = 1
