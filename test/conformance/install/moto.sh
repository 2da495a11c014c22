#!/usr/bin/env bash
# Usage: moto.sh DIR   installs moto's server, cfn-lint and policyuniverse (PyPI) into the virtual
# environment DIR/venv. Idempotent; about 60 s.
set -euo pipefail
version=5.2.5
dir=$(mkdir -p "$1" && cd "$1" && pwd)
extras=dynamodb,cloudformation,events
universe=1.5.1.20231109
ok="$dir/.ok-$version-$extras-$universe"
[ -f "$ok" ] && exit 0
command -v python3 >/dev/null || { echo "needs python3" >&2; exit 1; }
rm -rf "$dir/venv" "$dir"/.ok-*
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check "moto[$extras]==$version" flask flask-cors \
  "policyuniverse==$universe"
"$dir/venv/bin/python" -c 'import moto.moto_server.werkzeug_app, policyuniverse'
touch "$ok"
