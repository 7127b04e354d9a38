-- What:  Reporting institutions.
-- Key:   inst_nr
select row_number() over (order by institution)::integer as inst_nr, institution, hf_orgnr as hf, name, type, share_som, share_phv
from syn.institutions
order by inst_nr
