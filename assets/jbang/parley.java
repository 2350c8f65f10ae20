///usr/bin/env jbang "$0" "$@" ; exit $?
// Starts Parley from the local Maven repository ('mvn install' puts it there): jbang parley@<this directory>
// jbang replaces itself by the java that runs this, so nothing of it stays in front of the server.
//JAVA 17+
//REPOS mavenlocal,mavencentral
//DEPS dev.parley:mcp-server:0.1.0-SNAPSHOT:all@fatjar
//RUNTIME_OPTIONS -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:TieredStopAtLevel=1
//RUNTIME_OPTIONS -XX:CICompilerCount=1 -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=10 -XX:-PrintWarnings
//RUNTIME_OPTIONS -XX:+UseSerialGC -Xms8m -Xmn1500k -XX:SurvivorRatio=3 -Xmx64m -XX:-UsePerfData
//RUNTIME_OPTIONS -XX:GuaranteedSafepointInterval=0 -XX:AsyncDeflationInterval=10000
//RUNTIME_OPTIONS -XX:+DisplayVMOutputToStderr -Xlog:disable -Xlog:all=error:stderr -Dorg.jboss.logging.provider=slf4j
//RUNTIME_OPTIONS -Djdk.reflect.useNativeAccessorOnly=true

/** Hands over to the command of the dependency. */
class parley {

    public static void main(String[] args) {
        dev.parley.cli.Main.main(args);
    }
}
