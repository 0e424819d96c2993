"""Answers a question by a cluster, one of whose executors is killed meanwhile.

    python killed.py FACTS QUESTION CELLS
"""

import os
import signal
import sys
import threading
import time

import cluster

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../../../examples/warehouse"))
import cells


def executors():
    """Returns the processes of this cluster's executors."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                words = file.read().split(b"\0")
        except OSError:
            continue
        if b"org.apache.spark.executor.CoarseGrainedExecutorBackend" in words and application in words:
            yield int(name)


def kill():
    """Kills an executor after the query has finished some tasks, and while others run."""
    tracker = session.sparkContext.statusTracker()
    while True:
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        if any(stage and stage.numActiveTasks and stage.numCompletedTasks for stage in stages):
            break
        time.sleep(0.005)
    victim = min(executors())
    os.kill(victim, signal.SIGKILL)
    killed.append((victim, time.monotonic()))


facts, question, out = sys.argv[1:]
session = cluster.session()
application = session.sparkContext.applicationId.encode()
cells.register(session, [facts])
killed = []
thread = threading.Thread(target=kill, daemon=True)
with open(question) as text:
    text = text.read()
thread.start()
columns, rows = cells.answer(session, text)
answered = time.monotonic()
thread.join(60)
assert killed, "the query ended before an executor could be killed"
(victim, at), = killed
print(f"executor {victim} was killed {answered - at:.1f} s before the answer")
assert at < answered
# The master has started another one in its place.
assert victim not in executors()
cells.write(columns, rows, out)
session.stop()
