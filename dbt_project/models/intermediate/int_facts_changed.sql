-- Grain: one document whose facts follow from something else than the marts were built from, or that is no more.
{{ config(materialized='view') }}
select coalesce(documents.document_id, built.document_id) as document_id
from {{ ref('int_document_facts') }} as documents
full outer join {{ ref('stg_raw__built_documents') }} as built
    on documents.document_id = built.document_id
where documents.facts_key is distinct from built.facts_key
