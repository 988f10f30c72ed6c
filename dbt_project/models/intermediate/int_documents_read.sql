-- Grain: one document; its newest reading.
with readings as (
    select
        *,
        row_number() over (partition by document_id order by reader_version desc) as reading_number
    from {{ ref('stg_raw__documents') }}
)

select
    document_id,
    reader_version,
    media_type,
    document_kind,
    nullif(trim(publisher_name), '') as publisher_name,
    title,
    fiscal_year,
    fiscal_year_basis,
    page_count,
    status,
    content_fingerprint,
    {{ hash_id(['reader_version', 'batch_id', 'read_at']) }} as reading_key,
    status in ('complete', 'partial') as is_published
from readings
where reading_number = 1
