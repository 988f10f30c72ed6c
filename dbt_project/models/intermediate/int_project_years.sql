-- Grain: one project × fiscal year of which counted lines tell; what they sum to, and the first of them.
select
    organization_id,
    project_id,
    fiscal_year,
    min(project_line_id) as project_line_id,
    cast(sum(total_yuan) as decimal(18, 2)) as total_yuan
from {{ ref('fct_project_budgets') }}
where is_counted and fiscal_year is not null
group by organization_id, project_id, fiscal_year
