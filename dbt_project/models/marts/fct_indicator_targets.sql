-- Grain: one project line × indicator position × period × component of the target.
-- An indicator without any target is a row too: its comparator is missing.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
select
    indicators.project_line_id,
    indicators.document_id,
    indicators.project_id,
    indicators.indicator_id,
    indicators.fiscal_year,
    indicators.view,
    indicators.is_counted,
    indicators.indicator_position,
    indicators.indicator_number,
    indicators.printed_name as indicator_name,
    indicators.printed_level_1_code,
    indicators.printed_level_1_name,
    indicators.printed_level_2_code,
    indicators.printed_level_2_name,
    coalesce(targets.period, 'annual') as period,
    coalesce(targets.component_number, 1) as component_number,
    targets.component_subject,
    coalesce(targets.target_text, '') as target_text,
    {{ corrected('comparator', "coalesce(targets.comparator, 'missing')", 'string') }} as comparator,
    {{ corrected('target_value', 'targets.target_value', 'decimal(38, 10)') }} as target_value,
    {{ corrected('target_value_upper', 'targets.target_value_upper', 'decimal(38, 10)') }} as target_value_upper,
    {{ corrected('unit', 'targets.unit', 'string') }} as unit,
    targets.per_unit,
    targets.reference_text,
    targets.deadline_start,
    targets.deadline_end,
    indicators.weight,
    indicators.nature_text,
    indicators.unit_text,
    indicators.explanation_text,
    indicators.prior_value_text,
    indicators.is_recognised,
    {{ is_corrected(['comparator', 'target_value', 'target_value_upper', 'unit']) }} as is_corrected,
    indicators.page_number,
    indicators.bbox,
    indicators.locator
from {{ ref('int_line_indicators') }} as indicators
left join {{ ref('stg_raw__targets') }} as targets
    on indicators.document_id = targets.document_id
    and indicators.reader_version = targets.reader_version
    and indicators.project_line_id = targets.project_line_id
    and indicators.indicator_position = targets.indicator_position
{{ target_correction('comparator') }}
{{ target_correction('target_value') }}
{{ target_correction('target_value_upper') }}
{{ target_correction('unit') }}
where {{ is_of_changed_document('int_facts_changed', 'indicators.document_id') }}
