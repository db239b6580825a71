#!/bin/sh
# Makes synthetic traces in a database of its own (HOME_FOLDER) and measures searches and figures over them:
#   benchmarks/search/run.sh HOME_FOLDER [TRACES]
set -eu
cd "$(dirname "$0")/../.."
mvn -B -ntp -q test-compile -pl hone-core
mvn -B -ntp -q dependency:build-classpath -pl hone-core -Dmdep.includeScope=test -Dmdep.outputFile=target/search.classpath
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "hone-core/target/test-classes:hone-core/target/classes:$(cat hone-core/target/search.classpath)" \
    dev.hone.store.SearchBenchmark "$@"
