-- Grain: one project line × indicator position × period × component, as fct_indicator_targets, with what its ids stand for
-- beside it. A view: no copy. No money: a line's would stand once per target, and be summed as often.
{{ config(materialized='view') }}
select
    targets.project_line_id,
    targets.fiscal_year,
    targets.is_counted,
    targets.view,
    lines.organization_name,
    lines.region_name,
    lines.project_name,
    lines.printed_project_name,
    lines.recipient_region_name,
    indicators.level_1_name,
    indicators.level_2_name,
    indicators.name as indicator_name,
    targets.indicator_name as printed_indicator_name,
    indicators.direction,
    targets.indicator_position,
    targets.period,
    targets.component_number,
    targets.component_subject,
    targets.target_text,
    targets.comparator,
    targets.target_value,
    targets.target_value_upper,
    targets.unit,
    targets.per_unit,
    targets.reference_text,
    targets.deadline_start,
    targets.deadline_end,
    targets.weight,
    lines.publisher_name,
    lines.document_title,
    lines.document_status,
    lines.document_is_current,
    lines.published_date,
    lines.url,
    targets.page_number,
    targets.locator,
    targets.document_id,
    lines.organization_id,
    lines.region_id,
    targets.project_id,
    lines.recipient_region_id,
    targets.indicator_id
from {{ ref('fct_indicator_targets') }} as targets
inner join {{ ref('wide_project_budgets') }} as lines
    on targets.project_line_id = lines.project_line_id
inner join {{ ref('dim_indicators') }} as indicators
    on targets.indicator_id = indicators.indicator_id
