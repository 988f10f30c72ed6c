{# The same money may stand in several views: targets speak before the budget, the budget before the key projects. #}
{% macro view_priority(view) -%}
    case {{ view }} when 'targets' then 1 when 'budget' then 2 when 'key_projects' then 3 else 4 end
{%- endmacro %}
