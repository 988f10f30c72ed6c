{# What a project's name says beyond the name. All take a normalized name (macros/names.sql). #}

{# 穗财商【2023】64号: letters of the issuing body, a bracketed year, a number. Null where none is printed. #}
{% macro transfer_reference(normalized_name) -%}
    nullif(regexp_extract({{ normalized_name }}, '{{ reference_pattern() }}'), '')
{%- endmacro %}

{% macro reference_pattern() -%}
[\x{4E00}-\x{9FFF}]{2,8}[【〔\[（](19|20)\d{2}[】〕\]）]第?\d+号
{%- endmacro %}

{# 穗财商【2023】64号2024年市商务局转移支付 → 市商务局转移支付: a leading reference and the year behind it. #}
{% macro without_leading_reference(normalized_name) -%}
    regexp_replace({{ normalized_name }}, '^{{ reference_pattern() }}((19|20)\d{2}年度?)?', '')
{%- endmacro %}

{# What the name's last bracket ends with: 越秀区 of （越秀区） and of （升级激励，越秀区）. Null without a closing bracket. #}
{% macro bracketed_ending(normalized_name) -%}
    nullif(regexp_extract({{ normalized_name }}, '[（，,、]([^（），,、]+)）$', 1), '')
{%- endmacro %}

{# 服务贸易专题（越秀区） → 服务贸易专题; 专题（升级激励，越秀区） → 专题（升级激励）. #}
{% macro without_bracketed_ending(normalized_name) -%}
    case
        when regexp_matches({{ normalized_name }}, '（[^（），,、]+）$')
            then regexp_replace({{ normalized_name }}, '（[^（），,、]+）$', '')
        else regexp_replace({{ normalized_name }}, '[，,、][^（），,、]+）$', '）')
    end
{%- endmacro %}
