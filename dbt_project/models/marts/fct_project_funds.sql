-- Grain: one project line × fund source × period, at the deepest level printed.
-- Sum amount_yuan where is_counted and of one period.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
select
    project_line_id,
    document_id,
    project_id,
    fund_source_id,
    period,
    fiscal_year,
    view,
    is_counted,
    amount_yuan,
    printed_amount_yuan,
    amount_text,
    allocation,
    candidate_fund_source_ids,
    is_recognised,
    is_corrected,
    page_number,
    bbox,
    locator
from {{ ref('int_project_funds') }}
where {{ is_of_changed_document('int_facts_changed', 'document_id') }}
