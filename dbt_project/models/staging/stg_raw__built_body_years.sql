-- Grain: one body × fiscal year as the last build left it; see int_body_facts.
select
    organization_id,
    fiscal_year,
    region_id,
    facts_key
from {{ source('raw', 'built_body_years') }}
