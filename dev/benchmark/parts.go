package main

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const image = "syncjobs/bench:1"

// raw measures the ceiling: the same definitions, the same objects, nobody else at work but the cluster itself.
func (b *bench) raw() error {
	if _, err := run(b.ctx, "", "kubectl", "apply", "--server-side", "-k", "crds/"); err != nil {
		return err
	}
	if _, err := run(b.ctx, "", "kubectl", "wait", "--for=condition=Established", "crd", "syncjobs.syncjobs.io", "--timeout=60s"); err != nil {
		return err
	}
	if err := b.watchedByCluster(); err != nil {
		return err
	}
	if err := b.namespace("raw"); err != nil {
		return err
	}
	n := b.some(4000)
	creates, err := b.createMany("raw", "raw", "raw", "nothing", n)
	if err != nil {
		return err
	}
	path := fmt.Sprintf(jobsPath, "raw")
	var list struct{ Items []object }
	if err := b.api.call(b.ctx, http.MethodGet, path, nil, &list); err != nil {
		return err
	}
	for _, job := range list.Items {
		job["status"] = object{"state": "Started", "worker": "pool-7d9c5b6f4-x2x9z", "attempt": 1, "startedTime": "2026-01-01T00:00:00.123Z"}
	}
	writes, err := b.api.each(n, func(i int) error {
		return b.api.call(b.ctx, http.MethodPut, fmt.Sprintf("%s/raw-%06d/status", path, i), list.Items[i], nil)
	})
	if err != nil {
		return err
	}
	b.found.tell("raw creates", creates, "1/s")
	b.found.tell("raw status writes", writes, "1/s")
	if err := b.clear("raw"); err != nil {
		return err
	}
	_, err = run(b.ctx, "", "kubectl", "delete", "-k", "crds/", "--wait", "--timeout=300s")
	return err
}

// watchedByCluster waits until the controller manager follows all jobs, as it does for its garbage collector half a minute after their
// definition appears. Each write costs more from then on, also in a cluster that has SyncJobs.
func (b *bench) watchedByCluster() error {
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(time.Second) {
		page, err := run(b.ctx, "", "kubectl", "get", "--raw", "/metrics")
		if err != nil {
			return err
		}
		for _, line := range strings.Split(page, "\n") {
			watches := strings.HasPrefix(line, "apiserver_longrunning_requests{") && strings.Contains(line, `resource="syncjobs"`) &&
				strings.Contains(line, `verb="WATCH"`)
			if watches && !strings.HasSuffix(line, " 0") {
				return nil
			}
		}
	}
	return errors.New("the controller manager does not watch the jobs")
}

func (b *bench) namespace(name string) error {
	return b.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + name + "}\n")
}

func (b *bench) install() error {
	_, err := run(b.ctx, "", "helm", "install", "syncjobs", "helm/syncjobs", "-n", b.system, "--create-namespace", "--wait", "--timeout", "5m")
	return err
}

const container = "{name: worker, image: " + image + ", imagePullPolicy: Never, args: [nothing]}"

func (b *bench) isolatedQueue(namespace string, capacity int) error {
	if err := b.namespace(namespace); err != nil {
		return err
	}
	return b.apply(fmt.Sprintf(`apiVersion: syncjobs.io/v1alpha1
kind: SyncQueue
metadata: {name: isolated, namespace: %s}
spec: {capacity: %d, template: {spec: {terminationGracePeriodSeconds: 0, containers: [%s]}}}
`, namespace, capacity, container))
}

// isolatedRate runs so many isolated jobs from nothing: per second, from the first create to the last end.
func (b *bench) isolatedRate(n int) (float64, error) {
	if err := b.isolatedQueue("isolated", n); err != nil {
		return 0, err
	}
	f, err := b.follow("isolated")
	if err != nil {
		return 0, err
	}
	defer f.stop()
	begun := time.Now()
	if _, err := b.createMany("isolated", "job", "isolated", "nothing", n); err != nil {
		return 0, err
	}
	if err := f.await("isolated jobs", 10*time.Minute, func() bool { return f.done == n }); err != nil {
		return 0, err
	}
	rate := float64(n) / time.Since(begun).Seconds()
	return rate, b.clear("isolated")
}

func (b *bench) bareRate(n int) (float64, error) {
	if err := b.namespace("bare"); err != nil {
		return 0, err
	}
	var pods strings.Builder
	for i := range n {
		fmt.Fprintf(&pods, "---\napiVersion: v1\nkind: Pod\nmetadata: {name: pod-%d, namespace: bare}\nspec: {restartPolicy: Never, "+
			"automountServiceAccountToken: false, enableServiceLinks: false, terminationGracePeriodSeconds: 0, containers: [%s]}\n", i, container)
	}
	begun := time.Now()
	if _, err := run(b.ctx, pods.String(), "kubectl", "create", "-f", "-"); err != nil {
		return 0, err
	}
	if _, err := run(b.ctx, "", "kubectl", "wait", "-n", "bare", "pods", "--all", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=600s"); err != nil {
		return 0, err
	}
	rate := float64(n) / time.Since(begun).Seconds()
	return rate, b.clear("bare")
}

// isolated compares isolated jobs with bare pods, twice, one after the other: the node is the limit of both.
func (b *bench) isolated() error {
	for round := 1; round <= b.rounds; round++ {
		bare, err := b.bareRate(b.some(b.jobs))
		if err != nil {
			return err
		}
		rate, err := b.isolatedRate(b.some(b.jobs))
		if err != nil {
			return err
		}
		b.found.tell(fmt.Sprintf("bare pods, round %d", round), bare, "1/s")
		b.found.tell(fmt.Sprintf("isolated jobs, round %d", round), rate, "1/s")
		b.found.atLeast(fmt.Sprintf("isolated as a share of bare pods, round %d", round), rate/bare, 0.9, 1)
	}
	return nil
}
