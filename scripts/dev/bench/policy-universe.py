# What lib/policy is measured against: `actions` prints what policyuniverse knows, `minimise FILE` minimises what the file keeps.
import contextlib
import io
import json
import signal
import sys
import time

import policyuniverse
from policyuniverse.expander_minimizer import minimize_statement_actions


def give_up(*_):
    raise TimeoutError


def minimise(kept, actions=None, limit_s=0):
    if actions is not None:
        policyuniverse.all_permissions.clear()
        policyuniverse.all_permissions.update(actions)
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(limit_s)
    started = time.perf_counter()
    try:
        # It prints a line for every name that begins another one.
        with contextlib.redirect_stdout(io.StringIO()):
            patterns = minimize_statement_actions({"Effect": "Allow", "Action": kept})
    except TimeoutError:
        return {"ended": False, "ms": limit_s * 1000}
    ms = (time.perf_counter() - started) * 1000
    return {"ended": True, "ms": ms, "patterns": len(patterns), "characters": sum(map(len, patterns))}


if sys.argv[1] == "actions":
    json.dump(sorted(policyuniverse.all_permissions), sys.stdout)
else:
    with open(sys.argv[2]) as file:
        json.dump(minimise(**json.load(file)), sys.stdout)
