package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// How the worker ends: SyncJobs takes 0 for Done, 75 for "try again later" and everything else for Failed.
const exitDone, exitFailed, exitRetry = 0, 1, 75

// problem is how the shop says no (RFC 9457).
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
}

// report is the termination message: what SyncJobs shows in the job's status.
type report struct {
	Result            *result `json:"result,omitempty"`
	Type              string  `json:"type,omitempty"`
	Message           string  `json:"message,omitempty"`
	Resolution        string  `json:"resolution,omitempty"`
	RetryAfterSeconds *int    `json:"retryAfterSeconds,omitempty"`
}

type result struct {
	ShopID int `json:"shopId"`
}

// push is one attempt of one job. What it prints is the trace of a failed job.
func push(env func(string) string, terminationLog string) int {
	code, said := attempt(env)
	if said.Message != "" {
		fmt.Printf("%s: %s\n", said.Type, said.Message)
	}
	message, err := json.Marshal(said)
	if err == nil {
		err = os.WriteFile(terminationLog, message, 0o644)
	}
	if err != nil {
		fmt.Printf("the termination message cannot be written, the exit code still counts: %v\n", err)
	}
	return code
}

func attempt(env func(string) string) (int, report) {
	if action := env("SYNCJOB_ACTION"); action != "push.product" {
		return exitFailed, report{
			Type:       "UnknownAction",
			Message:    fmt.Sprintf("this worker knows the action push.product, not %q", action),
			Resolution: "Create the job with action push.product, or in a queue whose worker knows its action.",
		}
	}
	request, err := http.NewRequest(http.MethodPost, env("SHOP_URL")+"/products", strings.NewReader(env("SYNCJOB_PAYLOAD")))
	if err != nil {
		return exitFailed, report{Type: "BadShopUrl", Message: err.Error(), Resolution: "Correct SHOP_URL in the queue's template."}
	}
	request.Header.Set("Content-Type", "application/json")
	// The same through retries and lost attempts: when the answer to an earlier attempt was lost, the shop still makes no
	// second record.
	request.Header.Set("Idempotency-Key", env("SYNCJOB_IDEMPOTENCY_KEY"))
	fmt.Printf("%s attempt %s: POST %s %s\n", env("SYNCJOB_NAME"), env("SYNCJOB_ATTEMPT"), request.URL, env("SYNCJOB_PAYLOAD"))
	response, err := client.Do(request)
	if err != nil {
		return exitRetry, report{Type: "ShopUnreachable", Message: err.Error()}
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return exitRetry, report{Type: "ShopUnreachable", Message: "the shop's answer broke off: " + err.Error()}
	}
	fmt.Printf("the shop answered %s: %s\n", response.Status, bytes.TrimSpace(body))
	return judge(response, body)
}

// judge turns the shop's answer into the end of the attempt.
func judge(response *http.Response, body []byte) (int, report) {
	if response.StatusCode/100 == 2 {
		var added record
		if err := json.Unmarshal(body, &added); err != nil {
			return exitFailed, report{Type: "BadAnswer", Message: "the shop's answer is not a record: " + err.Error()}
		}
		return exitDone, report{Result: &result{ShopID: added.ID}}
	}
	var no problem
	if err := json.Unmarshal(body, &no); err != nil || no.Detail == "" {
		no = problem{Type: "ShopError", Detail: "the shop answered " + response.Status}
	}
	said := report{Type: no.Type, Message: no.Detail}
	if response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500 {
		if seconds, err := strconv.Atoi(response.Header.Get("Retry-After")); err == nil && seconds >= 0 {
			said.RetryAfterSeconds = &seconds
		}
		return exitRetry, said
	}
	if no.Type == "UnknownCategory" {
		said.Resolution = "Add the category to the shop (kubectl exec deploy/shop -- /catalogue add-category NAME) or " +
			"correct the product, then requeue the job."
	}
	return exitFailed, said
}
