-- Grain: one project, across documents and years: what one organization calls one programme.
-- Where all its lines name one recipient or reference, that is the project's.
with projects_of_lines as (
    select
        project_id,
        organization_id,
        bool_or(is_transfer_payment) as is_transfer_payment,
        bool_or(is_confidential) as is_confidential,
        case
            when count(distinct recipient_region_id) = 1 and count(recipient_region_id) = count(*)
                then min(recipient_region_id)
        end as recipient_region_id,
        case when count(distinct transfer_reference) = 1 then min(transfer_reference) end as transfer_reference,
        min(fiscal_year) as first_fiscal_year,
        max(fiscal_year) as last_fiscal_year
    from {{ ref('int_project_lines') }}
    group by project_id, organization_id
),

programmes as (
    select
        project_id,
        min(programme_name) as programme_name
    from {{ ref('int_project_names') }}
    group by project_id
)

select
    projects_of_lines.project_id,
    programmes.programme_name as name,
    projects_of_lines.organization_id,
    programmes.programme_name,
    projects_of_lines.recipient_region_id,
    projects_of_lines.is_transfer_payment,
    projects_of_lines.transfer_reference,
    projects_of_lines.is_confidential,
    projects_of_lines.first_fiscal_year,
    projects_of_lines.last_fiscal_year
from projects_of_lines
inner join programmes
    on projects_of_lines.project_id = programmes.project_id
