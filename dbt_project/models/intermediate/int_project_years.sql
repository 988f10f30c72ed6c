-- Grain: one project × fiscal year of which counted lines tell; what they sum to, and the first of them.
{{ config(materialized='incremental', pre_hook="{{ body_year_rows_are_replaced() }}") }}
select
    organization_id,
    project_id,
    fiscal_year,
    min(project_line_id) as project_line_id,
    cast(sum(total_yuan) as decimal(18, 2)) as total_yuan
from {{ ref('fct_project_budgets') }} as lines
where is_counted and fiscal_year is not null and {{ is_of_changed_body_year('lines') }}
group by organization_id, project_id, fiscal_year
