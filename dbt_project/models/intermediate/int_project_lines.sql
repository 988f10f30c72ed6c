-- Grain: one project line of a published document, with its body, its project and whether it counts.
{{ config(materialized='incremental', pre_hook="{{ document_rows_are_replaced('int_facts_changed') }}") }}
with organizations as (
    select
        organizations.organization_id,
        regions.level as region_level
    from {{ ref('int_organizations') }} as organizations
    left join {{ ref('regions') }} as regions
        on organizations.region_id = regions.region_id
)

select
    lines.document_id,
    lines.project_line_id,
    lines.table_number,
    lines.line_number,
    lines.view,
    lines.layout,
    views.is_counted,
    bodies.organization_id,
    names.project_id,
    names.recipient_region_id,
    names.transfer_reference,
    {{ transfer_side('names', 'lines.transfer_heading', 'organizations.region_level') }} as transfer_side,
    names.is_transfer_payment or lines.transfer_heading is not null as is_transfer_payment,
    lines.transfer_heading,
    lines.printed_name,
    lines.normalized_name,
    lines.fiscal_year,
    lines.total_text,
    {{ corrected('total_yuan', 'lines.total_yuan', 'decimal(18, 2)') }} as total_yuan,
    lines.total_yuan as printed_total_yuan,
    lines.project_total_text,
    {{ corrected('project_total_yuan', 'lines.project_total_yuan', 'decimal(18, 2)') }} as project_total_yuan,
    lines.project_total_yuan as printed_project_total_yuan,
    lines.amount_unit,
    {{ corrected('goal_text', 'lines.goal_text', 'string') }} as goal_text,
    {{ corrected('project_goal_text', 'lines.project_goal_text', 'string') }} as project_goal_text,
    lines.is_confidential,
    lines.is_recognised,
    {{ is_corrected(['total_yuan', 'project_total_yuan', 'goal_text', 'project_goal_text']) }} as is_corrected,
    lines.page_number,
    lines.bbox,
    lines.locator
from {{ ref('int_lines_newest') }} as lines
inner join {{ ref('int_line_organizations') }} as bodies
    on lines.project_line_id = bodies.project_line_id
left join organizations
    on bodies.organization_id = organizations.organization_id
inner join {{ ref('int_project_names') }} as names
    on bodies.organization_id = names.organization_id
    and bodies.normalized_name = names.normalized_name
inner join {{ ref('int_views_counted') }} as views
    on lines.document_id = views.document_id
    and lines.view = views.view
{{ correction_of('total_yuan', 'lines.project_line_id', 'lines.total_text') }}
{{ correction_of('project_total_yuan', 'lines.project_line_id', 'lines.project_total_text') }}
{{ correction_of('goal_text', 'lines.project_line_id', 'lines.goal_text') }}
{{ correction_of('project_goal_text', 'lines.project_line_id', 'lines.project_goal_text') }}
where {{ is_of_changed_document('int_facts_changed', 'lines.document_id') }}
