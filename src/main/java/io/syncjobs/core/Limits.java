package io.syncjobs.core;

import java.time.Duration;

/** Built-in values and bounds, each with its origin. */
public final class Limits {
    /** Built-in {@code priority}, as in the Odoo Connector. */
    public static final int PRIORITY = 10;

    /** Built-in {@code timeoutSeconds}. */
    public static final int TIMEOUT_SECONDS = 3600;

    /** Built-in {@code retry.limit}. */
    public static final int RETRY_LIMIT = 5;

    /** The {@code retry.limit} that means no limit. */
    public static final int UNLIMITED = -1;

    /** Built-in {@code retry.delaySeconds}. */
    public static final int RETRY_DELAY_SECONDS = 600;

    /** Built-in {@code retry.when}. */
    public static final String RETRY_WHEN = "Retryable";

    /** The {@code retry.when} that retries every failure. */
    public static final String RETRY_WHEN_ANY = "Any";

    /** The wait before retry number n is at least n seconds, up to this bound. */
    public static final int RETRY_FLOOR_SECONDS = 30;

    /** A retry delay varies by up to this share of itself. */
    public static final double JITTER = 0.1;

    /** After so many lost workers the job itself is the suspect. Sidekiq's poison pill rule also uses three. */
    public static final int WORKER_LOSSES = 3;

    /** Largest payload in bytes of compact JSON. It travels in one environment variable, which Linux limits to 128 KiB. */
    public static final int PAYLOAD_BYTES = 32 * 1024;

    /** Largest template in bytes of compact JSON. The pod that is made of it must fit into etcd. */
    public static final int TEMPLATE_BYTES = 1024 * 1024;

    /** Most values in a template. In a tree each value takes some 100 bytes. */
    public static final int TEMPLATE_VALUES = 20_000;

    /** Deepest payload, template or result. The API server accepts 10,000 levels, at which recursive code overflows its stack. */
    public static final int NESTING = 500;

    /** Largest result in bytes of compact JSON. A termination message holds no more. */
    public static final int RESULT_BYTES = 4096;

    /** Longest message in characters. */
    public static final int MESSAGE_CHARS = 1024;

    /** Longest type of an error in characters. */
    public static final int ERROR_TYPE_CHARS = 256;

    /** Longest message in {@code status.history} in characters: there are ten of them. */
    public static final int HISTORY_MESSAGE_CHARS = 256;

    /** Longest message of a worker on its Lease in characters. It becomes a part of the messages of jobs. */
    public static final int WORKER_MESSAGE_CHARS = 256;

    /** Longest user name that is kept with a command. */
    public static final int USER_CHARS = 256;

    /** Built-in {@code retention.doneSeconds}. */
    public static final int DONE_SECONDS = 86_400;

    /** Built-in {@code retention.doneCount}. */
    public static final int DONE_COUNT = 1_000;

    /** Built-in {@code retention.failedSeconds} and {@code retention.cancelledSeconds}. */
    public static final int FAILED_SECONDS = 30 * 86_400;

    /** The largest trace in a status, in bytes. */
    public static final int TRACE_BYTES = 16 * 1024;

    /** Attempts kept in {@code status.history}. */
    public static final int HISTORY = 10;

    /** A pod that finished less than this before its deletion began may already have been told to stop. */
    public static final Duration DELETION_MARGIN = Duration.ofSeconds(2);

    /** A message whose details changed but whose reason did not is rewritten at most this often. */
    public static final Duration MESSAGE_REFRESH = Duration.ofMinutes(5);

    /** A job waits this long before a misconfiguration is written to its status: its queue may be created right after it. */
    public static final Duration PLAIN_REASON_AFTER = Duration.ofSeconds(5);

    /** The watch may show a write before the write's answer arrives. The answer comes a moment later. */
    public static final Duration ANSWER_SOON = Duration.ofMillis(100);

    /** How long a kubelet may take to say how a pod has ended whose worker has ended. */
    public static final Duration LAST_WORD = Duration.ofSeconds(30);

    /** A warning about a pod that is not repeated for this long is over. Kubelets repeat one after 5 minutes at the latest. */
    public static final Duration WARNING_HOLDS = Duration.ofMinutes(10);

    /** A pod whose containers are still being created after this time probably waits for a volume. Its events say which. */
    public static final Duration POD_SLOW = Duration.ofSeconds(10);

    /** How long other containers of a pod may go on after the worker has ended and the result is recorded. */
    public static final Duration OTHERS_END = Duration.ofSeconds(10);

    /** If a node has not reported the end of a pod this long after the pod's grace period, the node is taken for dead. */
    public static final Duration NODE_SILENT = Duration.ofSeconds(30);

    /** How long a node may need to report what happened while the API server or the operator was away. */
    public static final Duration NEWS = Duration.ofSeconds(15);

    /** If a warm worker has not started a job this long after it was given the job, the job is taken back. */
    public static final Duration TAKEN_WITHIN = Duration.ofMinutes(1);

    /** First wait after the API server refused a pod. The wait doubles up to {@link #POD_REFUSED_MAX}. */
    public static final Duration POD_REFUSED_FIRST = Duration.ofSeconds(5);

    /** Longest wait after the API server refused a pod. */
    public static final Duration POD_REFUSED_MAX = Duration.ofMinutes(1);

    /** How long a worker waits for a handler that accepts no connection before it gives the job back. */
    public static final Duration HANDLER_PATIENCE = Duration.ofMinutes(1);

    private Limits() {}
}
