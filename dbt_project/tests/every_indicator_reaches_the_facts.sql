-- Every indicator of a fact line, and every component of its targets, stands in fct_indicator_targets once.
with newest_readings as (
    select document_id, max(reader_version) as reader_version
    from {{ ref('stg_raw__documents') }}
    group by document_id
),

expected_components as (
    select
        indicators.project_line_id,
        indicators.indicator_position,
        coalesce(targets.period, 'annual') as period,
        coalesce(targets.component_number, 1) as component_number
    from {{ ref('stg_raw__indicators') }} as indicators
    inner join newest_readings using (document_id, reader_version)
    inner join {{ ref('fct_project_budgets') }} as budgets using (project_line_id)
    left join {{ ref('stg_raw__targets') }} as targets
        using (document_id, reader_version, project_line_id, indicator_position)
    where {{ is_tested_document('int_facts_changed', 'indicators.document_id') }}
),

sides as (
    select project_line_id, indicator_position, period, component_number, 1 as expected, 0 as published
    from expected_components
    union all
    select project_line_id, indicator_position, period, component_number, 0 as expected, 1 as published
    from {{ ref('fct_indicator_targets') }}
    where {{ is_tested_document('int_facts_changed', 'document_id') }}
)

select
    project_line_id,
    indicator_position,
    period,
    component_number,
    sum(expected) as expected_count,
    sum(published) as published_count
from sides
group by project_line_id, indicator_position, period, component_number
having sum(expected) != sum(published)
