#!/usr/bin/env bash
# Usage: moto.sh DIR   installs moto's server (PyPI) into the virtual environment DIR/venv. Idempotent; about 40 s.
set -euo pipefail
version=5.2.5
dir=$(mkdir -p "$1" && cd "$1" && pwd)
[ -f "$dir/.ok-$version" ] && exit 0
command -v python3 >/dev/null || { echo "needs python3" >&2; exit 1; }
rm -rf "$dir/venv" "$dir"/.ok-*
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q --disable-pip-version-check "moto[dynamodb]==$version" flask flask-cors
"$dir/venv/bin/python" -c 'import moto.moto_server.werkzeug_app'
touch "$dir/.ok-$version"
