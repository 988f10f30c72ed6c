-- Grain: one project line of a document, as fct_project_budgets, with what its ids stand for beside it. A view: no copy.
-- Sum total_yuan where is_counted.
{{ config(materialized='view') }}
select
    budgets.project_line_id,
    budgets.fiscal_year,
    budgets.is_counted,
    budgets.view,
    organizations.name as organization_name,
    regions.full_name as region_name,
    projects.name as project_name,
    budgets.project_name as printed_project_name,
    recipients.full_name as recipient_region_name,
    budgets.is_transfer_payment,
    budgets.transfer_reference,
    budgets.total_yuan,
    budgets.total_text,
    budgets.project_total_yuan,
    budgets.project_total_text,
    budgets.amount_unit,
    budgets.goal_text,
    budgets.project_goal_text,
    documents.publisher_name,
    documents.title as document_title,
    documents.status as document_status,
    documents.is_current as document_is_current,
    documents.published_date,
    documents.url,
    budgets.page_number,
    budgets.locator,
    budgets.document_id,
    budgets.organization_id,
    organizations.region_id,
    budgets.project_id,
    budgets.recipient_region_id
from {{ ref('fct_project_budgets') }} as budgets
inner join {{ ref('dim_documents') }} as documents
    on budgets.document_id = documents.document_id
inner join {{ ref('dim_organizations') }} as organizations
    on budgets.organization_id = organizations.organization_id
inner join {{ ref('dim_projects') }} as projects
    on budgets.project_id = projects.project_id
left join {{ ref('dim_regions') }} as regions
    on organizations.region_id = regions.region_id
left join {{ ref('dim_regions') }} as recipients
    on budgets.recipient_region_id = recipients.region_id
