#!/usr/bin/env bash
# Usage: node.sh DIR VERSION   installs a Node (npm package `node`) as DIR/node_modules/node/bin/node. Idempotent; about 10 s.
set -euo pipefail
version=$2
dir=$(mkdir -p "$1" && cd "$1" && pwd)
node=$dir/node_modules/node/bin/node
[ -x "$node" ] && [ "$("$node" --version)" = "v$version" ] && exit 0
rm -rf "$dir/node_modules" "$dir"/package*.json
npm install --prefix "$dir" --no-audit --no-fund --loglevel=error "node@$version"
"$node" --version
