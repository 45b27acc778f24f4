package io.syncjobs.cluster;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.syncjobs.api.Names;
import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncJobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
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

    /** The job as it is now. */
    public SyncJob read() {
        return namespace.client().resources(SyncJob.class).inNamespace(namespace.name()).withName(name).require();
    }

    public boolean exists() {
        return namespace.client().resources(SyncJob.class).inNamespace(namespace.name()).withName(name).get() != null;
    }

    public SyncJobStatus status() {
        return requireNonNull(read().getStatus(), "the schema gives every job a status");
    }

    public String uid() {
        return read().getMetadata().getUid();
    }

    /** Waits for a state; another finished one, which nothing would change any more, fails at once. */
    public SyncJobStatus await(State state) {
        return await(state, Waiting.LIMIT);
    }

    public SyncJobStatus await(State state, Duration limit) {
        return await("state " + state, limit, status -> status.state() == state, Optional.of(state));
    }

    /** Waits for a reason, in whatever state. */
    public SyncJobStatus awaitReason(String reason) {
        return awaitReason(reason, Waiting.LIMIT);
    }

    public SyncJobStatus awaitReason(String reason, Duration limit) {
        return await("reason " + reason, limit, status -> reason.equals(status.reason()), Optional.empty());
    }

    /** Waits until the status is as wanted. */
    public SyncJobStatus await(String what, Predicate<SyncJobStatus> wanted) {
        return await(what, Waiting.LIMIT, wanted, Optional.empty());
    }

    /** Waits until an attempt runs. */
    public SyncJobStatus awaitStarted(int attempt) {
        return await(
                "attempt " + attempt + " is Started",
                status -> status.state() == State.STARTED && Integer.valueOf(attempt).equals(status.attempt()));
    }

    private SyncJobStatus await(
            String what, Duration limit, Predicate<SyncJobStatus> wanted, Optional<State> finishing) {
        var last = new AtomicReference<>(SyncJobStatus.NEW);
        Waiting.until(
                "job " + name + ", " + what,
                limit,
                () -> {
                    var job = read();
                    var status = requireNonNull(job.getStatus(), "the schema gives every job a status");
                    last.set(status);
                    if (wanted.test(status)) return true;
                    var settled = status.state().finished() && !hasCommand(job);
                    if (finishing.isPresent() && settled) {
                        Assertions.fail("job " + name + ", " + what + ": it is " + status.state() + " already\n" + describe());
                    }
                    return false;
                },
                this::describe);
        return last.get();
    }

    private static boolean hasCommand(SyncJob job) {
        var annotations = requireNonNullElse(job.getMetadata().getAnnotations(), Map.<String, String>of());
        return annotations.keySet().stream().anyMatch(key -> key.startsWith(Names.GROUP + "/"));
    }

    /** Gives a command, as a person does. */
    public void annotate(String annotation, String value) {
        namespace.kubectl("annotate", "syncjob", name, annotation + "=" + value);
    }

    /** Waits until no command is left on it. */
    public void awaitCommandsTaken() {
        Waiting.until("job " + name + " has no command left", () -> !hasCommand(read()), this::describe);
    }

    /** Merges a change into its spec, as a person does. */
    public void patch(String merge) {
        namespace.kubectl("patch", "syncjob", name, "--type=merge", "--patch", merge);
    }

    /** Its pods, those of old attempts included. */
    public List<Pod> pods() {
        return namespace.client().pods().inNamespace(namespace.name()).withLabel(Names.JOB_UID, uid()).list().getItems();
    }

    /** The name of the pod of the current attempt, which exists. */
    public String pod() {
        var pod = requireNonNull(status().worker(), () -> "job " + name + " has no worker");
        Waiting.until(
                "pod " + pod + " exists",
                () -> namespace.client().pods().inNamespace(namespace.name()).withName(pod).get() != null,
                this::describe);
        return pod;
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
