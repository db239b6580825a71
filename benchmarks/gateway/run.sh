#!/usr/bin/env bash
# The gateway under load, beside the model's server itself, nginx and LiteLLM's proxy, in rounds that take turns.
# Usage: benchmarks/gateway/run.sh [--out FOLDER] [--seconds 60] [--rounds 5] [--warmup 20] [--rate 2000] [--slow-rate 100]
#        [--connections 64] [--streams 1000] [--burst 500] [--stream-words 40] [--nginx PROGRAM] [--litellm PROGRAM]
#        [--phases rate,slow,saturated,burst,streams]
# nginx is taken where it is installed (Debian: apt-get install nginx-light); LiteLLM's proxy where --litellm names its program
# (pip install 'litellm[proxy]' in a virtual environment). A smoke run: --seconds 5 --rounds 1 --warmup 5.
# FOLDER gets result.json and result.md; nothing else should run on the machine meanwhile.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
project="$(cd "$here/../.." && pwd)"
case "${1:-}" in -h | --help)
    sed -n '2,9s/^# //p' "$0"
    exit
    ;;
esac

(cd "$project" && mvn -B -ntp -q -pl hone-app -am -DskipTests test-compile \
    org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath -DincludeScope=test -DexcludeGroupIds=dev.hone \
    -Dmdep.outputFile="$project/hone-app/target/test.classpath")
java=
for folder in "${JAVA_HOME:-/nowhere}" /usr/lib/jvm/* /opt/java/* "$HOME"/.sdkman/candidates/java/*; do
    if [ -f "$folder/release" ] && [ "$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$folder/release")" -ge 25 ]; then
        java=$folder
    fi
done
if [ -z "$java" ]; then
    echo "No JDK 25 or newer is installed: install one, or set JAVA_HOME to it." >&2
    exit 3
fi
classes=
for module in hone-app hone-engine hone-core; do
    classes="$classes:$project/$module/target/classes"
done
ulimit -n 16384 2>/dev/null || true
exec "$java/bin/java" -XX:+UseSerialGC -Xmx512m --enable-native-access=ALL-UNNAMED \
    -cp "$project/hone-app/target/test-classes$classes:$(cat "$project/hone-app/target/test.classpath")" \
    dev.hone.load.GatewayBenchmark "$@"
