-- What counted lines give to regions and get by transfer stands in fct_transfers, to the line and to the cent. One side may meet
-- several partners: then it stands once in each of their rows, and is one here.
with lines as (
    select
        budgets.fiscal_year,
        budgets.organization_id,
        projects.programme_name,
        budgets.recipient_region_id,
        budgets.is_transfer_payment,
        budgets.total_yuan
    from {{ ref('fct_project_budgets') }} as budgets
    inner join {{ ref('dim_projects') }} as projects
        on budgets.project_id = projects.project_id
    where budgets.is_counted and budgets.fiscal_year is not null
),

expected as (
    select
        'given' as side, fiscal_year, organization_id, programme_name, recipient_region_id as region_id,
        count(*) as line_count, cast(sum(total_yuan) as decimal(18, 2)) as yuan
    from lines
    where recipient_region_id is not null
    group by fiscal_year, organization_id, programme_name, recipient_region_id
    union all
    select
        'received' as side, lines.fiscal_year, lines.organization_id, lines.programme_name, organizations.region_id,
        count(*) as line_count, cast(sum(lines.total_yuan) as decimal(18, 2)) as yuan
    from lines
    inner join {{ ref('dim_organizations') }} as organizations
        on lines.organization_id = organizations.organization_id
    where lines.recipient_region_id is null and lines.is_transfer_payment
    group by lines.fiscal_year, lines.organization_id, lines.programme_name, organizations.region_id
),

transfers as (
    select distinct
        'given' as side, fiscal_year, giving_organization_id as organization_id, programme_name,
        receiving_region_id as region_id, given_line_count as line_count, given_yuan as yuan
    from {{ ref('fct_transfers') }}
    where giving_organization_id is not null
    union all
    select distinct
        'received' as side, fiscal_year, receiving_organization_id as organization_id, programme_name,
        receiving_region_id as region_id, received_line_count as line_count, received_yuan as yuan
    from {{ ref('fct_transfers') }}
    where receiving_organization_id is not null
),

lost as (
    select * from expected
    except all
    select * from transfers
),

invented as (
    select * from transfers
    except all
    select * from expected
)

select 'lost' as finding, lost.* from lost
union all
select 'invented' as finding, invented.* from invented
