package io.syncjobs.cluster;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncjobs.cluster.Shell.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** dev/cluster itself, beside the clusters of other tests: it survives trouble and leaves nothing behind. */
@Isolated("it compares the machine's networks before and after, while no other cluster may come or go")
class ClusterToolIT {
    private static final String NAME = "cluster-it";
    private static final String STATE = "/var/lib/syncjobs-cluster/" + NAME;
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @AfterEach
    void down() {
        tool("down");
    }

    @Test
    void aClusterComesBackAfterACrashAndAStopAndLeavesTheMachineAsItWas() {
        var before = host();

        tool("up").orThrow();
        kubectl("create", "configmap", "kept", "--from-literal=a=b");
        kill(component("etcd"));
        assertThat(tool("status").exit()).isNotZero();
        tool("up").orThrow();
        assertThat(kubectl("get", "configmap", "kept", "-o", "name")).contains("kept");
        tool("stop").orThrow();
        tool("start").orThrow();
        assertThat(kubectl("get", "configmap", "kept", "-o", "name")).contains("kept");
        tool("down").orThrow();

        assertThat(host()).isEqualTo(before);
        assertThat(traces()).isEmpty();
    }

    @Test
    void wrongUseEndsInOneSentence() {
        assertThat(tool("up", "--nodes", "3").err()).contains("--nodes is 3 but must be 1 or 2");
        assertThat(tool("upp").err()).contains("there is no command \"upp\"");
        assertThat(tool("upp").exit()).isEqualTo(2);
    }

    /** What a cluster must not change, whoever else runs on the machine. */
    private static String host() {
        return List.of(
                        List.of("sh", "-c", "iptables-save | grep -v '^#'"),
                        List.of("sh", "-c", "ip -o link | cut -d: -f2 | sort"),
                        List.of("ip", "-o", "route"),
                        List.of("cat", "/proc/sys/net/ipv4/ip_forward"))
                .stream()
                .map(command -> Shell.run(LIMIT, Map.of(), "", command).out())
                .collect(joining("\n"));
    }

    /** Whatever of this cluster is still on the machine. */
    private static List<String> traces() {
        var found = new ArrayList<String>();
        var places = Map.of(
                "mounts", "cut -d' ' -f5 /proc/self/mountinfo",
                "namespaces", "ls /run/netns",
                "cgroups", "find /sys/fs/cgroup -maxdepth 2 -type d",
                "processes", "ps -eo args",
                "logs", "ls -l /var/log/containers",
                "state", "ls -d /var/lib/syncjobs-cluster/*");
        places.forEach((place, command) -> Shell.run(LIMIT, Map.of(), "", List.of("sh", "-c", command))
                .out()
                .lines()
                .filter(line -> line.contains(STATE + "/") || line.contains("syncjobs-" + NAME) || line.equals(STATE))
                .forEach(line -> found.add(place + ": " + line)));
        return found;
    }

    private static String component(String name) {
        var pid = Pattern.compile(name + "\\s+runs\\s+pid (\\d+)")
                .matcher(tool("status").orThrow().out());
        assertThat(pid.find()).isTrue();
        return pid.group(1);
    }

    private static void kill(String pid) {
        Shell.run(LIMIT, Map.of(), "", List.of("kill", "-9", pid)).orThrow();
        Waiting.until(
                "process " + pid + " ends",
                () -> !ProcessHandle.of(Long.parseLong(pid))
                        .map(ProcessHandle::isAlive)
                        .orElse(false),
                () -> pid);
    }

    private static String kubectl(String... arguments) {
        return Shell.run(
                        LIMIT,
                        Map.of(),
                        "",
                        List.of(
                                "sh",
                                "-c",
                                "eval \"$(dev/cluster env --name " + NAME + ")\"; kubectl "
                                        + String.join(" ", arguments)))
                .orThrow()
                .out();
    }

    private static Result tool(String... arguments) {
        var command = new ArrayList<>(List.of("dev/cluster"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--name", NAME));
        return Shell.run(LIMIT, Map.of(), "", command);
    }
}
