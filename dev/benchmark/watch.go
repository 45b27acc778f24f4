package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// seen is what a watch has told of a job, each with the moment at which it was told.
type seen struct {
	started, finished time.Time
	state, worker     string
	deleted           bool
}

// follower watches the jobs of a namespace: all times come from it.
type follower struct {
	lock    sync.Mutex
	changed *sync.Cond
	jobs    map[string]*seen
	done    int // jobs that were seen to finish
	gone    int
	first   time.Time // when the first job finished since the last reset
	stop    context.CancelFunc
	failed  error
}

func (b *bench) follow(namespace string) (*follower, error) { return b.followSome(namespace, "") }

// followDone watches the jobs that are done and no others: where only these are counted, the watch itself takes less of the machine.
func (b *bench) followDone(namespace string) (*follower, error) {
	return b.followSome(namespace, "&fieldSelector=status.state%3DDone")
}

func (b *bench) followSome(namespace, selector string) (*follower, error) {
	path := fmt.Sprintf(jobsPath, namespace)
	var list struct {
		Metadata struct{ ResourceVersion string }
	}
	if err := b.api.call(b.ctx, http.MethodGet, path+"?limit=1", nil, &list); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(b.ctx)
	f := &follower{jobs: map[string]*seen{}, stop: stop}
	f.changed = sync.NewCond(&f.lock)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet,
		b.api.base+path+"?watch=1&timeoutSeconds=3600&resourceVersion="+list.Metadata.ResourceVersion+selector, nil)
	if err != nil {
		return nil, err
	}
	response, err := b.api.http.Do(request)
	if err != nil {
		return nil, err
	}
	go f.read(response)
	go f.tick(ctx)
	return f, nil
}

// tick wakes those who wait, so that they notice that their time is over.
func (f *follower) tick(ctx context.Context) {
	for ctx.Err() == nil {
		time.Sleep(200 * time.Millisecond)
		f.changed.Broadcast()
	}
}

func (f *follower) read(response *http.Response) {
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(make([]byte, 1<<20), 16<<20)
	for lines.Scan() {
		now := time.Now()
		var event struct {
			Type   string
			Object struct {
				Metadata struct{ Name string }
				Status   struct{ State, Worker string }
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			continue
		}
		f.take(event.Type, event.Object.Metadata.Name, event.Object.Status.State, event.Object.Status.Worker, now)
	}
	f.lock.Lock()
	f.failed = fmt.Errorf("the watch has ended: %v", lines.Err())
	f.lock.Unlock()
	f.changed.Broadcast()
}

func (f *follower) take(kind, name, state, worker string, now time.Time) {
	f.lock.Lock()
	defer f.lock.Unlock()
	one := f.jobs[name]
	if one == nil {
		one = &seen{}
		f.jobs[name] = one
	}
	if kind == "DELETED" {
		one.deleted = true
		f.gone++
	}
	if (state == "Started" || state == "Done") && one.started.IsZero() {
		one.started = now
	}
	if finished := state == "Done" || state == "Failed" || state == "Cancelled"; finished && one.finished.IsZero() {
		one.finished = now
		if f.done == 0 {
			f.first = now
		}
		f.done++
	}
	one.state, one.worker = state, worker
	f.changed.Broadcast()
}

// await waits until a condition over what was seen holds.
func (f *follower) await(what string, limit time.Duration, holds func() bool) error {
	end := time.Now().Add(limit)
	f.lock.Lock()
	defer f.lock.Unlock()
	for !holds() {
		if f.failed != nil {
			return f.failed
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s: not within %s (%d finished, %d deleted)", what, limit, f.done, f.gone)
		}
		f.changed.Wait()
	}
	return nil
}

// forget begins to count anew.
func (f *follower) forget() {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.jobs, f.done, f.gone = map[string]*seen{}, 0, 0
}
