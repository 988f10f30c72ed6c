-- Grain: one body that lines are of; what the facts of its lines follow from besides the models: the facts of their documents.
with bodies as (
    select distinct organization_id, document_id
    from {{ ref('fct_project_budgets') }}
)

select
    bodies.organization_id,
    {{ joined('documents.facts_key', ' ', order_by='documents.facts_key') }} as facts_key
from bodies
inner join {{ ref('int_document_facts') }} as documents
    on bodies.document_id = documents.document_id
group by bodies.organization_id
