package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

// customer is an attempt of a job towards the shop at that address; without an address it tells nobody.
type customer struct {
	shop    string
	job     string
	attempt int
}

func (c customer) tell(what string) error {
	if c.shop == "" {
		return nil
	}
	pod, _ := os.Hostname()
	form := url.Values{"job": {c.job}, "attempt": {strconv.Itoa(c.attempt)}, "pod": {pod}, "what": {what}}
	client := http.Client{Timeout: 30 * time.Second}
	answer, err := client.PostForm(c.shop, form)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		return fmt.Errorf("the shop answers %s", answer.Status)
	}
	return nil
}

// note is what the shop knows of an attempt: that it began, had its effect, or was told to end before that.
type note struct {
	Job     string `json:"job"`
	Attempt string `json:"attempt"`
	Pod     string `json:"pod"`
	What    string `json:"what"`
	Micros  int64  `json:"micros"`
}

// shop is a system outside: it notes what is done in it, in one order, by one clock, whatever becomes of the jobs.
func shop(port string) error {
	var lock sync.Mutex
	notes := []note{}
	http.HandleFunc("POST /", func(answer http.ResponseWriter, call *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		notes = append(notes, note{call.FormValue("job"), call.FormValue("attempt"), call.FormValue("pod"),
			call.FormValue("what"), time.Now().UnixMicro()})
		answer.WriteHeader(http.StatusNoContent)
	})
	http.HandleFunc("GET /", func(answer http.ResponseWriter, _ *http.Request) {
		lock.Lock()
		defer lock.Unlock()
		_ = json.NewEncoder(answer).Encode(notes)
	})
	return http.ListenAndServe(":"+port, nil)
}
