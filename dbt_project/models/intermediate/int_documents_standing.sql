-- Grain: one document that was fetched and read; from when to when it stood at its addresses, and what took its place.
-- At a web address the next bytes supersede those before, until those come back. Bytes that nobody has read yet, or that
-- cannot be read, supersede nothing, nor does a fetch that failed. A page that is gone supersedes nothing either: its
-- document stays current, unless another took its place at another address and it stands nowhere any more.
-- A folder's files never supersede each other by name, and say nothing of what became of an address on the web.
{{ config(materialized='view') }}
with sightings as (
    select
        observations.url,
        observations.document_id,
        observations.observed_at,
        documents.status
    from {{ ref('stg_raw__observations') }} as observations
    inner join {{ ref('int_documents_read') }} as documents
        on observations.document_id = documents.document_id
    where observations.outcome in ('new', 'unchanged', 'duplicate', 'revised')
),

stays as (
    select
        url,
        document_id,
        max(observed_at) as last_seen_at
    from sightings
    where url not like 'folder:%'
    group by url, document_id
),

replacements as (
    select
        stays.url,
        stays.document_id,
        min(successors.observed_at) as replaced_at,
        min_by(successors.document_id, (successors.observed_at, successors.document_id)) as replaced_by
    from stays
    inner join sightings as successors
        on stays.url = successors.url
        and stays.document_id != successors.document_id
        and stays.last_seen_at < successors.observed_at
        and successors.status is distinct from 'refused'
    group by stays.url, stays.document_id
),

disappearances as (
    select
        stays.url,
        stays.document_id,
        min(observations.observed_at) as gone_at
    from stays
    inner join {{ ref('stg_raw__observations') }} as observations
        on stays.url = observations.url
        and stays.last_seen_at < observations.observed_at
        and observations.outcome = 'gone'
    group by stays.url, stays.document_id
),

addresses as (
    select
        stays.document_id,
        replacements.replaced_at,
        replacements.replaced_by,
        disappearances.gone_at,
        replacements.replaced_at is null and disappearances.gone_at is null as stands_here
    from stays
    left join replacements using (url, document_id)
    left join disappearances using (url, document_id)
),

standings as (
    select
        document_id,
        bool_or(stands_here) as stands,
        count(replaced_at) > 0 and not bool_or(stands_here) as is_superseded,
        -- where it was replaced, that the page is gone by now tells of what replaced it
        max(coalesce(replaced_at, gone_at)) as left_last_address_at,
        max_by(replaced_by, (replaced_at, replaced_by)) filter (where replaced_at is not null) as replaced_by
    from addresses
    group by document_id
),

first_sightings as (
    select document_id, min(observed_at) as valid_from
    from sightings
    group by document_id
)

select
    first_sightings.document_id,
    first_sightings.valid_from,
    case when standings.is_superseded then standings.left_last_address_at end as valid_to,
    case when standings.is_superseded then standings.replaced_by end as superseded_by,
    case when not standings.stands and not standings.is_superseded then standings.left_last_address_at end as gone_since,
    not coalesce(standings.is_superseded, false) as is_current
from first_sightings
left join standings
    on first_sightings.document_id = standings.document_id
