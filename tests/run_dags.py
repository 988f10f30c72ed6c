"""Runs DAGs one after the other as ``airflow dags test`` does, each id followed by its parameters as JSON.

One process for all of them: to start Airflow takes as long as a small run. The last line holds their states.
"""

import json
import sys

from airflow.dag_processing.dagbag import DagBag

sys.path.insert(0, "dags")
bag = DagBag("dags")
asked = zip(sys.argv[1::2], sys.argv[2::2], strict=True)
states = {dag_id: bag.dags[dag_id].test(run_conf=json.loads(parameters)).state for dag_id, parameters in asked}
print("STATES" + json.dumps(states))
