{# What a project's name says beyond the name. All take a normalized name (macros/names.sql). #}

{# 穗财商【2023】64号: letters of the issuing body, a bracketed year, a number. Null where none is printed. #}
{% macro transfer_reference(normalized_name) -%}
    nullif({{ first_match(normalized_name, reference_pattern()) }}, '')
{%- endmacro %}

{% macro reference_pattern() -%}
[\x{4E00}-\x{9FFF}]{2,8}[【〔\[（](19|20)\d{2}[】〕\]）]第?\d+号
{%- endmacro %}

{# 穗财商【2023】64号2024年市商务局转移支付 → 2024年市商务局转移支付; 节能资金（财建〔2023〕12号） → 节能资金. #}
{% macro without_reference(normalized_name) -%}
    {{ replaced(normalized_name, '^' ~ reference_pattern() ~ '|（' ~ reference_pattern() ~ '）') }}
{%- endmacro %}

{#
  2024年度节能资金, 监控平台（2023）, 白皮书2024-2025年, 2026发展计划: the same in every year. Years of other things are not of
  the name: those of reference numbers go with them.
#}
{% macro without_years(normalized_name) -%}
    {{ replaced(
        replaced(
            replaced(normalized_name, '（' ~ year_pattern() ~ '([-—–~～至到]+' ~ year_pattern() ~ ')?）'),
            '((19|20)[0-9]{2}(年度?)?[-—–~～至到]+)?(19|20)[0-9]{2}年度?'
        ),
        '^(19|20)[0-9]{2}([^0-9])', '\\2'
    ) }}
{%- endmacro %}

{% macro year_pattern() -%}
(19|20)\d{2}(年度?)?
{%- endmacro %}

{# 补助资金（第二批）, 第1批补助资金, 首批次补助资金 #}
{% macro without_batch(normalized_name) -%}
    {{ replaced(normalized_name, '（(第[一二三四五六七八九十0-9]+|首)批次?）|(第[一二三四五六七八九十0-9]+|首)批次?') }}
{%- endmacro %}

{# 市商务局转移支付-服务贸易专题 → 服务贸易专题: the heading says who gives, not what for. #}
{% macro without_transfer_heading(normalized_name) -%}
    {{ replaced(normalized_name, '^[^（）]{0,12}转移支付(预算|资金|项目|经费)?[-—－–:：]+(.)', '\\2') }}
{%- endmacro %}

{# What the other rules leave at the edges. #}
{% macro without_edge_marks(normalized_name) -%}
    {{ replaced(normalized_name, '^[-—－–_、，,；;：:．.]+|[-—－–_、，,；;：:。．.]+$') }}
{%- endmacro %}

{# What the name's last bracket ends with: 越秀区 of （越秀区） and of （升级激励，越秀区）. Null without a closing bracket. #}
{% macro bracketed_ending(normalized_name) -%}
    nullif({{ first_match(normalized_name, '[（，,、]([^（），,、]+)）$', 1) }}, '')
{%- endmacro %}

{# 服务贸易专题（越秀区） → 服务贸易专题; 专题（升级激励，越秀区） → 专题（升级激励）. #}
{% macro without_bracketed_ending(normalized_name) -%}
    case
        when {{ has_match(normalized_name, '（[^（），,、]+）$') }}
            then {{ replaced(normalized_name, '（[^（），,、]+）$') }}
        else {{ replaced(normalized_name, '[，,、][^（），,、]+）$', '）') }}
    end
{%- endmacro %}
