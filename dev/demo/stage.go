package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stage prints what a person sees: lines with the elapsed time. It writes a log file for each step.
type stage struct {
	root  string // of the repository; commands run there, so that they are what one would type
	env   []string
	begun time.Time
	out   io.Writer
	mu    sync.Mutex
	beat  time.Duration
}

const logDirectory = "target/quickstart"

// shownLines is how many lines of the log of a failed step are shown.
const shownLines = 25

func newStage(root string) (*stage, error) {
	if err := os.MkdirAll(filepath.Join(root, logDirectory), 0o755); err != nil {
		return nil, err
	}
	return &stage{root: root, env: os.Environ(), begun: time.Now(), out: os.Stdout, beat: 30 * time.Second}, nil
}

// say prints one line with the time since the beginning.
func (s *stage) say(format string, values ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	elapsed := int(time.Since(s.begun).Seconds())
	fmt.Fprintf(s.out, "[%2d:%02d] %s\n", elapsed/60, elapsed%60, fmt.Sprintf(format, values...))
}

// failure is a step that failed, with the path of its log.
type failure struct {
	step, log string
	err       error
}

func (f *failure) Error() string { return f.step + ": " + f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// explain says which step failed, why, and where to read more.
func explain(err error) string {
	var f *failure
	if !errors.As(err, &f) {
		return "quickstart: " + err.Error()
	}
	if errors.Is(f.err, context.Canceled) {
		return fmt.Sprintf("quickstart: interrupted during %q; the log is %s", f.step, f.log)
	}
	text := fmt.Sprintf("quickstart: the step %q failed: %v\nquickstart: from its log, %s:\n", f.step, f.err, f.log)
	for _, line := range telling(lastLines(f.log, 1000)) {
		text += "    " + line + "\n"
	}
	return strings.TrimSuffix(text, "\n")
}

// telling is the part of a log that says why: the end of it. Maven is different: it ends with advice and begins with the reason.
func telling(lines []string) []string {
	var errors []string
	for _, line := range lines {
		if text, found := strings.CutPrefix(line, "[ERROR]"); found && strings.TrimSpace(text) != "" {
			errors = append(errors, line)
		}
	}
	if len(errors) > 0 {
		return errors[:min(shownLines, len(errors))]
	}
	return lines[max(0, len(lines)-shownLines):]
}

// step runs a command without showing its output. It prints a line at the beginning, at the end, and now and then in between.
func (s *stage) step(ctx context.Context, name, command string) error {
	log := filepath.Join(s.root, logDirectory, strings.ReplaceAll(name, " ", "-")+".log")
	file, err := os.Create(log)
	if err != nil {
		return err
	}
	defer file.Close()
	s.say("%s: $ %s", name, command)
	begun := time.Now()
	finished := make(chan error, 1)
	go func() { finished <- s.run(ctx, command, file) }()
	ticker := time.NewTicker(s.beat)
	defer ticker.Stop()
	for {
		select {
		case err := <-finished:
			took := time.Since(begun).Round(time.Second)
			if err != nil {
				return &failure{name, log, err}
			}
			s.say("%s: done in %s", name, took)
			return nil
		case <-ticker.C:
			s.say("%s: %s so far: %s", name, time.Since(begun).Round(time.Second), strings.Join(lastLines(log, 1), ""))
		}
	}
}

// show prints a command as a person would type it, and its output. Both go into the log too.
func (s *stage) show(ctx context.Context, log io.Writer, command string) error {
	both := io.MultiWriter(s.out, log)
	fmt.Fprintf(both, "\n$ %s\n", command)
	if err := s.run(ctx, command, both); err != nil {
		return fmt.Errorf("%s: %w", command, err)
	}
	return nil
}

// ask returns the standard output of a command that nobody needs to see.
func (s *stage) ask(ctx context.Context, command string) (string, error) {
	var out, errs bytes.Buffer
	cmd := s.command(ctx, command)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s: %w: %s", command, cause(ctx, err), strings.TrimSpace(errs.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

func (s *stage) run(ctx context.Context, command string, out io.Writer) error {
	cmd := s.command(ctx, command)
	cmd.Stdout, cmd.Stderr = out, out
	return cause(ctx, cmd.Run())
}

func (s *stage) command(ctx context.Context, command string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "bash", "-o", "pipefail", "-c", command)
	cmd.Dir, cmd.Env = s.root, s.env
	// A group of its own, so that an interruption ends the children too (Maven, the Go compiler).
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	return cmd
}

// cause prefers "it took too long" or "it was interrupted" over "the process was killed".
func cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// within limits the time of an action; the error says so if the time is over.
func within(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, limit, fmt.Errorf("it took longer than %s", limit))
}

// atOnce does several things at the same time. The first one that fails ends the others, and its error is returned.
func atOnce(ctx context.Context, works ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make(chan error, len(works))
	for _, work := range works {
		go func() { results <- work(ctx) }()
	}
	var first error
	for range works {
		if err := <-results; err != nil && first == nil {
			first = err
			cancel()
		}
	}
	return first
}

func lastLines(file string, n int) []string {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	return lines[max(0, len(lines)-n):]
}
