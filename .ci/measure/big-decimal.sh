#!/bin/sh
# Usage: .ci/measure/big-decimal.sh [JAVA...]
#
# How long each java (by default the one on the PATH) takes to initialize java.math.BigDecimal: compiled as a server is, and not
# compiled at all. It is what anything waits for that reads JSON with Jackson.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/Numbers.java" <<'JAVA'
public class Numbers {
    public static void main(String[] args) throws Exception {
        long from = System.nanoTime();
        Class.forName("java.math.BigDecimal");
        System.out.printf("%6.1f ms%n", (System.nanoTime() - from) / 1e6);
    }
}
JAVA
[ $# -gt 0 ] || set -- java
for java in "$@"; do
    for options in '-XX:TieredStopAtLevel=1' '-Xint'; do
        printf '%s %s: ' "$java" "$options"
        "$java" -XX:+UseSerialGC "$options" "$work/Numbers.java" # one file: the compiler is in the java
    done
done
