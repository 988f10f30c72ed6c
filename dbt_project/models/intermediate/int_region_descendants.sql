-- Grain: one region below another, at any depth.
{{ config(materialized='view') }}
with recursive descents as (
    select
        parent_region_id as region_id,
        region_id as descendant_region_id,
        name as descendant_name
    from {{ ref('regions') }}
    where parent_region_id is not null
    union all
    select
        parents.parent_region_id as region_id,
        descents.descendant_region_id,
        descents.descendant_name
    from descents
    inner join {{ ref('regions') }} as parents
        on descents.region_id = parents.region_id
    where parents.parent_region_id is not null
)

select
    region_id,
    descendant_region_id,
    descendant_name
from descents
