-- Grain: one beginning of a body's name that names exactly one region: 广东省广州市越秀区, 广州市越秀区, 越秀区.
-- A beginning that several regions share (鼓楼区) names none, nor does one of two characters (郊区, 矿区). A division's former
-- name names the region it became, unless it is the name of a division of today (哈密市). Bodies of the State that print no
-- place (财政部) are of the country. `spelling` is the one beginning that stands for all of a region's in a body's id; a
-- division that went up in another keeps one of its own there, because its bodies are not those of the other.
with regions as (
    select
        regions.region_id,
        regions.name,
        regions.full_name,
        regions.level,
        parents.name as parent_name,
        parents.level as parent_level,
        case when regions.level = 'county' then concat(parents.name, regions.name) else regions.name end as spelling
    from {{ ref('regions') }} as regions
    left join {{ ref('regions') }} as parents
        on regions.parent_region_id = parents.region_id
),

today as (
    select region_id, full_name as prefix, spelling from regions
    union
    select region_id, name as prefix, spelling from regions
    union
    select region_id, parent_name || name as prefix, spelling from regions where parent_level != 'country'
    union
    select region_id, '国家' as prefix, '国家' as spelling from regions where level = 'country'
    union
    select regions.region_id, bodies.name as prefix, bodies.name as spelling
    from {{ ref('national_bodies') }} as bodies
    cross join regions
    where regions.level = 'country'
),

changes as (
    select
        changes.*,
        case
            when changes.what = 'renamed' then regions.spelling
            else concat(changes.former_parent_name, changes.former_name)
        end as spelling
    from {{ ref('region_changes') }} as changes
    inner join regions
        on changes.region_id = regions.region_id
),

former as (
    select region_id, former_full_name as prefix, spelling, evidence from changes
    union
    select region_id, former_name as prefix, spelling, evidence from changes
    union
    select region_id, former_parent_name || former_name as prefix, spelling, evidence from changes
),

spellings as (
    select region_id, prefix, spelling, false as is_former, cast(null as string) as evidence from today
    union all
    select former.region_id, former.prefix, former.spelling, true as is_former, former.evidence
    from former
    left join today
        on former.prefix = today.prefix
    where today.prefix is null
)

select
    prefix,
    length(prefix) as prefix_length,
    min(region_id) as region_id,
    min(spelling) as spelling,
    bool_or(is_former) as is_former,
    min(evidence) as evidence
from spellings
where length(prefix) > 2 or prefix = '国家'
group by prefix
having count(distinct region_id) = 1
