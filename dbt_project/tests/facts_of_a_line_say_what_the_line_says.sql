-- Funds and targets stand under the document, project, year, view and verdict of their line: every one in exactly one project,
-- counted where its line is.
with facts as (
    select 'fct_project_funds' as fact, project_line_id, document_id, project_id, fiscal_year, view, is_counted
    from {{ ref('fct_project_funds') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    union all
    select 'fct_indicator_targets' as fact, project_line_id, document_id, project_id, fiscal_year, view, is_counted
    from {{ ref('fct_indicator_targets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
)

select facts.*
from facts
left join {{ ref('fct_project_budgets') }} as budgets
    on facts.project_line_id = budgets.project_line_id
where
    budgets.document_id is distinct from facts.document_id
    or budgets.project_id is distinct from facts.project_id
    or budgets.fiscal_year is distinct from facts.fiscal_year
    or budgets.view is distinct from facts.view
    or budgets.is_counted is distinct from facts.is_counted
