-- Every project line of the newest reading of a published document stands once in the facts, under one known project.
with newest_readings as (
    select document_id, max(reader_version) as reader_version
    from {{ ref('stg_raw__documents') }}
    group by document_id
),

expected_lines as (
    select lines.project_line_id
    from {{ ref('stg_raw__lines') }} as lines
    inner join newest_readings using (document_id, reader_version)
    inner join {{ ref('stg_raw__documents') }} as documents using (document_id, reader_version)
    where lines.level = 'project' and documents.status in ('complete', 'partial')
        and {{ is_tested_document('int_facts_changed', 'lines.document_id') }}
),

published_lines as (
    select
        budgets.project_line_id,
        count(*) as row_count,
        count(projects.project_id) as project_count
    from {{ ref('fct_project_budgets') }} as budgets
    left join {{ ref('dim_projects') }} as projects
        on budgets.project_id = projects.project_id
        and budgets.organization_id = projects.organization_id
    where {{ is_tested_document('int_facts_changed', 'budgets.document_id') }}
    group by budgets.project_line_id
)

select
    project_line_id,
    row_count,
    project_count
from expected_lines
full outer join published_lines using (project_line_id)
where
    row_count is distinct from 1
    or project_count is distinct from 1
    or project_line_id not in (select expected_lines.project_line_id from expected_lines)
