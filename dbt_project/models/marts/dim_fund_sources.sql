-- Grain: one kind of money. A printed name that nobody listed is a kind of its own.
select
    fund_source_id,
    name,
    parent_fund_source_id,
    true as is_listed
from {{ ref('fund_sources') }}
union all
select
    fund_source_id,
    printed_name as name,
    null as parent_fund_source_id,
    false as is_listed
from {{ ref('int_fund_source_names') }}
where not is_listed
