-- Grain: one department or unit.
select
    organization_id,
    name,
    region_id,
    parent_organization_id,
    is_publisher,
    is_unnamed
from {{ ref('int_organizations') }}
