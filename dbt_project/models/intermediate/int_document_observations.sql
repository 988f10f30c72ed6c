-- Grain: one document that was fetched; the attempt that first brought its bytes.
{{ config(materialized='view', tags=['observations']) }}
with sightings as (
    select
        document_id,
        source_id,
        url,
        title as listing_title,
        published_date,
        observed_at as first_fetched_at,
        row_number() over (
            partition by document_id
            order by outcome not in ('new', 'revised'), observed_at, observation_id
        ) as sighting_number
    from {{ ref('stg_raw__observations') }}
    where document_id is not null and outcome in ('new', 'unchanged', 'duplicate', 'revised')
)

select
    document_id,
    source_id,
    url,
    listing_title,
    published_date,
    first_fetched_at
from sightings
where sighting_number = 1
