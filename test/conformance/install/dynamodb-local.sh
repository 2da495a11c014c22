#!/usr/bin/env bash
# Usage: dynamodb-local.sh DIR   installs Amazon's DynamoDB Local (Maven Central) and its starter as DIR/dynamodb-local. Idempotent; about 50 s.
set -euo pipefail
version=3.3.1
# The SDK that 3.3.1 asks for does not resolve whole; this is the one that 3.1.0 ships with.
sdk=2.33.0
dir=$(mkdir -p "$1" && cd "$1" && pwd)
# Written last, and anew each time: where it is, the rest is, too.
write_starter() {
cat >"$dir/dynamodb-local" <<'START'
#!/usr/bin/env bash
# Usage: dynamodb-local PORT   keeps everything in memory
dir=$(cd "$(dirname "$0")" && pwd)
export LD_LIBRARY_PATH="$dir/native"
exec java -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$dir/lib/*" \
  software.amazon.dynamodb.services.local.main.ServerRunner -inMemory -sharedDb -disableTelemetry -port "$1"
START
chmod +x "$dir/dynamodb-local"
}
[ -f "$dir/.ok-$version" ] && { write_starter; exit 0; }
for tool in java mvn; do command -v "$tool" >/dev/null || { echo "needs $tool (JDK 17)" >&2; exit 1; }; done
rm -rf "$dir/lib" "$dir/native" "$dir"/.ok-* "$dir/dynamodb-local"
cat >"$dir/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>local</groupId><artifactId>dynamodb-local</artifactId><version>1</version><packaging>pom</packaging>
<dependencyManagement><dependencies>
<dependency><groupId>software.amazon.awssdk</groupId><artifactId>bom</artifactId><version>$sdk</version><type>pom</type><scope>import</scope></dependency>
</dependencies></dependencyManagement>
<dependencies>
<dependency><groupId>software.amazon.dynamodb</groupId><artifactId>DynamoDBLocal</artifactId><version>$version</version></dependency>
</dependencies></project>
POM
copy() { mvn -B -q -f "$dir/pom.xml" dependency:copy-dependencies "$@"; }
copy -DincludeScope=runtime -DincludeTypes=jar -DoutputDirectory="$dir/lib"
copy -DincludeArtifactIds=libsqlite4java-linux-amd64 -DincludeTypes=so -DoutputDirectory="$dir/native"
ls "$dir"/native/*.so
touch "$dir/.ok-$version"
write_starter
