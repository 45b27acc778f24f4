package main

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// order is the payload of a job: what its handler does.
type order struct {
	// How long it takes, and how long the first attempt takes where that is another time.
	Sleep string `json:"sleep"`
	First string `json:"first"`
	// What it answers; 200 where it is not set.
	Status int `json:"status"`
	// The last attempt in which it answers that, or crashes; 0 for all of them.
	Until      int             `json:"until"`
	RetryAfter string          `json:"retryAfter"`
	Body       json.RawMessage `json:"body"`
	// The process ends without an answer.
	Crash bool `json:"crash"`
	// It never answers, whoever asks it to end.
	Hang bool `json:"hang"`
	// The system outside in which the work is done, see shop.go.
	Shop string `json:"shop"`
}

// run is a call under way.
type run struct {
	end         func()
	asked, over chan struct{}
}

// running are the calls under way, by the job's uid.
var running sync.Map

// serve is the handler of a warm worker on a port.
func serve(port string) error {
	http.HandleFunc("POST /jobs/{action}", handle)
	http.HandleFunc("POST /tell/{action}", func(answer http.ResponseWriter, call *http.Request) {
		body, err := io.ReadAll(call.Body)
		if err != nil {
			http.Error(answer, err.Error(), http.StatusBadRequest)
			return
		}
		answer.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(answer).Encode(toldOf(string(body)))
	})
	http.HandleFunc("POST /cancel", func(answer http.ResponseWriter, call *http.Request) {
		if found, is := running.Load(call.Header.Get("SyncJob-Uid")); is {
			// Whoever gets this answer knows that nothing is done any more.
			found.(*run).end()
			<-found.(*run).over
		}
	})
	return http.ListenAndServe(":"+port, nil)
}

func handle(answer http.ResponseWriter, call *http.Request) {
	var todo *order
	if err := json.NewDecoder(call.Body).Decode(&todo); err != nil && err != io.EOF {
		http.Error(answer, err.Error(), http.StatusBadRequest)
		return
	}
	if todo == nil {
		todo = &order{}
	}
	attempt, _ := strconv.Atoi(call.Header.Get("SyncJob-Attempt"))
	log.Printf("job %s attempt %d: %+v", call.Header.Get("SyncJob-Name"), attempt, *todo)
	outside := customer{todo.Shop, call.Header.Get("SyncJob-Name"), attempt}
	if err := outside.tell("begin"); err != nil {
		answer.Header().Set("Retry-After", "1")
		http.Error(answer, err.Error(), http.StatusServiceUnavailable)
		return
	}
	if todo.Hang {
		select {}
	}
	if !work(call, todo, attempt, outside) {
		http.Error(answer, "told to end", http.StatusConflict)
		return
	}
	if todo.Crash && (todo.Until == 0 || attempt <= todo.Until) {
		os.Exit(3)
	}
	if todo.succeeds(attempt) {
		pod, _ := os.Hostname()
		answer.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(answer).Encode(map[string]any{"pod": pod, "attempt": attempt, "action": call.PathValue("action")})
		return
	}
	if todo.RetryAfter != "" {
		answer.Header().Set("Retry-After", todo.RetryAfter)
	}
	answer.Header().Set("Content-Type", "application/problem+json")
	answer.WriteHeader(todo.Status)
	_, _ = answer.Write(todo.Body)
}

// obey does what a payload says in a pod of the job's own, and ends as handle answers.
func obey(string) error {
	var todo order
	if err := json.Unmarshal([]byte(os.Getenv("SYNCJOB_PAYLOAD")), &todo); err != nil {
		return err
	}
	attempt, err := strconv.Atoi(os.Getenv("SYNCJOB_ATTEMPT"))
	if err != nil {
		return err
	}
	time.Sleep(todo.length(attempt))
	if todo.succeeds(attempt) {
		return report("result", map[string]any{"attempt": attempt, "action": os.Getenv("SYNCJOB_ACTION")})
	}
	told := map[string]any{}
	_ = json.Unmarshal(todo.Body, &told)
	told["message"] = told["detail"]
	if todo.RetryAfter != "" {
		told["retryAfterSeconds"] = todo.RetryAfter
	}
	text, err := json.Marshal(told)
	if err != nil {
		return err
	}
	if err := os.WriteFile(terminationLog, text, 0o644); err != nil {
		return err
	}
	if todo.Status == http.StatusTooManyRequests || todo.Status == http.StatusServiceUnavailable {
		os.Exit(75)
	}
	os.Exit(1)
	return nil
}

// length is how long an attempt takes.
func (o order) length(attempt int) time.Duration {
	text := o.Sleep
	if attempt == 1 && o.First != "" {
		text = o.First
	}
	length, _ := time.ParseDuration(text)
	return length
}

// succeeds tells whether an attempt is to end well.
func (o order) succeeds(attempt int) bool {
	return o.Status == 0 || (o.Until > 0 && attempt > o.Until)
}

// work takes its time, and then has its effect; it returns false where it was told to end before.
func work(call *http.Request, todo *order, attempt int, outside customer) bool {
	this := &run{asked: make(chan struct{}), over: make(chan struct{})}
	this.end = sync.OnceFunc(func() { close(this.asked) })
	uid := call.Header.Get("SyncJob-Uid")
	running.Store(uid, this)
	defer running.CompareAndDelete(uid, this)
	defer close(this.over)
	select {
	case <-time.After(todo.length(attempt)):
		_ = outside.tell("effect")
		return true
	case <-this.asked:
		_ = outside.tell("end")
		return false
	}
}
