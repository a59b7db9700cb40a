"""Talks to the RunPod simulator with RunPod's own SDK and prints what it answered, as one line of JSON.

Environment: RUNPOD_ENDPOINT_BASE_URL, ENDPOINT, KEY. Arguments: a quick workflow and a slow one (JSON files).
"""
import json
import os
import sys
import time

import runpod
from runpod import Endpoint

runpod.api_key = os.environ["KEY"]
endpoint = Endpoint(os.environ["ENDPOINT"])
quick, slow = ({"input": {"workflow": json.load(open(path))}} for path in sys.argv[1:3])

answers = {"health": endpoint.health()}
answers["run_sync"] = endpoint.run_sync(quick, timeout=60)
job = endpoint.run(quick)
answers["output"] = job.output(timeout=60)
answers["status"] = job.status()
running, waiting = endpoint.run(slow), endpoint.run(slow)
while running.status() != "IN_PROGRESS":
    time.sleep(0.05)
answers["cancelled"] = [waiting.cancel()["status"], running.cancel()["status"]]
answers["after"] = [running.status(), waiting.status()]
answers["purged"] = endpoint.purge_queue()
runpod.api_key = "wrong"
try:
    Endpoint(os.environ["ENDPOINT"]).health()
except RuntimeError as error:
    answers["refused"] = str(error)
print(json.dumps(answers))
