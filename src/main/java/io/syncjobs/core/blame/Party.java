package io.syncjobs.core.blame;

/** Who is to blame. */
public enum Party {
    /** The action: what the worker's program does. */
    ACTION("the action"),
    /** The template, which asks for something that it cannot have. */
    TEMPLATE("the template"),
    /** The namespace: an object in it is missing, or its limits are reached. */
    NAMESPACE("the namespace"),
    /** A node: its kubelet, runtime, disk, memory or network. */
    NODE("the node"),
    /** The registry of the image, or the network between it and the node. */
    REGISTRY("the registry"),
    /** The cluster: its API server, its admission, the installation of SyncJobs. */
    CLUSTER("the cluster"),
    /** Nobody: it was intended, it passes by itself, or the cause cannot be known. */
    NOBODY("nobody");

    private final String text;

    Party(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
