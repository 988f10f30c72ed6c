-- Grain: one administrative division.
select
    region_id,
    name,
    full_name,
    level,
    parent_region_id,
    is_fictional
from {{ ref('regions') }}
