package io.syncjobs.core.run;

import io.syncjobs.core.run.PodView.Container;
import io.syncjobs.core.run.PodView.Deletion;
import io.syncjobs.core.run.PodView.Disruption;
import io.syncjobs.core.run.PodView.Init;
import io.syncjobs.core.run.PodView.Made;
import io.syncjobs.core.run.PodView.Memory;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** A pod that is being changed: those fields of {@link PodView} that tests set one by one. */
public final class PodEdit {
    private final PodView pod;
    public String version;
    public Instant created;
    public Optional<Deletion> deletion;
    public String phase;
    public String reason;
    public String message;
    public Optional<Disruption> disruption;
    public Made made;
    public Container worker;
    public boolean othersRun;
    public Memory memory;
    public boolean watched;
    public boolean tornDown;
    public Optional<Init> init;

    private PodEdit(PodView pod) {
        this.pod = pod;
        version = pod.version();
        created = pod.created();
        deletion = pod.deletion();
        phase = pod.phase();
        reason = pod.reason();
        message = pod.message();
        disruption = pod.disruption();
        made = pod.made();
        worker = pod.worker();
        othersRun = pod.othersRun();
        memory = pod.memory();
        watched = pod.watched();
        tornDown = pod.tornDown();
        init = pod.init();
    }

    /** The same pod after {@code change}. */
    public static PodView with(PodView pod, Consumer<PodEdit> change) {
        var edit = new PodEdit(pod);
        change.accept(edit);
        return edit.build();
    }

    /** A Pending pod without a memory limit, whose worker's container has this name and state. */
    public static PodView pod(
            String name, String uid, int attempt, Instant created, String node, String container, Container worker) {
        return new PodView(
                name,
                uid,
                "1",
                attempt,
                created,
                Optional.empty(),
                "Pending",
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                new Made(container, "", false),
                node,
                worker,
                false,
                new Memory(false, false),
                false,
                false,
                false,
                Optional.empty());
    }

    private PodView build() {
        return new PodView(
                pod.name(),
                pod.uid(),
                version,
                pod.attempt(),
                created,
                deletion,
                phase,
                reason,
                message,
                disruption,
                pod.unschedulable(),
                made,
                pod.node(),
                worker,
                othersRun,
                memory,
                watched,
                tornDown,
                pod.emptied(),
                init);
    }
}
