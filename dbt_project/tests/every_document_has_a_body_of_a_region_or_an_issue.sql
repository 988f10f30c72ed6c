-- Every current document is of a body whose region is known, or an issue says that it is not: never both, never neither.
with unresolved as (
    select distinct document_id
    from {{ ref('qa_issues') }}
    where code = 'unresolved_body'
)

select
    documents.document_id,
    organizations.region_id,
    unresolved.document_id is not null as has_issue
from {{ ref('dim_documents') }} as documents
left join {{ ref('dim_organizations') }} as organizations
    on documents.publisher_organization_id = organizations.organization_id
left join unresolved
    on documents.document_id = unresolved.document_id
where documents.is_current and (organizations.region_id is null) != (unresolved.document_id is not null)
