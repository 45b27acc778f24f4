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
            var create = queue.equals(Names.DEFAULT_QUEUE) ? ", and create it if it does not exist" : "";
            return "set spec.template or spec.workerPool of SyncQueue " + queue + create;
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
    record Resume(String namespace, String queue) implements Remedy {
        @Override
        public String text() {
            return "it goes on with kubectl patch syncqueue " + queue + " -n " + namespace
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
    record ScalePool(String namespace, String pool, int replicas) implements Remedy {
        @Override
        public String text() {
            return "for more workers: kubectl scale syncworkerpool " + pool + " -n " + namespace + " --replicas="
                    + replicas;
        }
    }

    /** Find out why the workers take no jobs. */
    record SeePool(String namespace, String pool) implements Remedy {
        @Override
        public String text() {
            return "see kubectl describe syncworkerpool " + pool + " -n " + namespace + " and kubectl get pods -n "
                    + namespace + " -l " + Names.POOL + "=" + pool;
        }
    }

    /** Find out why a handler does not answer. */
    record SeeHandler(String namespace, String pod, String container) implements Remedy {
        @Override
        public String text() {
            return "see kubectl logs " + pod + " -n " + namespace + (container.isEmpty() ? "" : " -c " + container);
        }
    }
}
