-- Grain: one document that was fetched; the attempt that first brought its bytes. Of attempts on one day it is that at the
-- address that comes first.
{{ config(materialized='view', tags=['observations']) }}
with attempts as (
    select
        document_id,
        source_id,
        url,
        title as listing_title,
        published_date,
        observed_at,
        observation_id,
        outcome,
        {{ fetched_day('observed_at') }} as fetched_day,
        min(case when outcome in ('new', 'revised') then {{ fetched_day('observed_at') }} end) over (
            partition by document_id
        ) as new_day,
        row_number() over (partition by document_id, url order by observed_at, observation_id) as attempt_number
    from {{ ref('stg_raw__observations') }}
    where document_id is not null and outcome in ('new', 'unchanged', 'duplicate', 'revised')
),

-- what finds again what stood there says nothing of the first
sightings as (
    select *
    from attempts
    where outcome in ('new', 'revised') or attempt_number = 1
),

numbered as (
    select
        *,
        row_number() over (
            partition by document_id
            order by fetched_day is distinct from new_day, fetched_day, url, observed_at, observation_id
        ) as sighting_number
    from sightings
)

select
    document_id,
    source_id,
    url,
    listing_title,
    published_date,
    observed_at as first_fetched_at
from numbered
where sighting_number = 1
