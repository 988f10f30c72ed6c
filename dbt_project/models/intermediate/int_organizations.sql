-- Grain: one department or unit.
with named_bodies as (
    select
        organization_id,
        -- of several names one that is of today, where one is printed
        coalesce(
            min(name) filter (where not contains(rules, 'renamed') and not contains(rules, 'former')), min(name)
        ) as name,
        min(region_id) as region_id,
        bool_or(is_publisher) as is_publisher,
        min(publisher_organization_id) filter (where publisher_organization_id != organization_id)
            as first_publisher_organization_id
    from {{ ref('int_organization_names') }}
    group by organization_id
),

unnamed_bodies as (
    select
        publisher_organization_id as organization_id,
        '未署名（' || left(document_id, 8) || '）' as name
    from {{ ref('int_documents') }}
    where is_unnamed
)

select
    organization_id,
    name,
    region_id,
    case when not is_publisher then first_publisher_organization_id end as parent_organization_id,
    is_publisher,
    false as is_unnamed
from named_bodies
union all
select
    organization_id,
    name,
    null as region_id,
    null as parent_organization_id,
    true as is_publisher,
    true as is_unnamed
from unnamed_bodies
