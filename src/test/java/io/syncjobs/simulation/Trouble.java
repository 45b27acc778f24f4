package io.syncjobs.simulation;

import io.syncjobs.api.State;
import io.syncjobs.api.SyncJob;
import io.syncjobs.api.SyncQueueSpec;
import io.syncjobs.core.JobFields;
import io.syncjobs.core.job.Command.Kind;
import io.syncjobs.core.run.PodView;
import io.syncjobs.simulation.Run.Harm;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What goes wrong: with processes, the API server, nodes and pods, and what people do meanwhile. */
final class Trouble {
    private final World world;
    private final ApiServer api;
    private final Reality reality;
    private final List<SimNode> nodes;
    private final List<SimOperator> operators;
    private final Erp erp;

    Trouble(World world, ApiServer api, Reality reality, List<SimNode> nodes, List<SimOperator> operators, Erp erp) {
        this.world = world;
        this.api = api;
        this.reality = reality;
        this.nodes = nodes;
        this.operators = operators;
        this.erp = erp;
    }

    /** One thing after the other, until there is no more trouble. */
    void next() {
        if (!world.isTrouble()) return;
        switch (world.pick(21)) {
            case 0 -> kill(List.of(world.pick(operators)));
            case 1 -> kill(List.copyOf(operators));
            case 2, 3 -> freeze(world.pick(operators));
            case 4 -> awayFor(world.seconds(5, 200));
            case 5 -> cutOff();
            case 6, 7, 8, 9 -> harmPod();
            case 10 -> relist();
            case 13 -> handOver();
            case 11 -> end();
            case 14 -> outpace();
            case 12 -> refusePods(world.seconds(20, 400));
            case 15 -> worsenLine(world.pick(operators));
            case 16 -> handOverBacklog();
            case 17 -> slowStore(world.seconds(30, 150));
            case 18 -> lagBehind(world.pick(operators));
            default -> changeQueue();
        }
        if (world.pick(3) == 0) command();
        if (world.pick(12) == 0) deleteJob();
        world.in(world.seconds(5, 120), this::next);
    }

    private void kill(List<SimOperator> some) {
        world.count(some.size() == 1 ? "operators killed" : "all operators killed");
        some.forEach(operator -> operator.die("killed"));
    }

    private void freeze(SimOperator operator) {
        world.count(operator.leads() ? "frozen leaders" : "frozen standbys");
        var time = world.seconds(1, 150);
        operator.freeze(time);
    }

    private void worsenLine(SimOperator operator) {
        world.count("bad lines of operators");
        operator.worsenLine(world.seconds(10, 90));
    }

    private void awayFor(Duration time) {
        world.count("API server away");
        api.setAway(true);
        world.in(time, () -> api.setAway(false));
    }

    /** Whoever writes does not know what becomes of it. */
    private void slowStore(Duration time) {
        world.count("slow stores");
        api.slowStore(time, world.pick(2) == 0);
        erp.burst();
    }

    /** What its watches tell is true no more. */
    private void lagBehind(SimOperator operator) {
        world.count("watches that lag");
        operator.lagBehind(world.seconds(1, 40), world.seconds(30, 120));
    }

    private void cutOff() {
        world.count("nodes cut off");
        world.pick(nodes).cutOff(world.seconds(5, 600));
    }

    private void relist() {
        world.count("watches listed anew");
        operators.stream().filter(SimOperator::isAlive).forEach(SimOperator::relist);
    }

    private void end() {
        world.count("operators ended in order");
        operators.stream().filter(SimOperator::isAlive).forEach(SimOperator::end);
    }

    /** The next leader does not know of the places that the last one gave in its last moments. */
    private void handOver() {
        world.count("hand-overs to one with a slow watch");
        standbys().forEach(operator -> operator.slowDown(world.seconds(30, 120)));
        if (world.pick(3) == 0) closeFor(world.seconds(20, 90));
        // Some of these get places that the next leader's watch has not told of.
        if (world.pick(2) == 0) world.in(world.seconds(0, 20), erp::burst);
        world.in(world.seconds(0, 30), this::endLeaders);
    }

    /** The next leader knows the jobs that wait, and not those that have the places. */
    private void handOverBacklog() {
        world.count("hand-overs with a backlog");
        for (var i = 0; i < 12; i++) {
            var queue = world.pick(List.copyOf(api.queues().keySet()));
            erp.submit(queue, Optional.of(world.now().plus(world.seconds(6, 12))));
        }
        world.in(
                Duration.ofSeconds(2),
                () -> standbys().forEach(operator -> {
                    if (world.pick(2) == 0) operator.slowJobs(world.seconds(25, 60));
                    else operator.lagBehind(world.seconds(25, 60), Duration.ofSeconds(30));
                }));
        world.in(Duration.ofSeconds(3), erp::burst);
        world.in(world.seconds(13, 20), this::endLeaders);
    }

    private List<SimOperator> standbys() {
        return operators.stream()
                .filter(operator -> operator.isAlive() && !operator.leads())
                .toList();
    }

    private void endLeaders() {
        operators.stream().filter(SimOperator::leads).toList().forEach(SimOperator::end);
    }

    /** Jobs are deleted whose pods the leader's watch has not told of yet. */
    private void outpace() {
        world.count("deletions that outpace pods");
        operators.stream().filter(SimOperator::leads).forEach(leader -> leader.slowPods(world.seconds(10, 40)));
        erp.burst();
        for (var i = 0; i < 5; i++) {
            world.in(
                    world.seconds(1, 15),
                    () -> api.jobs().values().stream()
                            .filter(job -> !WarmJudge.judges(job)
                                    && JobFields.statusOf(job).state() == State.ENQUEUED)
                            .findFirst()
                            .ifPresent(this::delete));
        }
    }

    private void closeFor(Duration time) {
        world.count("rights taken away");
        api.setClosed(true);
        world.in(time, () -> api.setClosed(false));
    }

    private void refusePods(Duration time) {
        var quota = world.pick(2) == 0;
        world.count(quota ? "quotas used up" : "webhooks broken");
        api.pods()
                .refuse(Optional.of(
                        quota ? new Refused(403, "exceeded quota: pods") : new Refused(500, "failed calling webhook")));
        world.in(time, () -> api.pods().refuse(Optional.empty()));
    }

    private void harmPod() {
        if (api.pods().all().isEmpty()) return;
        var pod = unlucky().view();
        world.say("platform", "", "harms pod", pod.name());
        switch (world.pick(4)) {
            case 3 -> nodes.forEach(node -> node.reject(pod.name()));
            case 0 -> {
                world.count("pods deleted by force");
                reality.harmed(pod.name(), Harm.FORCED);
                api.pods().remove(pod.name(), pod.uid());
            }
            case 1 -> deletePod(pod);
            default -> {
                world.count("pods evicted");
                reality.harmed(pod.name(), Harm.PLANNED);
                api.pods().evict(pod, "EvictionByEvictionAPI");
            }
        }
    }

    void deletePod(PodView pod) {
        world.count("pods deleted");
        reality.harmed(pod.name(), Harm.DELETED);
        api.pods().delete(pod, Duration.ofSeconds(30));
    }

    /** Often one of a job that has lost a pod before. */
    private SimPod unlucky() {
        var all = List.copyOf(api.pods().all().values());
        var again = all.stream()
                .filter(pod -> pod.view().attempt() > 1 && !pod.view().ended())
                .toList();
        return again.isEmpty() || world.pick(3) == 0 ? world.pick(all) : world.pick(again);
    }

    private void changeQueue() {
        var name = world.pick(List.copyOf(api.queues().keySet()));
        var paused = world.pick(4) == 0;
        world.count(paused ? "queues paused" : "capacities changed");
        var capacity = 1 + world.pick(4);
        api.putQueue(
                name,
                name.equals(WarmJudge.QUEUE)
                        ? Simulation.warmQueue(capacity, paused)
                        : Simulation.queue(capacity, paused));
    }

    private void command() {
        if (api.jobs().isEmpty()) return;
        var job = world.pick(List.copyOf(api.jobs().values()));
        var kind = world.pick(List.of(Kind.REQUEUE, Kind.REQUEUE, Kind.CANCEL, Kind.SET_DONE));
        var word = world.pick(List.of("now", "again", "force", "please"));
        world.say("person", SimCaches.name(job), "annotates", kind + " " + word);
        var taken = api.command(SimCaches.uid(job), kind, word, world.pick(List.of("jo", "kim")));
        world.count(taken ? "commands given" : "commands beside another's");
    }

    private void deleteJob() {
        if (api.jobs().isEmpty()) return;
        var job = world.pick(List.copyOf(api.jobs().values()));
        world.count("jobs deleted by people");
        delete(job);
    }

    void delete(SyncJob job) {
        world.say("person", SimCaches.name(job), "deletes the job", "");
        api.deleteJobAnyVersion(SimCaches.uid(job));
    }

    /** Everything works again. */
    void end(List<String> queues, SyncQueueSpec... as) {
        world.setTrouble(false);
        api.setAway(false);
        api.setClosed(false);
        api.pods().refuse(Optional.empty());
        nodes.forEach(SimNode::reconnect);
        for (var i = 0; i < as.length; i++) api.putQueue(queues.get(i), as[i]);
    }
}
