package io.syncjobs.operator;

import io.syncjobs.api.SyncJob;

/** Where finished jobs are stored before retention deletes them. */
@FunctionalInterface
interface Archive {
    /** Stores nothing. */
    Archive NONE = finished -> true;

    /** Returns true if the job is stored and may be deleted; false has it offered again in a later round. */
    boolean store(SyncJob finished);
}
