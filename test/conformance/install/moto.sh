#!/usr/bin/env bash
# Usage: moto.sh DIR   installs moto's server and cfn-lint (PyPI) into the virtual environment DIR/venv. Idempotent; about 60 s.
set -euo pipefail
version=5.2.5
dir=$(mkdir -p "$1" && cd "$1" && pwd)
extras=dynamodb,cloudformation,events
[ -f "$dir/.ok-$version-$extras" ] && exit 0
command -v python3 >/dev/null || { echo "needs python3" >&2; exit 1; }
rm -rf "$dir/venv" "$dir"/.ok-*
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check "moto[$extras]==$version" flask flask-cors
"$dir/venv/bin/python" -c 'import moto.moto_server.werkzeug_app'
touch "$dir/.ok-$version-$extras"
