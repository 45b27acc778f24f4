package io.syncjobs.core.blame;

/** What is known about a run in addition to the words of a signal. */
public enum Fact {
    /** The template itself names the node. */
    NODE_OF_TEMPLATE("the template names the node"),
    /** The container has a memory limit. */
    MEMORY_LIMITED("it has a memory limit"),
    /** Another container of the pod was killed for memory. */
    OTHER_OUT_OF_MEMORY("another container of the pod was killed for memory"),
    /** The kubelet ends the container by itself where a probe or a hook of it fails. */
    WATCHED("it has a livenessProbe, startupProbe or postStart hook"),
    /** The container is an init container. */
    INIT("an init container"),
    /** The container is not the template's: admission has added it. */
    ADDED("admission has added it"),
    /** A worker had begun. */
    BEGUN("a worker had begun");

    private final String text;

    Fact(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
