-- Grain: one value that reviewers decided about; their last decision stands.
{{ config(materialized='view') }}
with numbered as (
    select
        correction_id,
        document_id,
        project_line_id,
        field,
        fund_source_id,
        indicator_position,
        period,
        component_number,
        decision,
        printed_value,
        new_value,
        row_number() over (
            partition by project_line_id, field, fund_source_id, indicator_position, period, component_number
            order by decided_at desc, correction_id desc
        ) as choice
    from {{ ref('stg_raw__corrections') }}
)

select * from numbered where choice = 1
