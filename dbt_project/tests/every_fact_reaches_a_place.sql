-- Every fact row can be found in its document: on a page, in a range of lines, or in cells of a sheet or table.
with facts as (
    select 'fct_project_budgets' as fact, project_line_id, page_number, locator
    from {{ ref('fct_project_budgets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    union all
    select 'fct_project_funds' as fact, project_line_id, page_number, locator
    from {{ ref('fct_project_funds') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    union all
    select 'fct_indicator_targets' as fact, project_line_id, page_number, locator
    from {{ ref('fct_indicator_targets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
)

select fact, project_line_id, page_number, locator
from facts
where not coalesce(
    (page_number is not null and locator like '[{"page_number":%')
    or {{ has_match('locator', '"(first_line|sheet|table)"') }},
    false
)
