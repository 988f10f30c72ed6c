-- Grain: one name that documents print for one organization; the rules by which it is that body, and their evidence.
select
    {{ hash_id(['organization_id', 'name_key']) }} as organization_name_id,
    organization_id,
    min(name) as name,
    min(rules) as rules,
    min(evidence) as evidence
from {{ ref('int_organization_names') }}
group by organization_id, name_key
