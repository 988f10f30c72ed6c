-- Grain: one body × fiscal year; how much of what its counted lines promise can be checked.
{{ config(materialized='incremental', pre_hook="{{ body_year_rows_are_replaced() }}") }}
with targets as (
    select
        budgets.organization_id,
        facts.fiscal_year,
        facts.project_id,
        facts.comparator,
        facts.target_value
    from {{ ref('fct_indicator_targets') }} as facts
    inner join {{ ref('fct_project_budgets') }} as budgets
        on facts.project_line_id = budgets.project_line_id
    where facts.is_counted and facts.period = 'annual' and facts.fiscal_year is not null
        and {{ is_of_changed_body_year('budgets') }}
)

select
    organization_id,
    fiscal_year,
    count(distinct project_id) as project_count,
    count(*) as target_count,
    count(*) filter (where target_value is not null) as quantified_count,
    count(*) filter (where comparator = 'deadline') as deadline_count,
    count(*) filter (where comparator = 'qualitative') as qualitative_count,
    count(*) filter (where comparator = 'missing') as missing_count,
    target_count - quantified_count - deadline_count - qualitative_count - missing_count as relative_count,
    {{ share('quantified_count', 'target_count') }} as quantified_share
from targets
group by organization_id, fiscal_year
