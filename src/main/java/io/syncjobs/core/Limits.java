package io.syncjobs.core;

import java.time.Duration;

/** Built-in values and bounds, each with where it comes from. */
public final class Limits {
    /** Built-in {@code priority}, as in the Odoo Connector. */
    public static final int PRIORITY = 10;

    /** Built-in {@code timeoutSeconds}. */
    public static final int TIMEOUT_SECONDS = 3600;

    /** Built-in {@code retry.limit}. */
    public static final int RETRY_LIMIT = 5;

    /** {@code retry.limit} that never ends. */
    public static final int UNLIMITED = -1;

    /** Built-in {@code retry.delaySeconds}. */
    public static final int RETRY_DELAY_SECONDS = 600;

    /** Built-in {@code retry.when}. */
    public static final String RETRY_WHEN = "Retryable";

    /** {@code retry.when} that retries every failure. */
    public static final String RETRY_WHEN_ANY = "Any";

    /** The shortest wait before a retry grows by a second with each, up to this. */
    public static final int RETRY_FLOOR_SECONDS = 30;

    /** A retry delay varies by up to this share of itself. */
    public static final double JITTER = 0.1;

    /** Losses of a worker after which the job itself is the suspect (Sidekiq's poison pill rule uses three as well). */
    public static final int WORKER_LOSSES = 3;

    /** Largest payload in bytes of compact JSON: it travels in one environment variable, which Linux limits to 128 KiB. */
    public static final int PAYLOAD_BYTES = 32 * 1024;

    /** Largest template in bytes of compact JSON: with what is added to it, its pod must fit into the store of Kubernetes. */
    public static final int TEMPLATE_BYTES = 1024 * 1024;

    /** Most values of a template: read as a tree, each takes some 100 bytes. */
    public static final int TEMPLATE_VALUES = 20_000;

    /** Deepest payload, template or result: the API server takes 10,000 levels, at which recursive code overflows its stack. */
    public static final int NESTING = 500;

    /** Largest result in bytes of compact JSON; a termination message holds no more. */
    public static final int RESULT_BYTES = 4096;

    /** Longest message in characters. */
    public static final int MESSAGE_CHARS = 1024;

    /** Longest name of a user that is kept of whoever gave a command. */
    static final int USER_CHARS = 256;

    /** Attempts kept in {@code status.history}. */
    public static final int HISTORY = 10;

    /** Exit code by which a worker asks for a retry: EX_TEMPFAIL of sysexits.h. */
    public static final int EXIT_RETRYABLE = 75;

    /** A pod that finished less than this before its deletion began may have been told to stop. */
    public static final Duration DELETION_MARGIN = Duration.ofSeconds(2);

    /** A message whose facts changed but whose reason did not is rewritten this often at most. */
    public static final Duration MESSAGE_REFRESH = Duration.ofMinutes(5);

    /** So long a job waits before it is told of plain misconfiguration: its queue may be created right after it. */
    public static final Duration PLAIN_REASON_AFTER = Duration.ofSeconds(5);

    /** The watch may show a write before its answer arrives: the answer is there a moment later. */
    public static final Duration ANSWER_SOON = Duration.ofMillis(100);

    /** A pod whose containers are still being created after this time probably waits for a volume: its events say which. */
    public static final Duration POD_SLOW = Duration.ofSeconds(10);

    /** So long the other containers of a pod may go on when its worker has ended and the result is recorded. */
    public static final Duration OTHERS_END = Duration.ofSeconds(10);

    /** A node that has not told the end of a pod so long after the pod's grace period is taken for dead. */
    public static final Duration NODE_SILENT = Duration.ofSeconds(30);

    /** So long a node may need to tell what has happened while the API server or the observer was away. */
    public static final Duration NEWS = Duration.ofSeconds(15);

    /** First wait after the API server refused a pod; it doubles up to {@link #POD_REFUSED_MAX}. */
    public static final Duration POD_REFUSED_FIRST = Duration.ofSeconds(5);

    public static final Duration POD_REFUSED_MAX = Duration.ofMinutes(1);

    /** So long a worker waits for a handler that takes no connection, before it gives the job back. */
    public static final Duration HANDLER_PATIENCE = Duration.ofMinutes(1);

    private Limits() {}
}
