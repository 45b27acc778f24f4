package io.syncjobs.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.syncjobs.cluster.Cluster;
import io.syncjobs.cluster.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The processes of a pod as the machine sees them, where a test can do to them what no pod can do to another. */
final class WorkerProcesses {
    private static final String AGENT = "@/app/agent";

    private final String pod;
    private final String uid;

    private WorkerProcesses(String pod, String uid) {
        this.pod = pod;
        this.uid = uid;
    }

    static WorkerProcesses of(Cluster cluster, String namespace, String pod) {
        var uid = cluster.kubectl("--namespace", namespace, "get", "pod", pod, "-o=jsonpath={.metadata.uid}");
        return new WorkerProcesses(pod, uid);
    }

    /** Sends a signal to its agent. */
    void agent(String signal) {
        signal(signal, AGENT);
    }

    /** Lets an agent that was stopped go on. The kubelet may have ended it by now, because it did not answer. */
    void wakeAgent() {
        var left = find().filter(process -> runs(process, AGENT)).toList();
        if (!left.isEmpty()) signal("CONT", left);
    }

    /** Sends a signal to those of its processes whose command line has these words. */
    void signal(String signal, String words) {
        signal(signal, find().filter(process -> runs(process, words)).toList());
    }

    /** Sends a signal to all of its processes. */
    void all(String signal) {
        signal(signal, find().toList());
    }

    /** From now on nothing that is sent to the API server leaves the pod, and nobody is told so. */
    void cutOff() {
        firewall("-A");
    }

    void heal() {
        firewall("-D");
    }

    private void firewall(String verb) {
        var process = find().filter(one -> runs(one, AGENT)).findFirst().orElseThrow(this::none);
        run(
                "nsenter",
                "--net",
                "--target",
                name(process),
                "iptables",
                verb,
                "OUTPUT",
                "-p",
                "tcp",
                "--dport",
                "443",
                "-j",
                "DROP");
    }

    private void signal(String signal, List<Path> processes) {
        if (processes.isEmpty()) throw none();
        run(Stream.concat(Stream.of("kill", "-" + signal), processes.stream().map(WorkerProcesses::name))
                .toArray(String[]::new));
    }

    private AssertionError none() {
        return new AssertionError("no such process of pod " + pod + " " + uid + " is on this machine");
    }

    private static void run(String... command) {
        Shell.run(Duration.ofSeconds(30), Map.of(), "", List.of(command)).orThrow();
    }

    private Stream<Path> find() {
        try (var processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            var found = Stream.<Path>builder();
            processes.forEach(process -> {
                if (read(process, "cgroup").contains("pod" + uid)) found.add(process);
            });
            return found.build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean runs(Path process, String words) {
        return read(process, "cmdline").contains(words);
    }

    private static String name(Path process) {
        return process.getFileName().toString();
    }

    /** Empty for one that has ended meanwhile. */
    private static String read(Path process, String file) {
        try {
            return new String(Files.readAllBytes(process.resolve(file)), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
