package io.syncjobs.core.queue;

import io.syncjobs.api.Reason;
import io.syncjobs.core.QueueKey;
import io.syncjobs.core.index.JobIndex;
import io.syncjobs.core.index.PoolKey;
import io.syncjobs.core.index.QueueIndex;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which pools take jobs, and which of them have begun or ceased to: slots come and go with each job, so this is asked now and then. */
public final class PoolReasons {
    private final JobIndex index;
    private Map<PoolKey, Optional<Reason>> last = Map.of();

    public PoolReasons(JobIndex index) {
        this.index = index;
    }

    /** The queues whose pool takes jobs, or does not take them, for another reason than when this was last asked. */
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
