-- what: the region that answers for each treating trust in result-based financing: its owner, or the agreement's
-- grain: one row per trust, and per region that reports under its own number
-- key: hf_orgnr
-- source: assumption `region` of the year's scheme
select hf_orgnr, rhf_orgnr from ref.trust
union
select rhf_orgnr as hf_orgnr, rhf_orgnr from ref.trust
