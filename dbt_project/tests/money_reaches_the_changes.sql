-- Per body and fiscal year that has a year before: every project of either year is one row of fct_project_changes, and the money
-- of both years is that of the counted lines, to the cent. Targets: every indicator of either year is one row, too.
with years as (
    select distinct organization_id, fiscal_year
    from {{ ref('fct_project_budgets') }}
    where is_counted and fiscal_year is not null and {{ is_tested_body('organization_id') }}
),

compared_years as (
    select years.organization_id, years.fiscal_year
    from years
    inner join years as years_before
        on years.organization_id = years_before.organization_id
        and years.fiscal_year = years_before.fiscal_year + 1
),

lines as (
    select
        budgets.organization_id,
        budgets.fiscal_year,
        count(distinct budgets.project_id) as project_count,
        sum(budgets.total_yuan) as yuan
    from {{ ref('fct_project_budgets') }} as budgets
    where budgets.is_counted and {{ is_tested_body('budgets.organization_id') }}
    group by budgets.organization_id, budgets.fiscal_year
),

targets as (
    select
        budgets.organization_id,
        facts.fiscal_year,
        count(distinct concat(facts.project_id, '/', facts.indicator_id)) as indicator_count
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where facts.is_counted and facts.period = 'annual' and {{ is_tested_body('budgets.organization_id') }}
    group by budgets.organization_id, facts.fiscal_year
),

expected as (
    select
        compared_years.organization_id,
        compared_years.fiscal_year,
        this_year.project_count,
        year_before.project_count as previous_project_count,
        this_year.yuan,
        year_before.yuan as previous_yuan,
        coalesce(targets.indicator_count, 0) as indicator_count,
        coalesce(targets_before.indicator_count, 0) as previous_indicator_count
    from compared_years
    inner join lines as this_year
        on compared_years.organization_id = this_year.organization_id
        and compared_years.fiscal_year = this_year.fiscal_year
    inner join lines as year_before
        on compared_years.organization_id = year_before.organization_id
        and compared_years.fiscal_year = year_before.fiscal_year + 1
    left join targets
        on compared_years.organization_id = targets.organization_id
        and compared_years.fiscal_year = targets.fiscal_year
    left join targets as targets_before
        on compared_years.organization_id = targets_before.organization_id
        and compared_years.fiscal_year = targets_before.fiscal_year + 1
),

indicator_changes as (
    select
        organization_id,
        fiscal_year,
        count(*) filter (where change <> 'dropped') as indicator_count,
        count(*) filter (where change <> 'new') as previous_indicator_count
    from {{ ref('fct_indicator_changes') }}
    where {{ is_tested_body('organization_id') }}
    group by organization_id, fiscal_year
),

project_changes as (
    select
        organization_id,
        fiscal_year,
        count(*) filter (where change <> 'dropped') as project_count,
        count(*) filter (where change <> 'new') as previous_project_count,
        sum(total_yuan) as yuan,
        sum(previous_total_yuan) as previous_yuan
    from {{ ref('fct_project_changes') }}
    where {{ is_tested_body('organization_id') }}
    group by organization_id, fiscal_year
),

changes as (
    select
        project_changes.organization_id,
        project_changes.fiscal_year,
        project_changes.project_count,
        project_changes.previous_project_count,
        project_changes.yuan,
        project_changes.previous_yuan,
        coalesce(indicator_changes.indicator_count, 0) as indicator_count,
        coalesce(indicator_changes.previous_indicator_count, 0) as previous_indicator_count
    from project_changes
    left join indicator_changes
        on project_changes.organization_id = indicator_changes.organization_id
        and project_changes.fiscal_year = indicator_changes.fiscal_year
),

lost as (
    select * from expected
    except
    select * from changes
),

invented as (
    select * from changes
    except
    select * from expected
)

select 'lost' as finding, lost.* from lost
union all
select 'invented' as finding, invented.* from invented
