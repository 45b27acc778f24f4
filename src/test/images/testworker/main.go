// A worker for tests: its arguments are what it does, one after another; at the end of them it exits with 0.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const terminationLog = "/dev/termination-log"

// actions by name; an argument is NAME or NAME=VALUE.
var actions = map[string]func(value string) error{
	"print":       func(text string) error { _, err := fmt.Println(text); return err },
	"log":         printBytes,
	"line":        printLine,
	"binary":      printBinary,
	"message":     func(text string) error { return os.WriteFile(terminationLog, []byte(text), 0o644) },
	"tell":        func(name string) error { return report("message", os.Getenv(name)) },
	"environment": func(string) error { return report("result", environment()) },
	"payload":     func(string) error { return report("result", toldOf(os.Getenv("SYNCJOB_PAYLOAD"))) },
	"result":      func(name string) error { return report("result", os.Getenv(name)) },
	"sleep":       firstAttempts(sleep),
	"span":        span,
	"exit":        exit,
	"fail":        firstAttempts(exit),
	"hang":        firstAttempts(hang),
	"term":        firstAttempts(awaitTerm),
	"memory":      allocate,
	"fill":        fill,
	"serve":       serve,
	"obey":        obey,
	"shop":        shop,
}

func main() {
	for _, arg := range os.Args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		action, known := actions[name]
		if !known {
			fail(fmt.Errorf("there is no action %q", name))
		}
		if err := action(value); err != nil {
			fail(fmt.Errorf("%s: %w", arg, err))
		}
	}
}

// fail tells a mistake in the test itself, by a code that no test expects.
func fail(err error) {
	fmt.Println("testworker: " + err.Error())
	os.Exit(99)
}

// firstAttempts makes ACTION=N:VALUE act in the first N attempts only, and ACTION or ACTION=VALUE in all of them.
func firstAttempts(action func(string) error) func(string) error {
	return func(value string) error {
		attempts, rest, found := strings.Cut(value, ":")
		if !found {
			return action(value)
		}
		last, err := strconv.Atoi(attempts)
		if err != nil {
			return err
		}
		attempt, err := strconv.Atoi(os.Getenv("SYNCJOB_ATTEMPT"))
		if err != nil || attempt > last {
			return err
		}
		return action(rest)
	}
}

func exit(code string) error {
	number, err := strconv.Atoi(code)
	if err == nil {
		os.Exit(number)
	}
	return err
}

func sleep(duration string) error {
	length, err := time.ParseDuration(duration)
	time.Sleep(length)
	return err
}

// span sleeps, and tells as its result when it began and ended, in microseconds of the node's clock.
func span(duration string) error {
	from := time.Now()
	if err := sleep(duration); err != nil {
		return err
	}
	return report("result", map[string]int64{"from": from.UnixMicro(), "to": time.Now().UnixMicro()})
}

// hang never ends and ignores SIGTERM.
func hang(string) error {
	signal.Ignore(syscall.SIGTERM)
	for {
		time.Sleep(time.Hour)
	}
}

// awaitTerm waits for SIGTERM and exits with the code.
func awaitTerm(code string) error {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM)
	<-asked
	return exit(code)
}

// printBytes prints some number of bytes of numbered lines; each has letters of two and three bytes.
func printBytes(count string) error {
	bytes, err := strconv.Atoi(count)
	for line := 1; bytes > 0 && err == nil; line++ {
		var written int
		written, err = fmt.Printf("line %08d: Größe 42 €, übertragen → ja\n", line)
		bytes -= written
	}
	return err
}

// printLine prints one line of some number of bytes, written in pieces, and the end of a trace below it.
func printLine(count string) error {
	bytes, err := strconv.Atoi(count)
	piece := strings.Repeat("a.", 32*1024)
	for ; bytes > 0 && err == nil; bytes -= len(piece) {
		_, err = os.Stdout.WriteString(piece[:min(len(piece), bytes)])
	}
	if err == nil {
		_, err = fmt.Println()
	}
	return err
}

// printBinary prints the same noise each time: some other noise has a word such as EOF in it, and that is taken for an error.
func printBinary(count string) error {
	bytes, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	noise := make([]byte, bytes)
	if _, err := rand.NewChaCha8([32]byte{}).Read(noise); err != nil {
		return err
	}
	_, err = os.Stdout.Write(noise)
	return err
}

// allocate takes memory until the kernel ends it.
func allocate(string) error {
	var held [][]byte
	for {
		block := make([]byte, 1<<20)
		for i := range block {
			block[i] = 1
		}
		held = append(held, block)
		if len(held) > 1<<14 {
			return fmt.Errorf("16 GiB were not too much")
		}
	}
}

// fill writes FILE:BYTES to a file.
func fill(value string) error {
	file, count, _ := strings.Cut(value, ":")
	bytes, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	return os.WriteFile(file, make([]byte, bytes), 0o644)
}

// environment is what SyncJobs told this worker.
func environment() map[string]string {
	told := map[string]string{}
	for _, pair := range os.Environ() {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "SYNCJOB_") {
			told[name] = value
		}
	}
	return told
}

// toldOf is what arrived of a text that may be too long for a result.
func toldOf(text string) map[string]any {
	told := map[string]any{"bytes": len(text), "sha256": fmt.Sprintf("%x", sha256.Sum256([]byte(text)))}
	if len(text) <= 1024 {
		told["base64"] = base64.StdEncoding.EncodeToString([]byte(text))
	}
	return told
}

// report writes one field of a JSON termination message.
func report(field string, value any) error {
	text, err := json.Marshal(map[string]any{field: value})
	if err != nil {
		return err
	}
	return os.WriteFile(terminationLog, text, 0o644)
}
