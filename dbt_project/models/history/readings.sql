-- Grain: one reading of a document.
select
    readings.document_id,
    readings.reader_version,
    readings.reader_version = documents.reader_version as is_newest,
    readings.read_at,
    readings.batch_id,
    readings.media_type,
    readings.document_kind,
    readings.publisher_name,
    readings.title,
    readings.fiscal_year,
    readings.fiscal_year_basis,
    readings.page_count,
    readings.status,
    readings.content_fingerprint,
    documents.url,
    documents.valid_from,
    documents.valid_to,
    documents.superseded_by,
    documents.is_current
from {{ ref('stg_raw__documents') }} as readings
inner join {{ ref('dim_documents') }} as documents using (document_id)
