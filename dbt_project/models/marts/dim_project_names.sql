-- Grain: one name that one organization prints; the project it is, and the rules that say so.
select
    {{ hash_id(['organization_id', 'normalized_name']) }} as project_name_id,
    organization_id,
    normalized_name as name,
    project_id,
    rules,
    recipient_region_id,
    transfer_reference
from {{ ref('int_project_names') }}
