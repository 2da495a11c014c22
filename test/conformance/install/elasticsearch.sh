#!/usr/bin/env bash
# Usage: elasticsearch.sh DIR   installs a real Elasticsearch (the build that Elastic tests its clients against, Maven Central)
# and its starter as DIR/elasticsearch. Idempotent; about 40 s. GET / answers 405, and some modules are missing: update and
# delete by query, reindex, data streams, ILM, painless.
set -euo pipefail
version=8.19.16
dir=$(mkdir -p "$1" && cd "$1" && pwd)
starter() {
  cat <<START
#!/usr/bin/env bash
# Usage: elasticsearch PORT DATA   listens on the loopback, and keeps everything below DATA
set -euo pipefail
home=\$(cd "\$(dirname "\$0")" && pwd)/elasticsearch-$version
START
  cat <<'START'
data=$(cd "$2" && pwd)
[ -d "$data/config" ] || { mkdir "$data/logs" "$data/tmp" && cp -r "$home/config" "$data/config"; }
as=()
if [ "$(id -u)" = 0 ]; then
  # It refuses to run as root, and nobody may be unable to reach where it is installed.
  [ -d "$data/home" ] || cp -r "$home" "$data/home"
  home=$data/home
  chown -R nobody: "$data"
  as=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
fi
java=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
cd "$data"
exec env ES_JAVA_HOME="$java" ES_PATH_CONF="$data/config" ES_TMPDIR="$data/tmp" LANG=C.UTF-8 \
  CLI_JAVA_OPTS="-XX:TieredStopAtLevel=1 -XX:+UseSerialGC" \
  ES_JAVA_OPTS="-Xms512m -Xmx512m -XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC" \
  "${as[@]}" "$home/bin/elasticsearch" -E discovery.type=single-node -E xpack.security.enabled=false \
  -E http.host=127.0.0.1 -E http.port="$1" -E transport.host=127.0.0.1 -E transport.port=0 \
  -E path.data="$data" -E path.logs="$data/logs" -E cluster.routing.allocation.disk.threshold_enabled=false
START
}
[ -f "$dir/.ok-$version" ] && starter >"$dir/elasticsearch" && exit 0
for tool in java mvn unzip; do command -v "$tool" >/dev/null || { echo "needs $tool (JDK 17)" >&2; exit 1; }; done
rm -rf "$dir"/elasticsearch* "$dir"/.ok-*
artifact=org.elasticsearch.distribution.integ-test-zip:elasticsearch:$version:zip
mvn -B -q dependency:copy -Dartifact="$artifact" -DoutputDirectory="$dir"
unzip -q "$dir/elasticsearch-$version.zip" -d "$dir"
rm "$dir/elasticsearch-$version.zip"
starter >"$dir/elasticsearch"
chmod +x "$dir/elasticsearch"
touch "$dir/.ok-$version"
