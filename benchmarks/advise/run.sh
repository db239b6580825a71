#!/bin/sh
# Puts calls of five jobs under one key, without their names, and measures how well hone advise finds the jobs again:
#   benchmarks/advise/run.sh DATA [CALLS_OF_A_JOB [meaning|words|all [more]]]
# With "more", two jobs stand among them that nobody looked at while thresholds were chosen.
# DATA has the folders banking77, snips, gsm8k and bfcl (and, for more, defog_sql and taubench), each as its source has it (docs/results/wheel.md); the triage rows are fetched by npm the
# first time, into HONE_HOME. Needs a JDK 25 in JAVA_HOME.
set -eu
data=$(cd "${1:?usage: run.sh DATA [CALLS_OF_A_JOB [meaning|words|all [more]]]}" && pwd)
cd "$(dirname "$0")/../.."
mvn -B -ntp -q test-compile dependency:build-classpath -pl hone-core,hone-engine,hone-app -am -Dmdep.includeScope=test -Dmdep.outputFile=target/benchmark.classpath
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
"$java" --enable-native-access=ALL-UNNAMED -cp "hone-app/target/test-classes:hone-app/target/classes:$(cat hone-app/target/benchmark.classpath)" \
    dev.hone.run.MixedTraces "$data" ${2:+"$2"} ${3:+"$3"} ${4:+"$4"}
