-- Grain: one body whose facts follow from something else than the marts were built from, or of which no line is any more.
{{ config(materialized='view') }}
select coalesce(bodies.organization_id, built.organization_id) as organization_id
from {{ ref('int_body_facts') }} as bodies
full outer join {{ ref('stg_raw__built_bodies') }} as built
    on bodies.organization_id = built.organization_id
where bodies.facts_key is distinct from built.facts_key
