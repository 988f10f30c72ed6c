{# What makes two printed indicators one. Every rule is one macro; each takes a normalized name (macros/names.sql). #}

{# 数量指标 and 数量 are one level. #}
{% macro without_indicator_ending(normalized_name) -%}
    {{ replaced(normalized_name, '指标$') }}
{%- endmacro %}

{# The rules one after the other; what they leave nothing of stays as it is. #}
{% macro indicator_key(normalized_name) -%}
    coalesce(
        nullif({{ without_leading_year(without_bracketed_unit(without_end_mark(normalized_name))) }}, ''),
        {{ normalized_name }}
    )
{%- endmacro %}

{# 办结率。 → 办结率 #}
{% macro without_end_mark(normalized_name) -%}
    {{ replaced(normalized_name, '[。；：:;]+$') }}
{%- endmacro %}

{# 举办活动（次）, 补助金额（万元）, 提供支撑（是/否）: the unit stands beside the value, or is of the value. #}
{% macro without_bracketed_unit(normalized_name) -%}
    {{ replaced(
        normalized_name,
        '（(是/否|[%％‰]|[十百千万亿]{0,2}(元|个|家|户|人|名|次|场|份|件|项|条|本|篇|期|类|宗|台|套|辆|艘|吨|米|亩|处|座|所|天|月|年|日|公里|小时|工作日|平方米|平方公里|公顷|人次|家次|车次|架次|艘次|批次|人天|学时|课时)(/[^（）/]{1,3})?)）$'
    ) }}
{%- endmacro %}

{# 2026年住宿餐饮业增加值增速 is asked for each year; 2018年4月至12月 is a name of its own. #}
{% macro without_leading_year(normalized_name) -%}
    {{ replaced(normalized_name, '^(19|20)[0-9]{2}年度?([^0-9年月底末前内至到及—~-])', '\\2') }}
{%- endmacro %}
