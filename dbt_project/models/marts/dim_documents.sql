-- Grain: one document, that is one sequence of bytes; its newest reading.
select
    document_id,
    source_id,
    publisher_organization_id,
    publisher_name,
    title,
    listing_title,
    document_kind,
    fiscal_year,
    fiscal_year_basis,
    url,
    published_date,
    first_fetched_at,
    media_type,
    page_count,
    is_current,
    same_content_as,
    status,
    reader_version
from {{ ref('int_documents') }}
