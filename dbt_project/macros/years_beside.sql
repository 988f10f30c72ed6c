{#
  Two queries, this_year and year_before, of the rows of a query with organization_id and fiscal_year: both under this year's
  number, and only for bodies of which counted lines tell of both years (int_body_years).
#}
{% macro years_beside(rows, columns) -%}
this_year as (
    select
        {{ rows }}.organization_id,
        {% for column in columns %}{{ rows }}.{{ column }},
        {% endfor %}{{ rows }}.fiscal_year
    from {{ rows }}
    inner join {{ ref('int_body_years') }} as years
        on {{ rows }}.organization_id = years.organization_id
        and {{ rows }}.fiscal_year = years.fiscal_year
    where years.previous_fiscal_year is not null
),

year_before as (
    select
        {{ rows }}.organization_id,
        {% for column in columns %}{{ rows }}.{{ column }},
        {% endfor %}years.fiscal_year
    from {{ rows }}
    inner join {{ ref('int_body_years') }} as years
        on {{ rows }}.organization_id = years.organization_id
        and {{ rows }}.fiscal_year = years.previous_fiscal_year
)
{%- endmacro %}
