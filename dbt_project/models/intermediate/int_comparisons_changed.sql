-- Grain: one body × fiscal year that is held against the year before anew: a year that changed, and the year after one.
{{ config(materialized='view') }}
select organization_id, fiscal_year
from {{ ref('int_body_years_changed') }}
union
select organization_id, fiscal_year + 1 as fiscal_year
from {{ ref('int_body_years_changed') }}
