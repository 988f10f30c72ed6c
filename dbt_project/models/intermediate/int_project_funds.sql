-- Grain: one project line × fund source × period.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
with funds as (
    select
        funds.*,
        lines.project_id,
        lines.fiscal_year,
        lines.view,
        lines.is_counted,
        lines.is_recognised
    from {{ ref('stg_raw__funds') }} as funds
    inner join {{ ref('int_documents_read') }} as documents
        on funds.document_id = documents.document_id
        and funds.reader_version = documents.reader_version
    inner join {{ ref('int_project_lines') }} as lines
        on funds.project_line_id = lines.project_line_id
    where {{ is_of_changed_document('int_facts_changed', 'funds.document_id') }}
),

named as (
    select
        funds.*,
        names.fund_source_id,
        row_number() over (
            partition by funds.project_line_id, names.fund_source_id, funds.period
            order by
                funds.page_number asc nulls last,
                funds.bbox.top asc nulls last,
                funds.bbox.x0 asc nulls last,
                funds.fund_source,
                funds.amount_yuan asc nulls last,
                funds.amount_text asc nulls last,
                funds.locator asc nulls last
        ) as place_number
    from funds
    inner join {{ ref('int_fund_source_names') }} as names
        on {{ normalized_name('funds.fund_source') }} = names.name_key
),

candidates as (
    select
        project_line_id,
        fund_source_id,
        period,
        place_number,
        {{ elements('candidates', 'candidate', 'candidate_number') }}
    from named
),

candidate_ids as (
    select
        candidates.project_line_id,
        candidates.fund_source_id,
        candidates.period,
        names.fund_source_id as candidate_id,
        min(candidates.place_number * 1000 + candidates.candidate_number) as candidate_order
    from candidates
    inner join {{ ref('int_fund_source_names') }} as names
        on {{ normalized_name('candidates.candidate') }} = names.name_key
    group by candidates.project_line_id, candidates.fund_source_id, candidates.period, names.fund_source_id
),

candidate_lists as (
    select
        project_line_id,
        fund_source_id,
        period,
        {{ listed('candidate_id', order_by='candidate_order') }} as candidate_fund_source_ids
    from candidate_ids
    group by project_line_id, fund_source_id, period
),

-- Amounts of one line that share a kind of money are one row: two that lost their columns, or two names of one kind.
merged as (
    select
        project_line_id,
        fund_source_id,
        period,
        cast(sum(amount_yuan) as decimal(18, 2)) as amount_yuan,
        {{ joined('amount_text', ' + ', order_by='place_number') }} as amount_text
    from named
    group by project_line_id, fund_source_id, period
)

select
    named.project_line_id,
    named.document_id,
    named.project_id,
    named.fund_source_id,
    named.period,
    named.fiscal_year,
    named.view,
    named.is_counted,
    {{ corrected('amount_yuan', 'merged.amount_yuan', 'decimal(18, 2)') }} as amount_yuan,
    merged.amount_yuan as printed_amount_yuan,
    merged.amount_text,
    named.allocation,
    coalesce(candidate_lists.candidate_fund_source_ids, {{ empty_list() }}) as candidate_fund_source_ids,
    named.is_recognised,
    {{ is_corrected(['amount_yuan']) }} as is_corrected,
    named.page_number,
    named.bbox,
    named.locator
from named
inner join merged using (project_line_id, fund_source_id, period)
left join candidate_lists using (project_line_id, fund_source_id, period)
{{ correction_of(
    'amount_yuan', 'named.project_line_id', 'merged.amount_text',
    'amount_yuan_correction.fund_source_id = named.fund_source_id and amount_yuan_correction.period = named.period'
) }}
where named.place_number = 1
