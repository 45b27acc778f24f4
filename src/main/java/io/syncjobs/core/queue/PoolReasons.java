package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.QueueIndex;
import io.syncjobs.core.index.QueueKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the pools that have begun or ceased to take jobs. Slots change with each job, so this is asked periodically. */
public final class PoolReasons {
    private final JobIndex index;
    private Map<PoolKey, Optional<Reason>> last = Map.of();

    public PoolReasons(JobIndex index) {
        this.index = index;
    }

    /** The queues whose pool takes jobs, or takes none, for another reason than at the last call. */
    public List<QueueKey> changed() {
        var now = new HashMap<PoolKey, Optional<Reason>>();
        var queues = new ArrayList<QueueKey>();
        for (var pool : index.workers().pools()) {
            var reason = PoolGate.reason(pool);
            now.put(pool.key(), reason);
            if (!reason.equals(last.get(pool.key())))
                pool.queues().stream().map(QueueIndex::key).forEach(queues::add);
        }
        last = now;
        return queues;
    }
}
