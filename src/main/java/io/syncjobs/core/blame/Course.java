package io.syncjobs.core.blame;

/** What follows: whether it counts, who tries it again and after which pause. */
public enum Course {
    /** The pod is left to its node or scheduler, which goes on trying; it is told at once. */
    WAIT("waits with its pod, told at once", "no", "by its node or the scheduler"),
    /** The same, told only when it takes long. */
    WAIT_QUIETLY("waits with its pod, told after 10 s", "no", "by its node or the scheduler"),
    /** Another pod is made while the job keeps its place. */
    MAKE_AGAIN("another pod is made, the job keeps its place", "no", "after 5 s, 10 s, 20 s … 1 min"),
    /** The attempt is lost, and nobody is to be counted for it. */
    RUN_AGAIN(
            "the attempt is lost, the job runs again",
            "no",
            "after 5 s, 10 s, 20 s … 1 min; at once where a worker had begun"),
    /** The attempt is lost, and the job may be what kills its workers: the third is the last. */
    RUN_AGAIN_COUNTED("the attempt is lost, the job runs again", "as a loss, the third ends it", "at once"),
    /** The worker asks for another try. */
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

    /** True where the job runs on by itself. */
    public boolean goesOn() {
        return this != FAIL && this != SUCCEED;
    }
}
