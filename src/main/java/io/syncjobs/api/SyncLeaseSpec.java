package io.syncjobs.api;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** Who holds the enqueuer's Lease. Only SyncJobs writes it. */
@JsonClassDescription("Who holds the Lease, and since when.")
public record SyncLeaseSpec(
        @JsonPropertyDescription("The pod that may enqueue; empty if nobody holds the Lease.")
        @Size(max = 253)
        @Nullable
        String holderIdentity,

        @JsonPropertyDescription("How many seconds after its last renewal the holder counts as dead.")
        @Min(1)
        @Max(3600)
        @Nullable
        Integer leaseDurationSeconds,

        @JsonPropertyDescription("When the holder took the Lease.") @Size(max = 40) @Nullable
        String acquireTime,

        @JsonPropertyDescription("When the holder last renewed it, by its own clock.") @Size(max = 40) @Nullable
        String renewTime) {}
