// The benchmark: what this machine's API server can do at all, and which share of it SyncJobs makes of it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const usage = `usage: dev/bench [--quick] [--waiting N,...] [--out FOLDER] [PART...]
       dev/bench JOBS ROUNDS            isolated jobs against bare pods alone
       dev/bench micro                  what an event, a plan and a waiting job cost, without a cluster (target/bench/micro.json)

Starts a Kubernetes of its own on this machine, measures, and ends it. Figures are printed, and kept in FOLDER (target/bench) as
bench.json, table.md and charts.

  PART      raw         creates and status writes of SyncJobs by the API server alone, before the chart is installed
            isolated    isolated jobs against bare pods of the same image
            warm        throughput by backlog, latency when idle, use of slots, writes for each job
            backlog     the operator beside 0 to 100,000 waiting jobs: processor, memory, isolated rate, restart
            restart     the first job after a restart with 10,000 waiting and 10,000 finished jobs, and how fast retention deletes
            Without a part: all of them.
  --quick   a tenth of the objects: to see whether it works, not for figures
  --waiting N,...   sizes of the backlog, smallest first (backlog: 0,5000,20000,40000,100000, and 20,000 jobs in 1,000 queues;
                    warm: 200,1000,10000,50000)
`

var parts = []string{"raw", "isolated", "warm", "restart", "backlog"}

type bench struct {
	ctx    context.Context
	api    *api
	audit  string // the API server's audit log
	quick  bool
	found  *figures
	system string // namespace of the product
	jobs   int    // isolated ones in each round
	rounds int

	waiting []int // sizes of the backlog; empty for those of the table
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "handler" {
		serve()
		return
	}
	if len(os.Args) > 1 && os.Args[1] == "nothing" { // what an isolated job does
		return
	}
	b := &bench{jobs: 100, rounds: 2, found: newFigures(), system: "syncjobs-system", audit: os.Getenv("BENCH_AUDIT")}
	chosen, out, err := b.parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n%s", err, usage)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.measure(ctx, chosen, out); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

func (b *bench) parse(args []string) (chosen []string, out string, err error) {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	flags.BoolVar(&b.quick, "quick", false, "")
	flags.Func("waiting", "", func(text string) error {
		for _, size := range strings.Split(text, ",") {
			n, err := strconv.Atoi(size)
			if err != nil {
				return err
			}
			b.waiting = append(b.waiting, n)
		}
		return nil
	})
	flags.StringVar(&out, "out", "target/bench", "")
	if err = flags.Parse(args); err != nil {
		return
	}
	chosen = flags.Args()
	if jobs, no := strconv.Atoi(flags.Arg(0)); no == nil && len(chosen) <= 2 {
		b.jobs = jobs
		if len(chosen) == 2 {
			if b.rounds, err = strconv.Atoi(chosen[1]); err != nil {
				return chosen, out, fmt.Errorf("ROUNDS %q is no number", chosen[1])
			}
		}
		return []string{"isolated"}, out, nil
	}
	if len(chosen) == 0 {
		chosen = parts
	}
	for _, part := range chosen {
		if !slices.Contains(parts, part) {
			return nil, out, fmt.Errorf("there is no part %q", part)
		}
	}
	return
}

func (b *bench) measure(ctx context.Context, chosen []string, out string) error {
	api, err := connect(ctx)
	if err != nil {
		return err
	}
	b.ctx, b.api = ctx, api
	steps := map[string]func() error{"raw": b.raw, "isolated": b.isolated, "warm": b.warm, "restart": b.restart, "backlog": b.backlog}
	installed := false
	for _, part := range parts {
		if !slices.Contains(chosen, part) {
			continue
		}
		if part != "raw" && !installed {
			if err := b.install(); err != nil {
				return err
			}
			installed = true
		}
		begun := time.Now()
		fmt.Printf("bench: %s\n", part)
		err := steps[part]()
		if err == nil {
			err = b.found.write(out)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
		fmt.Printf("bench: %s took %.0f s\n", part, time.Since(begun).Seconds())
	}
	return nil
}

// some is n, or a tenth of it where it only has to be seen to work.
func (b *bench) some(n int) int {
	if b.quick {
		return (n + 9) / 10
	}
	return n
}
