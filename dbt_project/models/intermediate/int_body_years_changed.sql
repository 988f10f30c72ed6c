-- Grain: one body × fiscal year (0 where none is told) whose facts follow from something else than the marts were built from, or
-- of which no line is any more.
{{ config(materialized='view') }}
select
    coalesce(body_years.organization_id, built.organization_id) as organization_id,
    coalesce(body_years.fiscal_year, built.fiscal_year) as fiscal_year,
    coalesce(body_years.region_id, built.region_id) as region_id
from {{ ref('int_body_facts') }} as body_years
full outer join {{ ref('stg_raw__built_body_years') }} as built
    on body_years.organization_id = built.organization_id
    and body_years.fiscal_year = built.fiscal_year
where body_years.facts_key is distinct from built.facts_key
