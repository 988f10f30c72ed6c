-- Grain: one indicator of a project line, with the indicator it is across documents.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
with indicators as (
    select
        indicators.document_id,
        indicators.reader_version,
        indicators.project_line_id,
        indicators.indicator_position,
        indicators.indicator_number,
        nullif(trim(indicators.level_1_code), '') as printed_level_1_code,
        nullif({{ normalized_name('indicators.level_1_name') }}, '') as printed_level_1_name,
        nullif(trim(indicators.level_2_code), '') as printed_level_2_code,
        nullif({{ normalized_name('indicators.level_2_name') }}, '') as printed_level_2_name,
        indicators.name as printed_name,
        {{ indicator_key(normalized_name('indicators.name')) }} as indicator_key,
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
),

levels_1 as (
    select distinct level_1_code, level_1_name
    from {{ ref('indicator_levels') }}
),

-- the second level tells the first: 成本 stood under 产出指标 (14) before it became a first level (41)
conformed as (
    select
        indicators.*,
        coalesce(levels_2.level_1_code, levels_1.level_1_code) as level_1_code,
        coalesce(levels_2.level_1_name, levels_1.level_1_name, indicators.printed_level_1_name) as level_1_name,
        levels_2.level_2_code,
        coalesce(levels_2.level_2_name, indicators.printed_level_2_name) as level_2_name
    from indicators
    left join {{ ref('indicator_level_names') }} as names
        on names.printed_name = coalesce(
            {{ without_indicator_ending('indicators.printed_level_2_name') }}, indicators.printed_level_2_code
        )
    left join {{ ref('indicator_levels') }} as levels_2
        on names.level_2_code = levels_2.level_2_code
    left join levels_1
        on {{ without_indicator_ending('levels_1.level_1_name') }}
        = {{ without_indicator_ending('indicators.printed_level_1_name') }}
)

select
    *,
    {{ hash_id(['level_1_name', 'level_2_name', 'indicator_key']) }} as indicator_id
from conformed
