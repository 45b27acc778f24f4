package io.syncjobs.core.index;

import io.syncjobs.core.Backoff;

/**
 * What this process has done to a job at one version, until the job is seen at a later one.
 * <pre>
 *   sent ──▶ ASSUMED ──▶ confirmed: the answer is the job at a later version
 *               │
 *               ├──────▶ REFUSED ──▶ TRIED   nothing came of it; after a while it may be tried again
 *               │
 *               ├──────▶ OVERTAKEN   the job has changed meanwhile, and the watch will tell; a sweep that still finds it at that
 *               │                    version lets it be tried again
 *               │
 *               └──────▶ UNKNOWN   it may still be carried out, so it counts as done; it is sent again, with the same
 *                                  version: whichever comes first makes the other one a conflict
 *   all ──▶ gone as soon as the job is seen at a later version, or is seen to be deleted
 * </pre>
 *
 * @param next when something is to be done about it, in milliseconds
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
