package io.syncjobs.cluster;

import static java.util.stream.Collectors.toMap;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** What a release's operator went through since a moment: restarts and errors. */
public final class Uptime {
    private final Release release;
    private final Instant begun = Instant.now();
    private final Map<String, Integer> starts;

    private Uptime(Release release) {
        this.release = release;
        starts = starts();
    }

    /** Begins to count now. */
    public static Uptime of(Release release) {
        return new Uptime(release);
    }

    /** True when the same processes have been running all the time. */
    public boolean isUnbroken() {
        return starts.equals(starts());
    }

    /** The lines of its log that tell an error or belong to a stack trace. */
    public List<String> errors() {
        return release.kubectl("logs", release.operator(), "--since-time=" + begun.truncatedTo(ChronoUnit.SECONDS))
                .lines()
                .filter(line -> line.contains(" ERROR ") || line.startsWith("\tat ") || line.contains("Caused by: "))
                .toList();
    }

    private Map<String, Integer> starts() {
        var pods = release.operatorPods();
        return release.cluster().client().pods().inNamespace(release.namespace()).list().getItems().stream()
                .filter(pod -> pods.contains(pod.getMetadata().getName()))
                .collect(toMap(
                        pod -> pod.getMetadata().getName(),
                        pod -> pod.getStatus().getContainerStatuses().stream()
                                .mapToInt(ContainerStatus::getRestartCount)
                                .sum()));
    }
}
