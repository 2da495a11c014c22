#!/usr/bin/env bash
# Usage: stores.sh   InfluxDB 1.6, VictoriaMetrics 1.79 and Prometheus' promtool 2.42 from Debian 12, as root. Idempotent; about 20 s.
set -euo pipefail
have() { command -v influxd victoria-metrics promtool; }
[ "$(have | wc -l)" = 3 ] && exit 0
command -v apt-get >/dev/null || { echo "needs influxd, victoria-metrics and promtool in PATH, or apt-get" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "needs root for apt-get install" >&2; exit 1; }
# A third-party source that is out of reach must not matter: what counts is whether the packages can be had.
apt-get update -qq || true
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends influxdb victoria-metrics prometheus
