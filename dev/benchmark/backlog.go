package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// backlog measures the operator beside jobs that wait in a paused queue.
func (b *bench) backlog() error {
	// So that 100,000 jobs are told why they wait within minutes.
	if _, err := run(b.ctx, "", "helm", "upgrade", "syncjobs", "helm/syncjobs", "-n", b.system, "--reuse-values", "--wait", "--timeout", "5m",
		"--set", "reasons.writesPerSecond=500"); err != nil {
		return err
	}
	if err := b.isolatedQueue("probe", 10); err != nil {
		return err
	}
	if err := b.paused("backlog", "waiting"); err != nil {
		return err
	}
	have, alone := 0, 0.0
	sizes := b.waiting
	if len(sizes) == 0 {
		sizes = []int{0, 5_000, 20_000, 40_000, 100_000}
	}
	for _, n := range sizes {
		if err := b.fill("backlog", "waiting", have, b.some(n)); err != nil {
			return err
		}
		have = b.some(n)
		rate, err := b.beside(fmt.Sprintf("%d waiting", have), n)
		if err != nil {
			return err
		}
		if n == 0 {
			alone = rate
		} else if n == 20_000 && alone > 0 {
			b.found.atLeast("isolated rate with 20,000 waiting as a share of that with none", rate/alone, 0.95, 1)
		}
	}
	if err := b.clear("backlog"); err != nil {
		return err
	}
	if len(b.waiting) == 0 {
		if err := b.many(); err != nil {
			return err
		}
	}
	return b.clear("probe")
}

func (b *bench) paused(namespace, queue string) error {
	if err := b.namespace(namespace); err != nil {
		return err
	}
	return b.apply(fmt.Sprintf(`apiVersion: syncjobs.io/v1alpha1
kind: SyncQueue
metadata: {name: %s, namespace: %s}
spec: {paused: true, template: {spec: {containers: [%s]}}}
`, queue, namespace, container))
}

func (b *bench) fill(namespace, queue string, from, to int) error {
	_, err := b.api.each(to-from, func(i int) error {
		return b.create(namespace, job(fmt.Sprintf("%s-%06d", queue, from+i), queue, "nothing"))
	})
	return err
}

// beside measures the operator with what waits at the moment.
func (b *bench) beside(what string, n int) (float64, error) {
	// Each job that waits is told why, once, within a budget: what is idle begins after that.
	told := time.Now()
	if err := b.told(); err != nil {
		return 0, err
	}
	b.found.tell("all told why they wait, "+what, time.Since(told).Seconds(), "s")
	calm, err := b.patches()
	if err != nil {
		return 0, err
	}
	quiet := b.idle("operator", 5*time.Second, time.Minute)
	after, err := b.patches()
	if err != nil {
		return 0, err
	}
	b.found.tell("patches by the operator in 65 idle seconds, Leases included, "+what, after-calm, "")
	memory := loads()["operator"].rss / 1e6
	rate, err := median(func() (float64, error) { return b.isolatedRate(b.some(120)) })
	if err != nil {
		return 0, err
	}
	first, err := median(b.restarted)
	if err != nil {
		return 0, err
	}
	switch n {
	case 20_000:
		b.found.atMost("operator idle, "+what+", percent of a core", quiet, "%", 3, 3)
		b.found.atMost("operator's memory, "+what, memory, "MB", 250, 250)
		b.found.atMost("restart to first Done, "+what, first, "s", 5, 5)
	case 100_000:
		b.found.atMost("operator idle, "+what+", percent of a core", quiet, "%", 0, 3)
		b.found.atMost("operator's memory, "+what, memory, "MB", 0, 400)
		b.found.atMost("restart to first Done, "+what, first, "s", 0, 12)
	default:
		b.found.tell("operator idle, "+what+", percent of a core", quiet, "%")
		b.found.tell("operator's memory, "+what, memory, "MB")
		b.found.tell("restart to first Done, "+what, first, "s")
	}
	b.found.tell("isolated jobs, "+what, rate, "1/s")
	b.found.point("idle", "operator", float64(n), quiet)
	b.found.point("memory", "operator", float64(n), memory)
	return rate, nil
}

// patience is how long a job waits before it is told why.
const patience = 60 * time.Second

// told waits until each job that waits has been told why, and nobody is told any more.
func (b *bench) told() error {
	time.Sleep(patience + 10*time.Second)
	for end := time.Now().Add(30 * time.Minute); time.Now().Before(end); {
		// A write that was refused is tried again a minute later: without this, a pause would be taken for the end.
		untold, err := b.untold()
		if err != nil {
			return err
		}
		if untold {
			time.Sleep(time.Second)
			continue
		}
		before, err := b.patches()
		if err != nil {
			return err
		}
		time.Sleep(10 * time.Second)
		after, err := b.patches()
		if err != nil {
			return err
		}
		if after-before < 20 { // its Leases
			return nil
		}
	}
	return fmt.Errorf("the operator writes on and on")
}

// untold says whether there is a job that waits and whose status does not say why.
func (b *bench) untold() (bool, error) {
	var list struct{ Items []json.RawMessage }
	err := b.api.call(b.ctx, http.MethodGet, "/apis/syncjobs.io/v1alpha1/syncjobs?limit=1&fieldSelector=status.state%3DPending,status.reason%3D", nil, &list)
	return len(list.Items) > 0, err
}

// patches is how many the operator has sent so far.
func (b *bench) patches() (float64, error) {
	pods, err := run(b.ctx, "", "kubectl", "-n", b.system, "get", "pods", "-l", "app.kubernetes.io/component=operator", "-o", "name")
	if err != nil {
		return 0, err
	}
	pod := strings.TrimPrefix(strings.TrimSpace(pods), "pod/")
	page, err := run(b.ctx, "", "kubectl", "get", "--raw", "/api/v1/namespaces/"+b.system+"/pods/"+pod+":8080/proxy/metrics")
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, line := range strings.Split(page, "\n") {
		if strings.HasPrefix(line, "syncjobs_api_requests_total{") && strings.Contains(line, `verb="PATCH"`) {
			value, _ := strconv.ParseFloat(line[strings.LastIndex(line, " ")+1:], 64)
			sum += value
		}
	}
	return sum, nil
}

// median of three measurements: one may meet the minute run, which takes a second of the processor.
func median(measure func() (float64, error)) (float64, error) {
	all := make([]float64, 3)
	for i := range all {
		one, err := measure()
		if err != nil {
			return 0, err
		}
		all[i] = one
	}
	return quantile(all, 0.5), nil
}

// restarted deletes the operator's pod, and submits a job when its process has ended, which might still begin it: seconds from the deletion until
// that job is Done.
func (b *bench) restarted() (float64, error) {
	f, err := b.follow("probe")
	if err != nil {
		return 0, err
	}
	defer f.stop()
	old := processes("operator")
	begun := time.Now()
	if _, err := run(b.ctx, "", "kubectl", "-n", b.system, "delete", "pod", "-l", "app.kubernetes.io/component=operator", "--wait=false"); err != nil {
		return 0, err
	}
	for slices.ContainsFunc(processes("operator"), func(p process) bool { return slices.Contains(old, p) }) {
		if time.Since(begun) > time.Minute {
			return 0, errors.New("the operator does not end")
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := b.create("probe", job(fmt.Sprintf("probe-%d", begun.UnixNano()), "isolated", "nothing")); err != nil {
		return 0, err
	}
	if err := f.await("the first job after a restart", 5*time.Minute, func() bool { return f.done == 1 }); err != nil {
		return 0, err
	}
	return time.Since(begun).Seconds(), nil
}

// many is 20,000 jobs in 1,000 queues.
func (b *bench) many() error {
	queues := b.some(1000)
	if err := b.namespace("many"); err != nil {
		return err
	}
	if _, err := b.api.each(queues, func(i int) error {
		queue := object{"apiVersion": "syncjobs.io/v1alpha1", "kind": "SyncQueue", "metadata": object{"name": fmt.Sprintf("q-%d", i)},
			"spec": object{"paused": true, "template": object{"spec": object{"containers": []object{{"name": "worker", "image": image}}}}}}
		return b.api.call(b.ctx, "POST", "/apis/syncjobs.io/v1alpha1/namespaces/many/syncqueues", queue, nil)
	}); err != nil {
		return err
	}
	if _, err := b.api.each(b.some(20_000), func(i int) error {
		return b.create("many", job(fmt.Sprintf("job-%06d", i), fmt.Sprintf("q-%d", i%queues), "nothing"))
	}); err != nil {
		return err
	}
	if _, err := b.beside(fmt.Sprintf("%d waiting in %d queues", b.some(20_000), queues), -1); err != nil {
		return err
	}
	return b.clear("many")
}

// restart measures a start with 10,000 waiting and 10,000 finished warm jobs, and retention after it.
func (b *bench) restart() error {
	const namespace = "restart"
	n := b.some(10_000)
	if err := b.pool(namespace, false); err != nil {
		return err
	}
	f, err := b.follow(namespace)
	if err != nil {
		return err
	}
	defer f.stop()
	creates, err := b.createMany(namespace, "done", "warm", "nothing", n)
	if err != nil {
		return err
	}
	if err := f.await("jobs to finish", 15*time.Minute, func() bool { return f.done == n }); err != nil {
		return err
	}
	if err := b.pause(namespace, true); err != nil {
		return err
	}
	if _, err := b.createMany(namespace, "pending", "warm", "nothing", n); err != nil {
		return err
	}
	f.forget()
	begun := time.Now()
	if _, err := run(b.ctx, "", "kubectl", "-n", b.system, "delete", "pod", "-l", "app.kubernetes.io/component=operator", "--wait=false"); err != nil {
		return err
	}
	if err := b.pause(namespace, false); err != nil {
		return err
	}
	if err := f.await("the first job", 5*time.Minute, func() bool { return f.done > 0 }); err != nil {
		return err
	}
	b.found.atMost("restart with 10,000 waiting and 10,000 finished: first job", f.first.Sub(begun).Seconds(), "s", 10, 4)
	b.found.atMost("operator's memory with that set", loads()["operator"].rss/1e6, "MB", 350, 200)
	return b.retention(f, namespace, creates, n)
}

// retention measures how fast finished jobs are deleted that are suddenly too many.
func (b *bench) retention(f *follower, namespace string, creates float64, n int) error {
	if err := b.pause(namespace, true); err != nil {
		return err
	}
	f.forget()
	if _, err := run(b.ctx, "", "kubectl", "-n", namespace, "patch", "syncqueue", "warm", "--type=merge", "-p", `{"spec":{"retention":{"doneCount":0}}}`); err != nil {
		return err
	}
	if err := f.await("deletions", 5*time.Minute, func() bool { return f.gone > 0 }); err != nil {
		return err
	}
	begun := time.Now()
	if err := f.await("deletions", 15*time.Minute, func() bool { return f.gone >= n }); err != nil {
		return err
	}
	rate := float64(n) / time.Since(begun).Seconds()
	b.found.tell("deletions by retention", rate, "1/s")
	b.found.tell("creates in the same run", creates, "1/s")
	if warm := b.found.values[rateName(b.some(200))]; warm > 0 {
		b.found.atLeast("deletions as a share of the rate at which jobs finish", rate/warm, 1, 1)
	}
	return b.clear(namespace)
}
