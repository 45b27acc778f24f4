package io.syncjobs.core.index;

import io.syncjobs.core.Backoff;

/**
 * The state of a write that this process has sent to a job at one version, until a later version of the job is seen.
 * <pre>
 *   sent ──▶ ASSUMED ──▶ confirmed: the answer is a later version of the job
 *               │
 *               ├──────▶ REFUSED ──▶ TRIED   the write was refused; after a pause it may be tried again
 *               │
 *               ├──────▶ OVERTAKEN   another write has changed the job, and the watch will show it. If a sweep still finds
 *               │                    the job at the old version, the write may be tried again.
 *               │
 *               └──────▶ UNKNOWN   no answer: the write may still be carried out, so it counts as done. It is sent again
 *                                  with the same version. The API server carries out one of the two and answers the
 *                                  other one with a conflict.
 *   all ──▶ gone as soon as a later version of the job is seen, or its deletion
 * </pre>
 *
 * @param next when the next thing is due for it, in milliseconds since 1970
 */
record OwnWrite(long version, Stand stand, Backoff backoff, long next) {
    enum Stand {
        ASSUMED,
        REFUSED,
        OVERTAKEN,
        TRIED,
        UNKNOWN
    }

    OwnWrite with(Stand other, long time) {
        return new OwnWrite(version, other, backoff, time);
    }
}
