-- Grain: one indicator of a project line, with the indicator it is across documents.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
with indicators as (
    select
        indicators.document_id,
        indicators.reader_version,
        indicators.project_line_id,
        indicators.indicator_position,
        indicators.indicator_number,
        nullif(trim(indicators.level_1_code), '') as level_1_code,
        nullif({{ normalized_name('indicators.level_1_name') }}, '') as level_1_name,
        nullif(trim(indicators.level_2_code), '') as level_2_code,
        nullif({{ normalized_name('indicators.level_2_name') }}, '') as level_2_name,
        indicators.name as printed_name,
        {{ normalized_name('indicators.name') }} as normalized_name,
        indicators.weight,
        indicators.nature_text,
        indicators.unit_text,
        indicators.explanation_text,
        indicators.prior_value_text,
        indicators.page_number,
        indicators.bbox,
        indicators.locator,
        lines.project_id,
        lines.fiscal_year,
        lines.view,
        lines.is_counted,
        lines.is_recognised
    from {{ ref('stg_raw__indicators') }} as indicators
    inner join {{ ref('int_documents_read') }} as documents
        on indicators.document_id = documents.document_id
        and indicators.reader_version = documents.reader_version
    inner join {{ ref('int_project_lines') }} as lines
        on indicators.project_line_id = lines.project_line_id
    where {{ is_of_changed_document('int_facts_changed', 'indicators.document_id') }}
)

select
    *,
    {{ hash_id(['level_1_code', 'level_1_name', 'level_2_code', 'level_2_name', 'normalized_name']) }} as indicator_id
from indicators
