-- Grain: one body × fiscal year of which counted lines tell, with the year before where lines of the body tell of that, too.
with years as (
    select distinct organization_id, fiscal_year
    from {{ ref('fct_project_budgets') }}
    where is_counted and fiscal_year is not null
)

select
    years.organization_id,
    years.fiscal_year,
    previous.fiscal_year as previous_fiscal_year
from years
left join years as previous
    on years.organization_id = previous.organization_id
    and years.fiscal_year = previous.fiscal_year + 1
