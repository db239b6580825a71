#!/bin/sh
# Makes synthetic traces in a database of its own (HOME_FOLDER) and measures over them searches, figures, and each of the pages:
#   benchmarks/search/run.sh HOME_FOLDER [TRACES]
# With no more traces than are there nothing is made. Needs a JDK 25 in JAVA_HOME.
set -eu
cd "$(dirname "$0")/../.."
mvn -B -ntp -q test-compile dependency:build-classpath -pl hone-core,hone-app -am -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" -cp "hone-core/target/test-classes:hone-core/target/classes:$(cat hone-core/target/benchmark.classpath)" dev.hone.store.SearchBenchmark "$@"
echo
"$java" --enable-native-access=ALL-UNNAMED -cp "hone-app/target/test-classes:hone-app/target/classes:$(cat hone-app/target/benchmark.classpath)" \
    dev.hone.web.site.PagesBenchmark "$1"
