{#
  Views keep the text they were made from. Without the database's name in it they hold in a file of any name, attached under
  any alias: so the published file's views can be copied, renamed and attached.
#}
{% macro ref() -%}
    {% do return(builtins.ref(*varargs, **kwargs).include(database=false)) %}
{%- endmacro %}

{% macro source() -%}
    {% do return(builtins.source(*varargs, **kwargs).include(database=false)) %}
{%- endmacro %}
