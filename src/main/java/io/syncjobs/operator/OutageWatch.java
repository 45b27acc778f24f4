package io.syncjobs.operator;

/**
 * Notices that the API server was not reachable for a while. An operator with a long Lease survives such an outage, and must not
 * blame pods and nodes for it.
 */
final class OutageWatch {
    /** The number of failures in a row that count as an outage. */
    private static final int OUTAGE = 2;

    private final Runnable ask;
    private final Runnable back;
    private int failures;

    /**
     * Asks nothing yet.
     *
     * @param ask asks the API server for something small; it throws where there is no answer
     * @param back is run at the first answer after an outage
     */
    OutageWatch(Runnable ask, Runnable back) {
        this.ask = ask;
        this.back = back;
    }

    /** Asks once. A failure is thrown to the caller, who asks again later. */
    void look() {
        failures++;
        ask.run();
        if (failures > OUTAGE) back.run();
        failures = 0;
    }
}
