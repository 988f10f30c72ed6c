-- Grain: one project × fiscal year, against the year before; only for bodies of which counted lines tell of both years.
{{
    config(
        materialized='incremental',
        incremental_strategy='differing',
        unique_key=['project_id', 'fiscal_year'],
        meta={'made_anew': 'comparisons_made_anew'}
    )
}}
with budgets as (
    select *
    from {{ ref('int_project_years') }} as years
    where {{ is_compared_anew('years') }}
),

{{ years_beside('budgets', ['project_id', 'total_yuan']) }},

joined as (
    select
        coalesce(this_year.organization_id, year_before.organization_id) as organization_id,
        coalesce(this_year.project_id, year_before.project_id) as project_id,
        coalesce(this_year.fiscal_year, year_before.fiscal_year) as fiscal_year,
        this_year.total_yuan,
        year_before.total_yuan as previous_total_yuan,
        case
            when year_before.project_id is null then 'new'
            when this_year.project_id is null then 'dropped'
            when this_year.total_yuan > year_before.total_yuan then 'raised'
            when this_year.total_yuan < year_before.total_yuan then 'lowered'
            when this_year.total_yuan = year_before.total_yuan then 'unchanged'
            else 'not_comparable'
        end as change
    from this_year
    full outer join year_before
        on this_year.project_id = year_before.project_id
        and this_year.fiscal_year = year_before.fiscal_year
    where {{ is_of_changed_comparison('this_year', 'year_before') }}
),

targets as (
    select
        project_id,
        fiscal_year,
        count(*) filter (where change = 'raised') as raised_count,
        count(*) filter (where change = 'lowered') as lowered_count,
        count(*) filter (where change = 'unchanged') as unchanged_count,
        count(*) filter (where change = 'reworded') as reworded_count,
        count(*) filter (where change = 'dropped') as dropped_count,
        count(*) filter (where change = 'new') as new_count
    from {{ ref('fct_indicator_changes') }}
    group by project_id, fiscal_year
)

select
    joined.organization_id,
    joined.project_id,
    joined.fiscal_year,
    joined.total_yuan,
    joined.previous_total_yuan,
    cast(joined.total_yuan - joined.previous_total_yuan as decimal(18, 2)) as difference_yuan,
    joined.change,
    coalesce(targets.raised_count, 0) as raised_count,
    coalesce(targets.lowered_count, 0) as lowered_count,
    coalesce(targets.unchanged_count, 0) as unchanged_count,
    coalesce(targets.reworded_count, 0) as reworded_count,
    coalesce(targets.dropped_count, 0) as dropped_count,
    coalesce(targets.new_count, 0) as new_count
from joined
left join targets
    on joined.project_id = targets.project_id
    and joined.fiscal_year = targets.fiscal_year
