-- Grain: one amount of a printed line, by fund source and period.
select
    document_id,
    reader_version,
    project_line_id,
    fund_source,
    period,
    amount_text,
    amount_yuan,
    allocation,
    candidates,
    page_number,
    bbox,
    locator
from {{ ref('stg_raw__funds') }}
