package io.syncjobs.core.blame;

/** What follows from a signal: what becomes of the job, whether that counts against it, and who tries again after what pause. */
public enum Course {
    /** Its node or the scheduler goes on trying. The status says so at once. */
    WAIT("waits with its pod, told at once", "no", "by its node or the scheduler"),
    /** The same, but the status says so only if it takes long. */
    WAIT_QUIETLY("waits with its pod, told after 10 s", "no", "by its node or the scheduler"),
    /** The job keeps its place, and gets another pod. */
    MAKE_AGAIN("another pod is made, the job keeps its place", "no", "after 5 s, 10 s, 20 s … 1 min"),
    /** The attempt is lost. That does not count against the job. */
    RUN_AGAIN(
            "the attempt is lost, the job runs again",
            "no",
            "after 5 s, 10 s, 20 s … 1 min; at once where a worker had begun"),
    /** The attempt is lost. The job may be what kills its workers, so the third such loss ends it. */
    RUN_AGAIN_COUNTED("the attempt is lost, the job runs again", "as a loss, the third ends it", "at once"),
    /** The worker asks for a retry. */
    RETRY("waits for its retry", "as a retry", "by `retry`"),
    /** The attempt has failed. */
    FAIL("Failed", "as a failure", "only with `retry.when: Any`, by `retry`"),
    /** The attempt has succeeded. */
    SUCCEED("Done", "no", "no");

    private final String text;
    private final String counted;
    private final String again;

    Course(String text, String counted, String again) {
        this.text = text;
        this.counted = counted;
        this.again = again;
    }

    /** What becomes of the job. */
    public String text() {
        return text;
    }

    /** How it counts against the job. */
    public String counted() {
        return counted;
    }

    /** Who tries again, and when. */
    public String again() {
        return again;
    }
}
