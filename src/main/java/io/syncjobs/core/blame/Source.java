package io.syncjobs.core.blame;

/** Which component reports a signal. */
public enum Source {
    WORKER("How a worker ended", "its exit code and the reason that its kubelet gives for its end"),
    HANDLER("What a warm worker's handler answers", "its HTTP status, or what became of the request"),
    DISRUPTION(
            "A pod that was ended",
            "the reason in the pod's status or in its DisruptionTarget or TerminationTarget condition"),
    REFUSAL(
            "A pod that its kubelet did not take",
            "the reason in the status of a pod that has failed before any container ran"),
    START("A container that does not start", "the reason why it waits, or of the pod's last telling event"),
    IMAGE("An image that is not there", "the reason why a container waits, and the registry's words"),
    SCHEDULER("A pod without a node", "the reason and words of the pod's PodScheduled condition"),
    POOL(
            "A warm worker that does not go on",
            "the end of its pod, how long its Lease has not been renewed, and whether it took the job"),
    CREATE("A pod that the API server does not take", "the answer to its creation"),
    OPERATOR("What the operator itself finds", "times that are over, pods that are gone");

    private final String title;
    private final String signal;

    Source(String title, String signal) {
        this.title = title;
        this.signal = signal;
    }

    /** The heading of its rows, for the documentation. */
    public String title() {
        return title;
    }

    /** Where the signal is read, for the documentation. */
    public String signal() {
        return signal;
    }
}
