-- Grain: one document as the last build left it; see int_document_facts.
select
    document_id,
    reading_key,
    facts_key
from {{ source('raw', 'built_documents') }}
