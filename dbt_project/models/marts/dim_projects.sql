-- Grain: one project, across documents and years: one normalized name under one organization.
with projects_of_lines as (
    select
        project_id,
        first(printed_name order by fiscal_year desc nulls last, document_id, table_number, line_number) as name,
        bool_or(is_confidential) as is_confidential,
        min(fiscal_year) as first_fiscal_year,
        max(fiscal_year) as last_fiscal_year
    from {{ ref('int_project_lines') }}
    group by project_id
)

select
    projects_of_lines.project_id,
    projects_of_lines.name,
    names.organization_id,
    names.programme_name,
    names.recipient_region_id,
    names.is_transfer_payment,
    names.transfer_reference,
    projects_of_lines.is_confidential,
    projects_of_lines.first_fiscal_year,
    projects_of_lines.last_fiscal_year
from projects_of_lines
inner join {{ ref('int_project_names') }} as names
    on projects_of_lines.project_id = names.project_id
