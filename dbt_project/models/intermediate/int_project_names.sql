-- Grain: one project: a normalized name under one organization; what the name says beyond itself.
with names as (
    select distinct
        project_id,
        organization_id,
        normalized_name,
        {{ bracketed_ending('normalized_name') }} as bracketed_ending
    from {{ ref('int_project_lines') }}
),

recipients as (
    select
        names.project_id,
        min(regions.descendant_region_id) as recipient_region_id
    from names
    inner join {{ ref('int_organizations') }} as organizations
        on names.organization_id = organizations.organization_id
    inner join {{ ref('int_region_descendants') }} as regions
        on organizations.region_id = regions.region_id
        and names.bracketed_ending = regions.descendant_name
    group by names.project_id
    having count(distinct regions.descendant_region_id) = 1
),

recognized as (
    select
        names.project_id,
        names.organization_id,
        names.normalized_name,
        recipients.recipient_region_id,
        -- 本级 is the body's own share of a programme whose other shares name their districts
        case
            when recipients.project_id is not null or names.bracketed_ending = '本级'
                then {{ without_bracketed_ending('names.normalized_name') }}
            else names.normalized_name
        end as name_without_recipient
    from names
    left join recipients
        on names.project_id = recipients.project_id
)

select
    project_id,
    organization_id,
    normalized_name,
    coalesce(
        nullif({{ without_leading_reference('name_without_recipient') }}, ''),
        normalized_name
    ) as programme_name,
    recipient_region_id,
    contains(normalized_name, '转移支付') or recipient_region_id is not null as is_transfer_payment,
    {{ transfer_reference('normalized_name') }} as transfer_reference
from recognized
