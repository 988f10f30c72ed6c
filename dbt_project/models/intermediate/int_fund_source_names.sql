-- Grain: one normalized name of a fund source, printed or known; a printed name nobody listed gets an id of its own.
with printed_names as (
    select fund_source as printed_name from {{ ref('stg_raw__funds') }}
    union
    select {{ elements('candidates', 'printed_name') }} from {{ ref('stg_raw__funds') }}
),

listed as (
    select
        {{ normalized_name('printed_name') }} as name_key,
        fund_source_id
    from {{ ref('fund_source_names') }}
),

printed as (
    select
        {{ normalized_name('printed_name') }} as name_key,
        min(printed_name) as printed_name
    from printed_names
    where printed_name is not null
    group by name_key
)

select
    coalesce(listed.name_key, printed.name_key) as name_key,
    coalesce(listed.fund_source_id, {{ hash_id(["'fund source'", 'printed.name_key']) }}) as fund_source_id,
    printed.printed_name,
    listed.fund_source_id is not null as is_listed
from listed
full outer join printed
    on listed.name_key = printed.name_key
