-- Every reading that was loaded is in history, and of each document one is the newest: the one that the marts tell of.
select readings.document_id
from {{ ref('stg_raw__documents') }} as readings
left join {{ ref('readings') }} as history
    on readings.document_id = history.document_id and readings.reader_version = history.reader_version
where history.document_id is null
union all
select document_id from {{ ref('readings') }} group by document_id having count(*) filter (where is_newest) <> 1
