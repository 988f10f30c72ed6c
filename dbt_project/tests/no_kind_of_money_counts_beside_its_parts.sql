-- In no line does a kind of money count beside its own parts (财政拨款 beside 一般公共预算): amounts stand at the deepest printed
-- level, so that the amounts of a line can be added up. A document may print two kinds side by side of which one is a part of
-- the other elsewhere: only where the parts are the whole's, or the line adds up without them, the money stands there twice.
with recursive ancestors as (
    select
        fund_source_id,
        parent_fund_source_id as ancestor_id
    from {{ ref('dim_fund_sources') }}
    where parent_fund_source_id is not null
    union all
    select
        ancestors.fund_source_id,
        parents.parent_fund_source_id as ancestor_id
    from ancestors
    inner join {{ ref('dim_fund_sources') }} as parents
        on ancestors.ancestor_id = parents.fund_source_id
    where parents.parent_fund_source_id is not null
),

wholes as (
    select
        wholes.project_line_id,
        wholes.period,
        wholes.fund_source_id,
        wholes.amount_yuan as whole_yuan,
        sum(parts.amount_yuan) as parts_yuan
    from {{ ref('fct_project_funds') }} as wholes
    inner join ancestors
        on wholes.fund_source_id = ancestors.ancestor_id
    inner join {{ ref('fct_project_funds') }} as parts
        on wholes.project_line_id = parts.project_line_id
        and wholes.period = parts.period
        and ancestors.fund_source_id = parts.fund_source_id
    where wholes.amount_yuan != 0 and {{ is_tested_document('int_facts_changed', 'wholes.document_id') }}
    group by wholes.project_line_id, wholes.period, wholes.fund_source_id, wholes.amount_yuan
    having sum(parts.amount_yuan) != 0
),

lines as (
    select
        project_line_id,
        period,
        sum(amount_yuan) as yuan
    from {{ ref('fct_project_funds') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
    group by project_line_id, period
)

select
    wholes.project_line_id,
    wholes.period,
    wholes.fund_source_id,
    wholes.whole_yuan,
    wholes.parts_yuan
from wholes
inner join lines
    on wholes.project_line_id = lines.project_line_id
    and wholes.period = lines.period
inner join {{ ref('fct_project_budgets') }} as budgets
    on wholes.project_line_id = budgets.project_line_id
where
    wholes.whole_yuan = wholes.parts_yuan
    or lines.yuan - wholes.parts_yuan
    = case when wholes.period = 'annual' then budgets.total_yuan else budgets.project_total_yuan end
