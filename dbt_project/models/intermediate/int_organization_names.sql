-- Grain: one body's normalized name under the publisher that prints it (itself included).
-- A name that begins with no region has the region of its publisher: so 机关服务中心 of two cities are two bodies.
with printed_names as (
    select publisher_name, publisher_name as printed_name
    from {{ ref('int_documents_read') }}
    where publisher_name is not null
    union
    select documents.publisher_name, nullif(trim(lines.organization_name), '') as printed_name
    from {{ ref('stg_raw__lines') }} as lines
    inner join {{ ref('int_documents_read') }} as documents
        on lines.document_id = documents.document_id
        and lines.reader_version = documents.reader_version
    where nullif(trim(lines.organization_name), '') is not null
),

normalized_names as (
    select
        coalesce({{ without_body_scope(normalized_name('publisher_name')) }}, '') as publisher_key,
        {{ without_body_scope(normalized_name('printed_name')) }} as name_key,
        min({{ printed_without_body_scope('printed_name') }}) as name
    from printed_names
    group by publisher_key, name_key
),

distinct_keys as (
    select distinct
        name_key,
        {{ without_party_prefix('name_key') }} as placed_name
    from normalized_names
),

prefix_lengths as (
    select distinct prefix_length from {{ ref('int_region_prefixes') }}
),

-- joined at once, every name would be held against every prefix
beginnings as {{ computed_first() }} (
    select
        distinct_keys.name_key,
        left(distinct_keys.placed_name, prefix_lengths.prefix_length) as beginning
    from distinct_keys
    cross join prefix_lengths
),

regions_by_prefix as (
    select
        beginnings.name_key,
        max_by(prefixes.region_id, prefixes.prefix_length) as region_id
    from beginnings
    inner join {{ ref('int_region_prefixes') }} as prefixes
        on beginnings.beginning = prefixes.prefix
    group by beginnings.name_key
),

placed_names as (
    select
        normalized_names.publisher_key,
        normalized_names.name_key,
        normalized_names.name,
        coalesce(own_regions.region_id, publisher_regions.region_id) as region_id,
        publisher_regions.region_id as publisher_region_id
    from normalized_names
    left join regions_by_prefix as own_regions
        on normalized_names.name_key = own_regions.name_key
    left join regions_by_prefix as publisher_regions
        on normalized_names.publisher_key = publisher_regions.name_key
)

select
    publisher_key,
    name_key,
    name,
    region_id,
    {{ hash_id(['name_key', 'region_id']) }} as organization_id,
    case
        when publisher_key not in ('', name_key)
            then {{ hash_id(['publisher_key', 'publisher_region_id']) }}
    end as publisher_organization_id,
    publisher_key = name_key as is_publisher
from placed_names
