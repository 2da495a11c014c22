# A second reader of patterns: policyuniverse over the names it is given. {"names": [...], "patterns": [...]} on stdin, and on
# stdout what each pattern stands for, sorted, in lower case.
import json
import sys

import policyuniverse
from policyuniverse.expander_minimizer import _expand

asked = json.load(sys.stdin)
policyuniverse.all_permissions.clear()
policyuniverse.all_permissions.update(asked["names"])
json.dump([sorted(name.lower() for name in _expand(pattern)) for pattern in asked["patterns"]], sys.stdout)
