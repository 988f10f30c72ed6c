"""Past one machine: the same dbt project on Spark, from the landed Parquet, held against DuckDB row by row.

landing → (raw) SQL for any Spark → ``raw.*``; (session) a Spark on this machine, dbt on it; (by_duckdb) the same with
DuckDB; (compare) the tables of both engines. `make spark` runs it; docs/growth.md says how to do the same on a cluster.
"""
