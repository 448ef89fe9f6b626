#!/bin/sh
# SPDX-FileCopyrightText: The Weir authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Fetches the jars of one Kafka version from Maven Central and prints the folder they lie in.
#   fetch.sh [VERSION]          (default: $WEIR_KAFKA_VERSION, else 4.1.0)
#   fetch.sh VERSION kafka-tools      Kafka's own command line tools
# They go to $WEIR_TEST_CACHE/kafka-VERSION (default: ~/.cache/weir-tests), or to
# kafka-tools-VERSION beside it. A folder that is there is complete: it gets its name only after
# everything in it has arrived. Installs nothing; needs maven and a Java 17 runtime.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
version=${1:-${WEIR_KAFKA_VERSION:-4.1.0}}
case $version in
*[!0-9.]* | '') echo "fetch.sh: '$version' is not a version of Kafka" >&2; exit 2 ;;
esac
artifact=${2:-kafka_2.13}
name=kafka
[ "$artifact" = kafka_2.13 ] || name=$artifact
cache=${WEIR_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-tests}
target=$cache/$name-$version
if [ -d "$target" ]; then
    echo "$target"
    exit 0
fi
command -v mvn >/dev/null || { echo "fetch.sh: maven is not installed (apt install maven)" >&2; exit 3; }
mkdir -p "$cache"
part=$(mktemp -d "$cache/.part-XXXXXX")
trap 'rm -rf "$part"' EXIT
cp "$here/pom.xml" "$part/pom.xml"
log=$part/maven.log
if ! mvn -q -B -f "$part/pom.xml" "-Dkafka.version=$version" \
    "-Dkafka.artifact=$artifact" dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$part/jars" >"$log" 2>&1; then
    echo "fetch.sh: Kafka $version could not be fetched from Maven Central:" >&2
    tail -n 20 "$log" >&2
    exit 3
fi
# Two at once: the first to rename wins, and both results are the same.
mv -T "$part/jars" "$target" 2>/dev/null || [ -d "$target" ]
echo "$target"
