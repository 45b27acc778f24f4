package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

const (
	workers = 2
	slots   = 8
)

// warm measures what a pool of two workers with eight slots does.
func (b *bench) warm() error {
	backlogs := []int{200, 1000, 10_000, 50_000}
	if len(b.waiting) > 0 {
		backlogs = b.waiting
	}
	for _, backlog := range backlogs {
		if err := b.throughput(b.some(backlog), b.some(3000)); err != nil {
			return err
		}
	}
	if few, many := b.found.values[rateName(b.some(200))], b.found.values[rateName(b.some(10_000))]; few > 0 {
		if many > 0 {
			b.found.atLeast("warm rate with 10,000 waiting as a share of that with 200", many/few, 0.9, 1)
		}
		if raw := b.found.values["raw status writes"]; raw > 0 {
			b.found.atLeast("warm rate as a share of a third of the raw status writes", few/(raw/3), 0.35, 0.7)
		}
	}
	if err := b.pool("calm", false); err != nil {
		return err
	}
	for _, part := range []func(string) error{b.agents, b.latency, b.writes, b.slotUse} {
		if err := part("calm"); err != nil {
			return err
		}
	}
	return b.clear("calm")
}

func rateName(backlog int) string { return fmt.Sprintf("warm jobs with %d waiting", backlog) }

// pool makes a namespace with a pool and a queue, both named warm, and waits until its workers take jobs.
func (b *bench) pool(namespace string, paused bool) error {
	if err := b.namespace(namespace); err != nil {
		return err
	}
	if err := b.apply(fmt.Sprintf(`apiVersion: syncjobs.io/v1alpha1
kind: SyncWorkerPool
metadata: {name: warm, namespace: %[1]s}
spec:
  replicas: %[2]d
  slots: %[3]d
  handler: {port: 8080}
  template: {spec: {containers: [{name: handler, image: %[4]s, imagePullPolicy: Never, args: [handler]}]}}
---
apiVersion: syncjobs.io/v1alpha1
kind: SyncQueue
metadata: {name: warm, namespace: %[1]s}
spec: {capacity: 1000, workerPool: warm, paused: %[5]t, retention: {doneCount: 10000}}
`, namespace, workers, slots, image, paused)); err != nil {
		return err
	}
	_, err := run(b.ctx, "", "kubectl", "-n", namespace, "wait", "syncworkerpool/warm", fmt.Sprintf("--for=jsonpath={.status.readyReplicas}=%d", workers), "--timeout=180s")
	return err
}

func (b *bench) pause(namespace string, paused bool) error {
	_, err := run(b.ctx, "", "kubectl", "-n", namespace, "patch", "syncqueue", "warm", "--type=merge", "-p", fmt.Sprintf(`{"spec":{"paused":%t}}`, paused))
	return err
}

// throughput is the rate while so many jobs wait: each that ends is replaced by a new one.
func (b *bench) throughput(backlog, jobs int) error {
	namespace := fmt.Sprintf("warm-%d", backlog)
	if err := b.pool(namespace, true); err != nil {
		return err
	}
	if _, err := b.createMany(namespace, "first", "warm", "nothing", backlog); err != nil {
		return err
	}
	f, err := b.followDone(namespace)
	if err != nil {
		return err
	}
	defer f.stop()
	if err := b.pause(namespace, false); err != nil {
		return err
	}
	// Until then the workers' and the operator's compilers still take a tenth of the machine.
	warmUp := jobs / 2
	if err := f.await("the first jobs", 5*time.Minute, func() bool { return f.done >= 1 }); err != nil {
		return err
	}
	stop, replaced := b.replace(f, namespace)
	err = f.await("warm jobs", 15*time.Minute, func() bool { return f.done >= warmUp })
	begun, from, m := time.Now(), f.count(), start()
	if err == nil {
		err = f.await("warm jobs", 15*time.Minute, func() bool { return f.done >= from+jobs })
	}
	rate := float64(f.count()-from) / time.Since(begun).Seconds()
	m.all(b.found, fmt.Sprintf("warm, %d waiting", backlog))
	close(stop)
	if failed := <-replaced; err == nil {
		err = failed
	}
	if err != nil {
		return err
	}
	b.found.tell(rateName(backlog), rate, "1/s")
	if len(b.found.Bars) == 0 {
		for _, kind := range kinds {
			cores := b.found.values[fmt.Sprintf("processor of %s, warm, %d waiting", kind.name, backlog)]
			b.found.Bars = append(b.found.Bars, bar{kind.name, 1000 * cores / rate})
		}
	}
	b.found.point("rate", "SyncJobs, warm", float64(backlog), rate)
	b.found.tell(fmt.Sprintf("operator's memory, %d waiting", backlog), loads()["operator"].rss/1e6, "MB")
	return b.clear(namespace)
}

// replace creates a job for each one that has ended, until it is told to stop.
func (b *bench) replace(f *follower, namespace string) (chan struct{}, chan error) {
	stop, failed := make(chan struct{}), make(chan error, 1)
	var made atomic.Int64
	go func() {
		for {
			select {
			case <-stop:
				failed <- nil
				return
			default:
			}
			missing := f.count() - int(made.Load())
			if missing == 0 {
				time.Sleep(2 * time.Millisecond)
				continue
			}
			from := int(made.Load())
			if _, err := b.api.each(missing, func(i int) error {
				return b.create(namespace, job(fmt.Sprintf("next-%06d", from+i), "warm", "nothing"))
			}); err != nil {
				<-stop
				failed <- err
				return
			}
			made.Add(int64(missing))
		}
	}()
	return stop, failed
}

func (f *follower) count() int {
	f.lock.Lock()
	defer f.lock.Unlock()
	return f.done
}

// latency is the time from sending the create to hearing that it has started, with nothing else to do.
func (b *bench) latency(namespace string) error {
	f, err := b.follow(namespace)
	if err != nil {
		return err
	}
	defer f.stop()
	n := b.some(300)
	sent := make([]time.Time, n)
	for i := range n {
		sent[i] = time.Now()
		if err := b.create(namespace, job(fmt.Sprintf("one-%06d", i), "warm", "nothing")); err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	if err := f.await("single jobs", time.Minute, func() bool { return f.done == n }); err != nil {
		return err
	}
	var all []float64
	for i := range n {
		all = append(all, 1000*f.jobs[fmt.Sprintf("one-%06d", i)].started.Sub(sent[i]).Seconds())
	}
	b.found.atMost("create to Started, warm and idle, p50", quantile(all, 0.5), "ms", 100, 30)
	b.found.atMost("create to Started, warm and idle, p99", quantile(all, 0.99), "ms", 400, 150)
	slices.Sort(all)
	for i, ms := range all {
		b.found.point("latency", "warm, idle", 100*float64(i+1)/float64(n), ms)
	}
	return nil
}

// slotUse is the share of the slots' time in which a handler of half a second was at work.
func (b *bench) slotUse(namespace string) error {
	n := b.some(640)
	f, err := b.follow(namespace)
	if err != nil {
		return err
	}
	defer f.stop()
	if _, err := b.createMany(namespace, "half", "warm", "half", n); err != nil {
		return err
	}
	skip := 2 * workers * slots
	if err := f.await("jobs of half a second", 5*time.Minute, func() bool { return f.done >= min(skip, n/2) }); err != nil {
		return err
	}
	begun, from := time.Now(), f.count()
	if err := f.await("jobs of half a second", 10*time.Minute, func() bool { return f.done >= n-workers*slots }); err != nil {
		return err
	}
	use := 0.5 * float64(f.count()-from) / (time.Since(begun).Seconds() * workers * slots)
	b.found.atLeast("use of slots with jobs of 500 ms", use, 0.8, 0.95)
	return nil
}

// agents measures the agents while there is nothing to do.
func (b *bench) agents(namespace string) error {
	slowest := 0.0
	for _, agent := range processes("agent") {
		logs, err := run(b.ctx, "", "kubectl", "-n", namespace, "logs", agent.variable("POD_NAME"), "-c", "syncjobs-agent", "--timestamps", "--tail=-1")
		if err != nil {
			return err
		}
		for _, line := range strings.Split(logs, "\n") {
			if at, err := time.Parse(time.RFC3339Nano, strings.SplitN(line, " ", 2)[0]); err == nil && strings.Contains(line, "the Lease says") {
				slowest = max(slowest, at.Sub(agent.begun()).Seconds())
				break
			}
		}
	}
	b.found.atMost("agent: holds its Lease, after its start", slowest, "s", 1, 0.5)
	b.found.atMost("agent: processor when idle, percent of a core", b.idle("agent", 5*time.Second, 30*time.Second)/workers, "%", 1, 0.5)
	b.found.atMost("agent: memory", loads()["agent"].rss/1e6/workers, "MB", 96, 64)
	return nil
}

// writes counts what the API server's audit log has of the life of warm jobs, by who wrote what.
func (b *bench) writes(namespace string) error {
	f, err := b.follow(namespace)
	if err != nil {
		return err
	}
	defer f.stop()
	n := b.some(500)
	begun := time.Now()
	if _, err := b.createMany(namespace, "write", "warm", "nothing", n); err != nil {
		return err
	}
	if err := f.await("jobs", 5*time.Minute, func() bool { return f.done == n }); err != nil {
		return err
	}
	time.Sleep(2 * time.Second)
	counts, err := b.audited(begun, "/namespaces/"+namespace+"/syncjobs/write-")
	if err != nil {
		return err
	}
	total := 0
	for what, count := range counts {
		b.found.tell("writes for each warm job: "+what, float64(count)/float64(n), "")
		total += count
	}
	b.found.atMost("writes for each warm job after its create", float64(total)/float64(n), "", 3, 3)
	return nil
}

// audited counts the writes to paths that hold a text, by user, verb and subresource.
func (b *bench) audited(since time.Time, part string) (map[string]int, error) {
	counts := map[string]int{}
	files, _ := filepath.Glob(filepath.Join(filepath.Dir(b.audit), "audit*.log"))
	for _, path := range files {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(make([]byte, 1<<20), 16<<20)
		for lines.Scan() {
			if !strings.Contains(lines.Text(), part) {
				continue
			}
			var event struct {
				Verb, RequestURI         string
				RequestReceivedTimestamp time.Time
				User                     struct{ Username string }
				ObjectRef                struct{ Subresource string }
			}
			if err := json.Unmarshal(lines.Bytes(), &event); err == nil && event.RequestReceivedTimestamp.After(since) {
				name := event.User.Username[strings.LastIndex(event.User.Username, ":")+1:]
				counts[strings.TrimSpace(name+", "+event.Verb+" "+event.ObjectRef.Subresource)]++
			}
		}
		file.Close()
	}
	return counts, nil
}
