-- Grain: one beginning of a body's name that names exactly one region: 广东省广州市越秀区, 广州市越秀区, 越秀区.
-- A beginning that several regions share (鼓楼区) names none, nor does one of two characters (郊区, 矿区).
with regions as (
    select
        regions.region_id,
        regions.name,
        regions.full_name,
        regions.level,
        parents.name as parent_name,
        parents.level as parent_level
    from {{ ref('regions') }} as regions
    left join {{ ref('regions') }} as parents
        on regions.parent_region_id = parents.region_id
),

spellings as (
    select region_id, full_name as prefix from regions
    union
    select region_id, name as prefix from regions
    union
    select region_id, parent_name || name as prefix from regions where parent_level != 'country'
    union
    select region_id, '国家' as prefix from regions where level = 'country'
)

select
    prefix,
    length(prefix) as prefix_length,
    min(region_id) as region_id
from spellings
where length(prefix) > 2 or prefix = '国家'
group by prefix
having count(distinct region_id) = 1
