"""Jixiao (绩效): from published performance-target tables to rows that are proved. Plain Python, no Airflow.

The flow, a module per step:

    sources   who publishes where (YAML)            sites/   a page of theirs → documents, links to follow
    crawl/    a site → pages and bytes              folder   an inbox → bytes
    receive   bytes → what came of them (unpack)    archive  bytes → content-addressed file
    collect   all of these, observed                known    what addresses gave before (due: when to ask again)
    readers/  bytes → pages of grids and lines      layouts/ grids → project lines (targets, money, vocabularies/)
    find      the text of a page → whether its tables are asked for
    interpret pages → document with its verdict     (fiscal_year, reconcile, coverage, allocate), judged by checks/
    guard     the three above in processes of their own (guarded, children), within limits; one document's pages shared
              by several (sharing, pickling)
    land      documents → Parquet                   load     Parquet → raw.* in DuckDB
    build     raw.* → marts (by dbt_process)        publish  marts → the release that readers get, through the gate

A release: its folder and links (``releases``), what it changed (``release_log``), Parquet and its descriptor
(``datapackage``), tables in a server (``postgres``); ``export`` writes one table of it for a spreadsheet. The last two
take ``flat`` columns and an ``extension`` of DuckDB.

``view/`` is the page behind a number, served in Airflow's UI by ``plugins/``; what reviewers decide there is kept as
``corrections`` and loaded like what landed.

``contract`` is the version of the warehouse and of what is published, and brings an older house up to it.
``forget`` takes a document out of all of these (``tombstones``); ``reparse`` reads archived ones again and compares.
``pending`` says what there is to do; ``orchestrate`` and ``run`` drive Airflow, ``dashboards`` Superset (``sessions``,
``secret``; ``check_secrets`` those of a .env); ``show``, ``summary``,
``dictionary`` and ``json_lines`` are what a person sees; ``records`` are what the steps hand to each other.
"""
