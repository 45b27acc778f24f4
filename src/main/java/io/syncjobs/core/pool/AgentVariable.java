package io.syncjobs.core.pool;

/** The environment variables in which the operator tells an agent about its worker. The agent reads the same ones. */
public enum AgentVariable {
    POOL,
    SLOTS,
    HEARTBEAT_SECONDS,
    DEAD_AFTER_SECONDS,
    GRACE_SECONDS,
    DRAIN_PATH,
    HANDLER_CONTAINER,
    HANDLER_PORT,
    HANDLER_PATH,
    HANDLER_CANCEL_PATH;

    /** The name of the variable. */
    public String variable() {
        return "SYNCJOBS_" + name();
    }
}
