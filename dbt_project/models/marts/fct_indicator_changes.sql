-- Grain: one project × indicator × fiscal year, against the year before; only for bodies of which counted lines tell of both
-- years. A target is raised or lowered where both years print one number of one unit for it; else its texts are compared.
with targets as (
    select
        budgets.organization_id,
        facts.project_id,
        facts.indicator_id,
        facts.fiscal_year,
        {{ joined('facts.target_text', ' / ', order_by='facts.target_text', distinct=true) }} as target_text,
        case
            when count(distinct (facts.target_value, facts.target_value_upper, facts.unit, facts.per_unit)) = 1
                and bool_and(facts.target_value is not null and facts.target_value_upper is null)
                then min(facts.target_value)
        end as target_value,
        concat_ws('/', min(facts.unit), min(facts.per_unit)) as unit
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where facts.is_counted and facts.fiscal_year is not null and facts.period = 'annual'
    group by budgets.organization_id, facts.project_id, facts.indicator_id, facts.fiscal_year
),

this_year as (
    select targets.*
    from targets
    inner join {{ ref('int_body_years') }} as years
        on targets.organization_id = years.organization_id
        and targets.fiscal_year = years.fiscal_year
    where years.previous_fiscal_year is not null
),

year_before as (
    select
        targets.organization_id,
        targets.project_id,
        targets.indicator_id,
        years.fiscal_year,
        targets.target_text,
        targets.target_value,
        targets.unit
    from targets
    inner join {{ ref('int_body_years') }} as years
        on targets.organization_id = years.organization_id
        and targets.fiscal_year = years.previous_fiscal_year
)

select
    coalesce(this_year.organization_id, year_before.organization_id) as organization_id,
    coalesce(this_year.project_id, year_before.project_id) as project_id,
    coalesce(this_year.indicator_id, year_before.indicator_id) as indicator_id,
    coalesce(this_year.fiscal_year, year_before.fiscal_year) as fiscal_year,
    this_year.target_text,
    year_before.target_text as previous_target_text,
    this_year.target_value,
    year_before.target_value as previous_target_value,
    case
        when year_before.project_id is null then 'new'
        when this_year.project_id is null then 'dropped'
        when this_year.target_text = year_before.target_text then 'unchanged'
        when this_year.unit = year_before.unit and this_year.target_value > year_before.target_value then 'raised'
        when this_year.unit = year_before.unit and this_year.target_value < year_before.target_value then 'lowered'
        when this_year.unit = year_before.unit and this_year.target_value = year_before.target_value then 'unchanged'
        else 'reworded'
    end as change
from this_year
full outer join year_before
    on this_year.project_id = year_before.project_id
    and this_year.indicator_id = year_before.indicator_id
    and this_year.fiscal_year = year_before.fiscal_year
