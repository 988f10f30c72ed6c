-- Grain: one project line × fund source × period, as fct_project_funds, with what its ids stand for beside it. A view: no copy.
-- Sum amount_yuan where is_counted and of one period.
{{ config(materialized='view') }}
select
    funds.project_line_id,
    funds.fiscal_year,
    funds.is_counted,
    funds.view,
    lines.organization_name,
    lines.region_name,
    lines.project_name,
    lines.printed_project_name,
    lines.recipient_region_name,
    coalesce(parents.name, sources.name) as fund_kind_name,
    sources.name as fund_source_name,
    funds.period,
    funds.amount_yuan,
    funds.amount_text,
    funds.allocation,
    lines.publisher_name,
    lines.document_title,
    lines.document_status,
    lines.document_is_current,
    lines.published_date,
    lines.url,
    funds.page_number,
    funds.locator,
    funds.document_id,
    lines.organization_id,
    lines.region_id,
    funds.project_id,
    lines.recipient_region_id,
    funds.fund_source_id
from {{ ref('fct_project_funds') }} as funds
inner join {{ ref('wide_project_budgets') }} as lines
    on funds.project_line_id = lines.project_line_id
inner join {{ ref('dim_fund_sources') }} as sources
    on funds.fund_source_id = sources.fund_source_id
left join {{ ref('dim_fund_sources') }} as parents
    on sources.parent_fund_source_id = parents.fund_source_id
