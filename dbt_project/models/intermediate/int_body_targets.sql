-- Grain: one body × indicator × unit of its targets × fiscal year; what the counted lines of the body promise for it. Annual
-- targets only. 100 % is met by doing what was to be done anyway: such targets are formal.
{{ config(materialized='incremental', pre_hook="{{ body_year_rows_are_replaced() }}") }}
with targets as (
    select
        budgets.organization_id,
        facts.indicator_id,
        coalesce(concat_ws('/', facts.unit, facts.per_unit), '') as unit,
        facts.fiscal_year,
        facts.project_id,
        case when facts.target_value_upper is null then facts.target_value end as target_value,
        facts.unit = '%' and facts.target_value = 100 and facts.comparator in ('>=', '=') as is_formal
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where
        facts.is_counted
        and facts.period = 'annual'
        and facts.fiscal_year is not null
        and facts.comparator != 'missing'
        and {{ is_of_changed_body_year('budgets') }}
)

select
    organization_id,
    indicator_id,
    unit,
    fiscal_year,
    count(distinct project_id) as project_count,
    count(*) as target_count,
    count(*) filter (where is_formal) as formal_count,
    {{ values_of('target_value') }} as target_values
from targets
group by organization_id, indicator_id, unit, fiscal_year
