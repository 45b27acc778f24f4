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
	// How long it takes.
	Sleep string `json:"sleep"`
	// What it answers; 200 where it is not set.
	Status int `json:"status"`
	// The last attempt in which it answers that; 0 for all of them.
	Until      int             `json:"until"`
	RetryAfter string          `json:"retryAfter"`
	Body       json.RawMessage `json:"body"`
	// The process ends without an answer.
	Crash bool `json:"crash"`
	// It never answers, whoever asks it to end.
	Hang bool `json:"hang"`
}

// running are the calls under way, by the job's uid.
var running sync.Map

// serve is the handler of a warm worker on a port.
func serve(port string) error {
	http.HandleFunc("POST /jobs/{action}", handle)
	http.HandleFunc("POST /cancel", func(answer http.ResponseWriter, call *http.Request) {
		if end, found := running.Load(call.Header.Get("SyncJob-Uid")); found {
			end.(func())()
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
	if todo.Hang {
		select {}
	}
	if !rest(call, todo.Sleep) {
		http.Error(answer, "told to end", http.StatusConflict)
		return
	}
	if todo.Crash && (todo.Until == 0 || attempt <= todo.Until) {
		os.Exit(3)
	}
	if todo.Status == 0 || (todo.Until > 0 && attempt > todo.Until) {
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

// rest returns false where it was told to end.
func rest(call *http.Request, text string) bool {
	length, err := time.ParseDuration(text)
	if err != nil {
		return true
	}
	ended := make(chan struct{})
	uid := call.Header.Get("SyncJob-Uid")
	running.Store(uid, sync.OnceFunc(func() { close(ended) }))
	defer running.Delete(uid)
	select {
	case <-time.After(length):
		return true
	case <-ended:
		return false
	}
}
