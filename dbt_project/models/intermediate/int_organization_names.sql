-- Grain: one body's normalized name under the publisher that prints it (itself included).
-- A name that begins with no region has the region of its publisher: so 机关服务中心 of two cities are two bodies.
-- A body is one under all spellings of its region and before and after its renaming: 越秀区商务局 and 广州市越秀区商务局,
-- 广州市环境保护局 and 广州市生态环境局. `rules` says which of them found something.
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
        distinct_keys.placed_name,
        left(distinct_keys.placed_name, prefix_lengths.prefix_length) as beginning
    from distinct_keys
    cross join prefix_lengths
),

placed as (
    select
        beginnings.name_key,
        beginnings.placed_name,
        beginnings.beginning,
        substr(beginnings.placed_name, prefixes.prefix_length + 1) as own_name,
        prefixes.region_id,
        prefixes.spelling,
        prefixes.is_former,
        prefixes.evidence,
        regions.level as region_level,
        row_number() over (partition by beginnings.name_key order by prefixes.prefix_length desc) as choice
    from beginnings
    inner join {{ ref('int_region_prefixes') }} as prefixes
        on beginnings.beginning = prefixes.prefix
    left join {{ ref('regions') }} as regions
        on prefixes.region_id = regions.region_id
),

conformed as (
    select
        placed.name_key,
        placed.region_id,
        concat(
            case when placed.name_key != placed.placed_name then '中共' else '' end,
            placed.spelling,
            coalesce(own_renames.ending, renames.ending, placed.own_name)
        ) as conformed_key,
        concat_ws(
            ', ',
            case
                when placed.is_former then 'former region'
                when placed.beginning != placed.spelling then 'region'
            end,
            case when coalesce(own_renames.ending, renames.ending) is not null then 'renamed' end
        ) as rules,
        nullif(concat_ws('; ', placed.evidence, coalesce(own_renames.evidence, renames.evidence)), '') as evidence
    from placed
    left join {{ ref('organization_renames') }} as own_renames
        on placed.own_name = own_renames.former_ending
        and placed.region_id = own_renames.region_id
    left join {{ ref('organization_renames') }} as renames
        on placed.own_name = renames.former_ending
        and placed.region_level = renames.region_level
        and renames.region_id is null
    where placed.choice = 1
),

identified as (
    select
        names.publisher_key,
        names.name_key,
        names.name,
        coalesce(own.region_id, publishers.region_id) as region_id,
        coalesce(own.conformed_key, names.name_key) as conformed_key,
        coalesce(own.rules, '') as rules,
        own.evidence
    from normalized_names as names
    left join conformed as own
        on names.name_key = own.name_key
    left join conformed as publishers
        on names.publisher_key = publishers.name_key
),

organizations as (
    select
        *,
        {{ hash_id(['conformed_key', 'region_id']) }} as organization_id
    from identified
)

select
    organizations.publisher_key,
    organizations.name_key,
    organizations.name,
    organizations.region_id,
    organizations.organization_id,
    case when organizations.publisher_key != organizations.name_key then publishers.organization_id end
        as publisher_organization_id,
    organizations.publisher_key = organizations.name_key as is_publisher,
    organizations.rules,
    organizations.evidence
from organizations
left join organizations as publishers
    on organizations.publisher_key = publishers.publisher_key
    and organizations.publisher_key = publishers.name_key
