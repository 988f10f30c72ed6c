-- A fact on a page has a box there, unless its locator gives lines. A warning: a partial document read without its
-- rules may know the page alone, and partial documents never shut the gate.
{{ config(severity='warn') }}
with facts as (
    select 'fct_project_budgets' as fact, document_id, project_line_id, page_number, bbox, locator
    from {{ ref('fct_project_budgets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    union all
    select 'fct_project_funds' as fact, document_id, project_line_id, page_number, bbox, locator
    from {{ ref('fct_project_funds') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    union all
    select 'fct_indicator_targets' as fact, document_id, project_line_id, page_number, bbox, locator
    from {{ ref('fct_indicator_targets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
)

select fact, document_id, project_line_id, page_number
from facts
where
    page_number is not null
    and bbox is null
    and not {{ has_match('locator', '"(first_line|sheet|table)"') }}
