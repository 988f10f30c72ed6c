-- Grain: one thing about the numbers themselves that a reader should look at: what is printed stays as it is.
with suspicions as (
    select * from {{ ref('int_suspicious_years') }}
    union all
    select * from {{ ref('int_suspicious_amounts') }}
    union all
    select * from {{ ref('int_suspicious_costs') }}
    union all
    select * from {{ ref('int_suspicious_texts') }}
)

select
    {{ hash_id([
        'suspicions.kind', 'suspicions.project_id', 'suspicions.fiscal_year', 'suspicions.project_line_id',
        'suspicions.evidence'
    ]) }} as suspicion_id,
    suspicions.kind,
    suspicions.organization_id,
    suspicions.project_id,
    suspicions.fiscal_year,
    suspicions.evidence,
    lines.document_id,
    suspicions.project_line_id,
    lines.page_number
from suspicions
inner join {{ ref('fct_project_budgets') }} as lines
    on suspicions.project_line_id = lines.project_line_id
