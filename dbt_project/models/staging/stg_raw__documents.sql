-- Grain: one reading of a document.
select
    document_id,
    reader_version,
    media_type,
    document_kind,
    publisher_name,
    title,
    fiscal_year,
    fiscal_year_basis,
    page_count,
    status,
    content_fingerprint,
    batch_id,
    read_at
from {{ source('raw', 'documents') }}
