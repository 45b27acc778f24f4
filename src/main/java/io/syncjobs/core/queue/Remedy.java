package io.syncjobs.core.queue;

import io.syncjobs.api.Names;

/** What a person can do about a job that waits: words for kubectl here, something to press elsewhere. */
public sealed interface Remedy {
    /** In plain words, as the end of a sentence. */
    String text();

    /** Create the queue, or choose another one. */
    record CreateQueue(String queue) implements Remedy {
        @Override
        public String text() {
            return "create it, or create the job in another queue";
        }
    }

    /** Say how the jobs of the queue are run. */
    record SetTemplate(String queue) implements Remedy {
        @Override
        public String text() {
            return "give the queue one";
        }
    }

    /** Have the job run as its queue says. */
    record DropTemplate() implements Remedy {
        @Override
        public String text() {
            return "delete it, and create it without spec.template in a queue that has one";
        }
    }

    /** Let the queue go on. */
    record Resume(String queue) implements Remedy {
        @Override
        public String text() {
            return "it goes on with kubectl patch syncqueue " + queue
                    + " --type=merge -p '{\"spec\":{\"paused\":false}}'";
        }
    }

    /** Do not wait for its time. */
    record RunNow() implements Remedy {
        @Override
        public String text() {
            return "to run it now annotate " + Names.REQUEUE + "=now";
        }
    }

    /** Create the pool, or name another one. */
    record CreatePool(String pool) implements Remedy {
        @Override
        public String text() {
            return "create it, or name another one in spec.workerPool of the queue";
        }
    }

    /** Have more workers. */
    record ScalePool(String pool, int replicas) implements Remedy {
        @Override
        public String text() {
            return "for more workers: kubectl scale syncworkerpool " + pool + " --replicas=" + replicas;
        }
    }

    /** Look why the workers do not take jobs. */
    record SeePool(String pool) implements Remedy {
        @Override
        public String text() {
            return "see kubectl describe syncworkerpool " + pool + " and kubectl get pods -l " + Names.POOL + "="
                    + pool;
        }
    }

    /** Look why a handler does not answer. */
    record SeeHandler(String pod, String container) implements Remedy {
        @Override
        public String text() {
            return "see kubectl logs " + pod + (container.isEmpty() ? "" : " -c " + container);
        }
    }
}
