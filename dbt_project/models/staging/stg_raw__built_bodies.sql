-- Grain: one body as the last build left it; see int_body_facts.
select
    organization_id,
    facts_key
from {{ source('raw', 'built_bodies') }}
