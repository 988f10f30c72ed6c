-- Grain: one programme × fiscal year × receiving region, as far as documents tell either side: what bodies say they give to a region
-- below their own, against what bodies of that region say they get for the same programme and year. All bodies of a side are one
-- sum, so that no money stands in two rows. Where no region is told, every body has a row of its own.
with lines as (
    select
        budgets.*,
        projects.programme_name,
        organizations.region_id
    from {{ ref('fct_project_budgets') }} as budgets
    inner join {{ ref('dim_projects') }} as projects
        on budgets.project_id = projects.project_id
    inner join {{ ref('dim_organizations') }} as organizations
        on budgets.organization_id = organizations.organization_id
    where budgets.is_counted and budgets.fiscal_year is not null
),

given as (
    select
        fiscal_year,
        programme_name,
        recipient_region_id as region_id,
        case when count(distinct organization_id) = 1 then min(organization_id) end as organization_id,
        count(distinct organization_id) as body_count,
        cast(sum(total_yuan) as decimal(18, 2)) as yuan,
        count(*) as line_count
    from lines
    where transfer_side = 'given'
    group by fiscal_year, programme_name, recipient_region_id, case when recipient_region_id is null then organization_id end
),

received as (
    select
        fiscal_year,
        programme_name,
        region_id,
        case when count(distinct organization_id) = 1 then min(organization_id) end as organization_id,
        count(distinct organization_id) as body_count,
        {{ joined('transfer_reference', ', ', order_by='transfer_reference', distinct=true) }} as transfer_references,
        cast(sum(total_yuan) as decimal(18, 2)) as yuan,
        count(*) as line_count
    from lines
    where transfer_side = 'received'
    group by fiscal_year, programme_name, region_id, case when region_id is null then organization_id end
),

-- whose documents of a year could hold the other side
told_regions as (
    select distinct fiscal_year, region_id
    from lines
    where region_id is not null
),

told_below as (
    select distinct told_regions.fiscal_year, descents.descendant_region_id as region_id
    from told_regions
    inner join {{ ref('int_region_descendants') }} as descents
        on told_regions.region_id = descents.region_id
),

joined as (
    select
        coalesce(given.fiscal_year, received.fiscal_year) as fiscal_year,
        coalesce(given.programme_name, received.programme_name) as programme_name,
        given.organization_id as giving_organization_id,
        coalesce(given.region_id, received.region_id) as receiving_region_id,
        received.organization_id as receiving_organization_id,
        coalesce(given.body_count, 0) as giving_body_count,
        coalesce(received.body_count, 0) as receiving_body_count,
        given.yuan as given_yuan,
        received.yuan as received_yuan,
        coalesce(given.line_count, 0) as given_line_count,
        coalesce(received.line_count, 0) as received_line_count,
        received.transfer_references
    from given
    full outer join received
        on given.fiscal_year = received.fiscal_year
        and given.programme_name = received.programme_name
        and given.region_id = received.region_id
)

select
    {{ hash_id([
        'joined.fiscal_year', 'programme_name', 'giving_organization_id', 'receiving_region_id',
        'receiving_organization_id'
    ]) }} as transfer_id,
    joined.fiscal_year,
    joined.programme_name,
    joined.giving_organization_id,
    joined.receiving_region_id,
    joined.receiving_organization_id,
    joined.giving_body_count,
    joined.receiving_body_count,
    joined.given_yuan,
    joined.received_yuan,
    cast(joined.received_yuan - joined.given_yuan as decimal(18, 2)) as difference_yuan,
    joined.given_line_count,
    joined.received_line_count,
    joined.transfer_references,
    case
        when joined.given_yuan is not null and joined.received_yuan is not null
            then case when joined.given_yuan = joined.received_yuan then 'traced' else 'amounts_differ' end
        when joined.given_line_count > 0 and joined.received_line_count > 0 then 'no_amount'
        when joined.given_line_count > 0 and joined.receiving_region_id is null then 'receiver_not_named'
        when joined.given_line_count > 0 and told_regions.region_id is null then 'no_document_of_receiver'
        when joined.given_line_count > 0 then 'no_line_of_this_name_received'
        when told_below.region_id is null then 'no_document_of_giver'
        else 'no_line_of_this_name_given'
    end as status
from joined
left join told_regions
    on joined.fiscal_year = told_regions.fiscal_year
    and joined.receiving_region_id = told_regions.region_id
left join told_below
    on joined.fiscal_year = told_below.fiscal_year
    and joined.receiving_region_id = told_below.region_id
