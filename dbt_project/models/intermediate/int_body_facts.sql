-- Grain: one body that lines are of × fiscal year (0 where none is told), with the body's region; what the facts of those lines
-- follow from besides the models: the facts of their documents.
with body_years as (
    select distinct
        organization_id,
        coalesce(fiscal_year, 0) as fiscal_year,
        document_id
    from {{ ref('fct_project_budgets') }}
)

select
    body_years.organization_id,
    body_years.fiscal_year,
    organizations.region_id,
    {{ joined('documents.facts_key', ' ', order_by='documents.facts_key') }} as facts_key
from body_years
inner join {{ ref('int_document_facts') }} as documents
    on body_years.document_id = documents.document_id
inner join {{ ref('int_organizations') }} as organizations
    on body_years.organization_id = organizations.organization_id
group by body_years.organization_id, body_years.fiscal_year, organizations.region_id
