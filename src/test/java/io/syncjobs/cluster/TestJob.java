package io.syncjobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.cluster.Shell.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assertions;

/** One job in the cluster, as a test acts on it and looks at it. */
public final class TestJob {
    private final TestNamespace namespace;
    private final String name;

    TestJob(TestNamespace namespace, String name) {
        this.namespace = namespace;
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** The job as it is now, a missing node once it is deleted. */
    public JsonNode read() {
        return namespace.read("syncjobs", name);
    }

    public boolean exists() {
        return !read().isMissingNode();
    }

    public JobStatus status() {
        return new JobStatus(read().path("status"));
    }

    public String uid() {
        return read().at("/metadata/uid").asText();
    }

    /** Waits for a state; another finished one, which nothing would change any more, fails at once. */
    public JobStatus await(State state) {
        return await(state, Waiting.LIMIT);
    }

    public JobStatus await(State state, Duration limit) {
        return await("state " + state, limit, status -> status.state() == state, Optional.of(state));
    }

    /** Waits for a reason, in whatever state. */
    public JobStatus awaitReason(String reason) {
        return awaitReason(reason, Waiting.LIMIT);
    }

    public JobStatus awaitReason(String reason, Duration limit) {
        return await("reason " + reason, limit, status -> reason.equals(status.reason()), Optional.empty());
    }

    /** Waits until the status is as wanted. */
    public JobStatus await(String what, Predicate<JobStatus> wanted) {
        return await(what, Waiting.LIMIT, wanted);
    }

    public JobStatus await(String what, Duration limit, Predicate<JobStatus> wanted) {
        return await(what, limit, wanted, Optional.empty());
    }

    /** Waits until an attempt runs. */
    public JobStatus awaitStarted(int attempt) {
        return await(
                "attempt " + attempt + " is Started",
                status -> status.state() == State.STARTED && status.attempt() == attempt);
    }

    /** Waits until it is Done by that attempt. */
    public JobStatus awaitDone(int attempt) {
        return awaitDone(attempt, Waiting.LIMIT);
    }

    public JobStatus awaitDone(int attempt, Duration limit) {
        return await(
                "attempt " + attempt + " is Done",
                limit,
                status -> status.state() == State.DONE && status.attempt() == attempt);
    }

    private JobStatus await(String what, Duration limit, Predicate<JobStatus> wanted, Optional<State> finishing) {
        var last = new AtomicReference<>(JobStatus.UNKNOWN);
        var sentence = "job " + name + ", " + what;
        Waiting.until(
                sentence,
                limit,
                () -> {
                    var job = read();
                    var status = new JobStatus(job.path("status"));
                    last.set(status);
                    if (wanted.test(status)) return true;
                    if (finishing.isPresent() && status.state().finished() && !hasCommand(job)) {
                        Assertions.fail(sentence + ": it is " + status.state() + " already\n" + describe());
                    }
                    return false;
                },
                this::describe);
        return Objects.requireNonNull(last.get(), "it was looked at");
    }

    /** True while a command on it has not been handled. */
    public boolean hasCommand() {
        return hasCommand(read());
    }

    private static boolean hasCommand(JsonNode job) {
        var annotations = job.at("/metadata/annotations").fieldNames();
        return StreamSupport.stream(((Iterable<String>) () -> annotations).spliterator(), false)
                .anyMatch(key -> key.startsWith(Names.GROUP + "/"));
    }

    /** Gives a command, as a person does. */
    public void annotate(String annotation, String value) {
        namespace.kubectl("annotate", "syncjob", name, annotation + "=" + value);
    }

    /** Gives a command, whatever comes of it; {@code args} go to kubectl too. */
    public Result tryAnnotate(String annotation, String value, String... args) {
        var command = new ArrayList<>(List.of("annotate", "syncjob", name, annotation + "=" + value));
        command.addAll(List.of(args));
        return namespace.tryKubectl(command.toArray(String[]::new));
    }

    /** Waits until no command is left on it. */
    public JobStatus awaitCommandsTaken() {
        Waiting.until("job " + name + " has no command left", () -> !hasCommand(read()), this::describe);
        return status();
    }

    /** Merges a change into it, as a person does. */
    public void patch(String merge) {
        namespace.kubectl("patch", "syncjob", name, "--type=merge", "--patch", merge);
    }

    /** Its pods, those of old attempts included. */
    public List<Pod> pods() {
        return namespace
                .client()
                .pods()
                .inNamespace(namespace.name())
                .withLabel(Names.JOB_UID, uid())
                .list()
                .getItems();
    }

    /** True while a container of the pod runs. */
    public static boolean runs(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .anyMatch(container -> container.getState().getRunning() != null);
    }

    /** Events about it with this reason. */
    public List<Event> events(String reason) {
        return namespace.client().v1().events().inNamespace(namespace.name()).list().getItems().stream()
                .filter(event -> reason.equals(event.getReason()))
                .filter(event -> name.equals(event.getInvolvedObject().getName()))
                .toList();
    }

    /** Waits for an event about it; its message. */
    public String awaitEvent(String reason) {
        Waiting.until(
                "an event " + reason + " on job " + name, () -> !events(reason).isEmpty(), this::describe);
        return events(reason).getFirst().getMessage();
    }

    /** Everything worth seeing when a test fails. */
    public String describe() {
        return "$ kubectl get syncjob " + name + " -o yaml\n" + namespace.said("get", "syncjob", name, "-o", "yaml")
                + namespace.describe();
    }
}
