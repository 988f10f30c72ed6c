{#
  A value that a reviewer corrected, joined under the value's name: `correction_of` joins the decision about a column of a
  line (and of what in it `further` says), as long as the document prints what the reviewer saw; `target_correction` that of
  a component of an indicator's target. `corrected` is then the value that readers get.
#}
{% macro correction_of(column, line_id, printed, further='true') -%}
    left join {{ ref('int_decisions') }} as {{ column }}_correction
    on {{ line_id }} = {{ column }}_correction.project_line_id
    and {{ column }}_correction.field = '{{ column }}'
    and {{ column }}_correction.decision = 'corrected'
    and {{ column }}_correction.printed_value = {{ printed }}
    and {{ further }}
{%- endmacro %}

{% macro corrected(column, read, type) -%}
    coalesce(cast({{ column }}_correction.new_value as {{ type }}), {{ read }})
{%- endmacro %}

{% macro is_corrected(columns) -%}
    {% for column in columns %}{{ column }}_correction.correction_id is not null{{ ' or ' if not loop.last }}{% endfor %}
{%- endmacro %}

{% macro target_correction(column) -%}
    {%- set correction = column ~ '_correction' -%}
    {{ correction_of(
        column,
        'indicators.project_line_id',
        "coalesce(targets.target_text, '')",
        correction ~ '.indicator_position = indicators.indicator_position'
        ~ ' and ' ~ correction ~ ".period = coalesce(targets.period, 'annual')"
        ~ ' and ' ~ correction ~ '.component_number = coalesce(targets.component_number, 1)'
    ) }}
{%- endmacro %}
