package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;

/** Where finished jobs go before retention deletes them. */
@FunctionalInterface
interface Archive {
    /** Keeps nothing. */
    Archive NONE = finished -> true;

    /** True: it is kept as far as it has to be, and may be deleted. False: it is asked again at a later round. */
    boolean store(SyncJob finished);
}
