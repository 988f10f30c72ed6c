-- Per body and fiscal year one view of one document counts, and one does where a current document has project lines.
-- What counts is current, published and never counted beside an equal copy of itself.
with views as (
    select distinct
        coalesce(documents.publisher_organization_id, documents.document_id) as body_id,
        documents.fiscal_year,
        budgets.document_id,
        budgets.view,
        budgets.is_counted,
        documents.is_current,
        documents.status
    from {{ ref('fct_project_budgets') }} as budgets
    inner join {{ ref('dim_documents') }} as documents
        on budgets.document_id = documents.document_id
),

bodies_and_years as (
    select
        body_id,
        fiscal_year,
        count(*) filter (where is_counted) as counted,
        bool_or(is_current) as has_current,
        bool_or(is_counted and (not is_current or status not in ('complete', 'partial'))) as counts_wrongly
    from views
    group by body_id, fiscal_year
)

select
    body_id,
    fiscal_year,
    counted,
    has_current
from bodies_and_years
where
    counts_wrongly
    or (has_current and counted = 0)
    or (fiscal_year is not null and counted > 1)
