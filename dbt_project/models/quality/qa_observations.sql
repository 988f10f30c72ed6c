-- Grain: one attempt to fetch.
{{ config(materialized='incremental', tags=['observations']) }}
select
    observation_id,
    source_id,
    url,
    title,
    published_date,
    publisher_name,
    fiscal_year,
    document_id,
    outcome,
    observed_at,
    size_bytes,
    message,
    status_code,
    media_type,
    etag,
    last_modified,
    duration_seconds,
    container_document_id,
    final_url
from {{ ref('stg_raw__observations') }}
{% if is_incremental() %}
where observation_id not in (select observation_id from {{ this }})
{% endif %}
