-- Grain: one project line of a document. Sum total_yuan where is_counted: the same money stands in several views.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
select
    project_line_id,
    document_id,
    table_number,
    line_number,
    view,
    layout,
    is_counted,
    organization_id,
    project_id,
    printed_name as project_name,
    recipient_region_id,
    is_transfer_payment,
    transfer_side,
    transfer_reference,
    fiscal_year,
    total_text,
    total_yuan,
    printed_total_yuan,
    project_total_text,
    project_total_yuan,
    printed_project_total_yuan,
    amount_unit,
    goal_text,
    project_goal_text,
    is_recognised,
    is_corrected,
    page_number,
    bbox,
    locator
from {{ ref('int_project_lines') }}
where {{ is_of_changed_document('int_facts_changed', 'document_id') }}
