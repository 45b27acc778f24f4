package io.syncjobs.simulation;

import io.syncjobs.core.PodView;
import io.syncjobs.core.PodView.Container;
import io.syncjobs.core.PodView.Deletion;
import io.syncjobs.core.PodView.Disruption;
import io.syncjobs.core.QueueKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A pod as the API server stores it; {@code node} is empty until one has taken it. */
record SimPod(PodView view, String jobUid, QueueKey queue, String node) {

    static SimPod created(String name, String uid, int attempt, String jobUid, QueueKey queue, Instant now) {
        return new SimPod(
                new PodView(
                        name,
                        uid,
                        "",
                        attempt,
                        now,
                        Optional.empty(),
                        "Pending",
                        "",
                        "",
                        Optional.empty(),
                        Optional.empty(),
                        new PodView.Made("worker", "", false),
                        "",
                        new Container.Waiting("ContainerCreating", ""),
                        false,
                        new PodView.Memory(false, false),
                        Optional.empty()),
                jobUid,
                queue,
                "");
    }

    /** The name of its job. */
    String job() {
        return jobUid.substring("uid-".length());
    }

    SimPod onNode(String name) {
        return new SimPod(view, jobUid, queue, name);
    }

    SimPod withVersion(String version) {
        return with(version, view.deletion(), view.phase(), view.disruption(), view.worker());
    }

    SimPod deleting(Instant deadline, Duration grace) {
        return with(
                view.version(),
                Optional.of(new Deletion(deadline, grace)),
                view.phase(),
                view.disruption(),
                view.worker());
    }

    SimPod disrupted(String reason, Instant since) {
        return with(
                view.version(),
                view.deletion(),
                view.phase(),
                Optional.of(new Disruption(reason, "", since)),
                view.worker());
    }

    SimPod running(Instant since) {
        return with(view.version(), view.deletion(), "Running", view.disruption(), new Container.Running(since));
    }

    SimPod ended(int code, Optional<Instant> started, Instant finished) {
        var end = new Container.Terminated("worker", code, "", "", started, Optional.of(finished));
        return with(view.version(), view.deletion(), code == 0 ? "Succeeded" : "Failed", view.disruption(), end);
    }

    private SimPod with(
            String version,
            Optional<Deletion> deletion,
            String phase,
            Optional<Disruption> disruption,
            Container worker) {
        var next = new PodView(
                view.name(),
                view.uid(),
                version,
                view.attempt(),
                view.created(),
                deletion,
                phase,
                "",
                "",
                disruption,
                Optional.empty(),
                view.made(),
                "",
                worker,
                false,
                view.memory(),
                Optional.empty());
        return new SimPod(next, jobUid, queue, node);
    }
}
