-- The wide tables hold the rows of their facts, none lost by a join and none multiplied, with the same money to the cent,
-- document by document, counted and not counted.
with facts as (
    select 'wide_project_budgets' as wide, document_id, is_counted, count(*) as row_count,
        sum(coalesce(total_yuan, 0) + coalesce(project_total_yuan, 0)) as number
    from {{ ref('fct_project_budgets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by document_id, is_counted
    union all
    select 'wide_project_funds' as wide, document_id, is_counted, count(*) as row_count, sum(amount_yuan) as number
    from {{ ref('fct_project_funds') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by document_id, is_counted
    union all
    select 'wide_indicator_targets' as wide, document_id, is_counted, count(*) as row_count, sum(target_value) as number
    from {{ ref('fct_indicator_targets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by document_id, is_counted
),

wide_tables as (
    select 'wide_project_budgets' as wide, document_id, is_counted, count(*) as row_count,
        sum(coalesce(total_yuan, 0) + coalesce(project_total_yuan, 0)) as number
    from {{ ref('wide_project_budgets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by document_id, is_counted
    union all
    select 'wide_project_funds' as wide, document_id, is_counted, count(*) as row_count, sum(amount_yuan) as number
    from {{ ref('wide_project_funds') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by document_id, is_counted
    union all
    select 'wide_indicator_targets' as wide, document_id, is_counted, count(*) as row_count, sum(target_value) as number
    from {{ ref('wide_indicator_targets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by document_id, is_counted
)

select
    wide,
    document_id,
    is_counted,
    facts.row_count as fact_rows,
    wide_tables.row_count as wide_rows,
    facts.number as fact_number,
    wide_tables.number as wide_number
from facts
full outer join wide_tables using (wide, document_id, is_counted)
where
    facts.row_count is distinct from wide_tables.row_count
    or facts.number is distinct from wide_tables.number
