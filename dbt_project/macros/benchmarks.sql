{#
  agg_indicator_benchmarks sums up bodies by region and of all regions together. Of what changed it knows the body's region and
  year, not what the body told before of which indicator: that is in what its region's rows say before they are replaced.
#}
{% macro is_of_changed_region_year(region_id, fiscal_year) -%}
    {{ is_of_changed(
        'int_body_years_changed',
        "coalesce(region_id, ''), fiscal_year",
        "coalesce(" ~ region_id ~ ", ''), " ~ fiscal_year
    ) }}
{%- endmacro %}

{# The indicators and years that such regions told of or tell of now. #}
{% macro benchmarks_told() -%}
    select indicator_id, fiscal_year
    from {{ ref('int_body_targets') }} as targets
    where {{ is_of_changed_body_year('targets') }}
    {%- if not execute or is_incremental() %}
    union
    select indicator_id, fiscal_year
    from {{ this }}
    where not is_all_regions and {{ is_of_changed_region_year('region_id', 'fiscal_year') }}
    {%- endif %}
{%- endmacro %}

{% macro is_of_told_benchmark(rows) -%}
    {%- if not execute or is_incremental() -%}
        ({{ rows }}.indicator_id, {{ rows }}.fiscal_year) in (select indicator_id, fiscal_year from told)
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{% macro benchmarks_made_anew() -%}
    case
        when there.is_all_regions then (there.indicator_id, there.fiscal_year) in ({{ benchmarks_told() }})
        else {{ is_of_changed_region_year('there.region_id', 'there.fiscal_year') }}
    end
{%- endmacro %}
