-- Grain: one project line × fund source × period.
with funds as (
    select
        funds.*,
        lines.project_id,
        lines.fiscal_year,
        lines.view,
        lines.is_counted
    from {{ ref('stg_raw__funds') }} as funds
    inner join {{ ref('int_documents_read') }} as documents
        on funds.document_id = documents.document_id
        and funds.reader_version = documents.reader_version
    inner join {{ ref('int_project_lines') }} as lines
        on funds.project_line_id = lines.project_line_id
),

candidates as (
    select
        project_line_id,
        fund_source,
        period,
        unnest(candidates) as candidate,
        generate_subscripts(candidates, 1) as candidate_number
    from funds
),

candidate_lists as (
    select
        candidates.project_line_id,
        candidates.fund_source,
        candidates.period,
        list(names.fund_source_id order by candidates.candidate_number) as candidate_fund_source_ids
    from candidates
    inner join {{ ref('int_fund_source_names') }} as names
        on {{ normalized_name('candidates.candidate') }} = names.name_key
    group by candidates.project_line_id, candidates.fund_source, candidates.period
)

select
    funds.project_line_id,
    funds.document_id,
    funds.project_id,
    names.fund_source_id,
    funds.period,
    funds.fiscal_year,
    funds.view,
    funds.is_counted,
    funds.amount_yuan,
    funds.amount_text,
    funds.allocation,
    coalesce(candidate_lists.candidate_fund_source_ids, cast([] as varchar[])) as candidate_fund_source_ids,
    funds.page_number,
    funds.bbox,
    funds.locator
from funds
inner join {{ ref('int_fund_source_names') }} as names
    on {{ normalized_name('funds.fund_source') }} = names.name_key
left join candidate_lists
    on funds.project_line_id = candidate_lists.project_line_id
    and funds.fund_source = candidate_lists.fund_source
    and funds.period = candidate_lists.period
