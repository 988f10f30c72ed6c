-- What counted lines of transfers give and get stands in fct_transfers on one side or the other, to the line and to the cent. One
-- side may meet several partners: then it stands in each of their rows, and is one here.
with expected as (
    select
        budgets.fiscal_year,
        budgets.organization_id,
        projects.programme_name,
        count(*) as line_count,
        cast(sum(budgets.total_yuan) as decimal(38, 2)) as yuan
    from {{ ref('fct_project_budgets') }} as budgets
    inner join {{ ref('dim_projects') }} as projects
        on budgets.project_id = projects.project_id
    where budgets.is_counted and budgets.fiscal_year is not null and budgets.is_transfer_payment
    group by budgets.fiscal_year, budgets.organization_id, projects.programme_name
),

sides as (
    select distinct
        'given' as side, fiscal_year, giving_organization_id as organization_id, programme_name, receiving_region_id,
        given_line_count as line_count, given_yuan as yuan
    from {{ ref('fct_transfers') }}
    where given_line_count > 0
    union all
    select distinct
        'received' as side, fiscal_year, receiving_organization_id as organization_id, programme_name, receiving_region_id,
        received_line_count as line_count, received_yuan as yuan
    from {{ ref('fct_transfers') }}
    where received_line_count > 0
),

transfers as (
    select
        fiscal_year,
        organization_id,
        programme_name,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(yuan) as decimal(38, 2)) as yuan
    from sides
    group by fiscal_year, organization_id, programme_name
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
