{# What makes two printed names one. Every rule is one macro; models/intermediate/_unit_tests.yml has its examples. #}

{# All white space (the ideographic space too) goes, half-width round brackets become full-width; nothing more. #}
{% macro normalized_name(name) -%}
    translate({{ replaced(name, '[\\s\\x{000B}\\x{00A0}\\x{3000}]+') }}, '()', '（）')
{%- endmacro %}

{# A body and its scope note （本级） are one body. Takes a normalized name. #}
{% macro without_body_scope(normalized_name) -%}
    {{ replaced(normalized_name, '（本级）$') }}
{%- endmacro %}

{# The name as printed, without its scope note. #}
{% macro printed_without_body_scope(name) -%}
    {{ replaced('trim(' ~ name ~ ')', '\\s*[（(]\\s*本\\s*级\\s*[）)]$') }}
{%- endmacro %}

{# Party bodies stand before the place they belong to: 中共云泽市委员会. For finding the region only. #}
{% macro without_party_prefix(normalized_name) -%}
    {{ replaced(normalized_name, '^(中国共产党|中共)') }}
{%- endmacro %}
