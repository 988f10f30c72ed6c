-- Grain: one project × indicator × fiscal year, against the year before; only for bodies of which counted lines tell of both
-- years. A target is raised or lowered where both years print one number of one unit for it; else its texts are compared.
{{
    config(
        materialized='incremental',
        incremental_strategy='differing',
        unique_key=['project_id', 'indicator_id', 'fiscal_year'],
        meta={'made_anew': 'comparisons_made_anew'}
    )
}}
with facts as (
    select
        budgets.organization_id,
        facts.project_id,
        facts.indicator_id,
        facts.fiscal_year,
        facts.target_text,
        facts.target_value,
        facts.target_value_upper,
        coalesce(facts.unit, '') as unit,
        coalesce(facts.per_unit, '') as per_unit
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where
        facts.is_counted
        and facts.fiscal_year is not null
        and facts.period = 'annual'
        and {{ is_compared_anew('budgets') }}
),

summed_up as (
    select
        organization_id,
        project_id,
        indicator_id,
        fiscal_year,
        min(target_text) as first_text,
        max(target_text) as last_text,
        case
            when min(target_value) = max(target_value)
                and count(target_value) = count(*)
                and count(target_value_upper) = 0
                and min(unit) = max(unit)
                and min(per_unit) = max(per_unit)
                then min(target_value)
        end as target_value,
        concat_ws('/', min(nullif(unit, '')), min(nullif(per_unit, ''))) as unit
    from facts
    group by organization_id, project_id, indicator_id, fiscal_year
),

-- few have several texts, and to join texts takes long
several_texts as (
    select
        facts.project_id,
        facts.indicator_id,
        facts.fiscal_year,
        {{ joined('facts.target_text', ' / ', order_by='facts.target_text', distinct=true) }} as target_text
    from facts
    inner join summed_up
        on facts.project_id = summed_up.project_id
        and facts.indicator_id = summed_up.indicator_id
        and facts.fiscal_year = summed_up.fiscal_year
    where summed_up.first_text != summed_up.last_text
    group by facts.project_id, facts.indicator_id, facts.fiscal_year
),

targets as (
    select
        summed_up.organization_id,
        summed_up.project_id,
        summed_up.indicator_id,
        summed_up.fiscal_year,
        coalesce(several_texts.target_text, summed_up.first_text) as target_text,
        summed_up.target_value,
        summed_up.unit
    from summed_up
    left join several_texts
        on summed_up.project_id = several_texts.project_id
        and summed_up.indicator_id = several_texts.indicator_id
        and summed_up.fiscal_year = several_texts.fiscal_year
),

{{ years_beside('targets', ['project_id', 'indicator_id', 'target_text', 'target_value', 'unit']) }}

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
where {{ is_of_changed_comparison('this_year', 'year_before') }}
