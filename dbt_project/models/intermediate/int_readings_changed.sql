-- Grain: one document whose newest reading is another than the marts were built from, or that is no more.
{{ config(materialized='view') }}
select coalesce(documents.document_id, built.document_id) as document_id
from {{ ref('int_documents_read') }} as documents
full outer join {{ ref('stg_raw__built_documents') }} as built
    on documents.document_id = built.document_id
where documents.reading_key is distinct from built.reading_key
