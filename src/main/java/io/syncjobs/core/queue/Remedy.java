package io.syncjobs.core.queue;

import io.syncjobs.api.Names;

/** What a person can do about a waiting job. Here it is a kubectl command; a user interface could offer a button. */
public sealed interface Remedy {
    /** The remedy in plain words, as the end of a sentence. */
    String text();

    /** Create the queue, or choose another one. */
    record CreateQueue(String queue) implements Remedy {
        @Override
        public String text() {
            return "create it, or create the job in another queue";
        }
    }

    /** Say how the queue's jobs are run. */
    record SetTemplate(String queue) implements Remedy {
        @Override
        public String text() {
            return "give the queue one";
        }
    }

    /** Let the queue's template run the job. */
    record DropTemplate() implements Remedy {
        @Override
        public String text() {
            return "delete it, and create it without spec.template in a queue that has one";
        }
    }

    /** Resume the queue. */
    record Resume(String queue) implements Remedy {
        @Override
        public String text() {
            return "it goes on with kubectl patch syncqueue " + queue
                    + " --type=merge -p '{\"spec\":{\"paused\":false}}'";
        }
    }

    /** Run the job without waiting for its time. */
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

    /** Run more workers. */
    record ScalePool(String pool, int replicas) implements Remedy {
        @Override
        public String text() {
            return "for more workers: kubectl scale syncworkerpool " + pool + " --replicas=" + replicas;
        }
    }

    /** Find out why the workers take no jobs. */
    record SeePool(String pool) implements Remedy {
        @Override
        public String text() {
            return "see kubectl describe syncworkerpool " + pool + " and kubectl get pods -l " + Names.POOL + "="
                    + pool;
        }
    }

    /** Find out why a handler does not answer. */
    record SeeHandler(String pod, String container) implements Remedy {
        @Override
        public String text() {
            return "see kubectl logs " + pod + (container.isEmpty() ? "" : " -c " + container);
        }
    }
}
