-- What counted lines of transfers give and get stands in fct_transfers, each side once: to the line and to the cent, and so its sums
-- are those of the lines.
with expected as (
    select
        budgets.transfer_side as side,
        budgets.fiscal_year,
        projects.programme_name,
        count(*) as line_count,
        cast(sum(budgets.total_yuan) as decimal(38, 2)) as yuan
    from {{ ref('fct_project_budgets') }} as budgets
    inner join {{ ref('dim_projects') }} as projects
        on budgets.project_id = projects.project_id
    where budgets.is_counted and budgets.fiscal_year is not null and budgets.is_transfer_payment
    group by budgets.transfer_side, budgets.fiscal_year, projects.programme_name
),

sides as (
    select 'given' as side, fiscal_year, programme_name, given_line_count as line_count, given_yuan as yuan
    from {{ ref('fct_transfers') }}
    where given_line_count > 0
    union all
    select 'received' as side, fiscal_year, programme_name, received_line_count as line_count, received_yuan as yuan
    from {{ ref('fct_transfers') }}
    where received_line_count > 0
),

transfers as (
    select
        side,
        fiscal_year,
        programme_name,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(yuan) as decimal(38, 2)) as yuan
    from sides
    group by side, fiscal_year, programme_name
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
