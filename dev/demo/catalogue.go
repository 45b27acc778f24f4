package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

const (
	products   = "examples/catalogue/products.json"
	refusedJob = "push-product-ba-4001"
)

// catalogue is the demonstration itself: jobs run, one fails, and a person reads why, repairs it and requeues it.
type catalogue struct {
	*stage
	k   string // kubectl in the example's namespace, as one types it
	t   *target
	log io.Writer
}

func runCatalogue(ctx context.Context, s *stage, t *target) error {
	path := filepath.Join(s.root, logDirectory, "catalogue.log")
	log, err := os.Create(path)
	if err != nil {
		return err
	}
	defer log.Close()
	ctx, cancel := within(ctx, 12*time.Minute)
	defer cancel()
	c := &catalogue{stage: s, t: t, k: t.kubectl + " -n catalogue ", log: log}
	for _, act := range []func(context.Context) error{c.openShop, c.submit, c.watch, c.read, c.repair, c.compare, c.warm} {
		if err := act(ctx); err != nil {
			c.diagnose(log)
			return &failure{"catalogue", path, err}
		}
	}
	return nil
}

func (c *catalogue) title(format string, values ...any) {
	fmt.Fprintln(c.out)
	c.say(format, values...)
}

// openShop empties the shop and deletes the jobs that an earlier run left.
func (c *catalogue) openShop(ctx context.Context) error {
	c.title("A shop opens, and a queue for it: five pushes at once, a pod template of the worker")
	earlier, err := c.ask(ctx, c.k+"get deployment shop --ignore-not-found -o name")
	if err != nil {
		return err
	}
	apply := c.t.kubectl + " apply -f examples/catalogue/kubernetes.yaml"
	if c.t.catalogueImage != defaultCatalogueImage {
		apply = fmt.Sprintf("sed 's|%s|%s|' examples/catalogue/kubernetes.yaml | %s apply -f -", defaultCatalogueImage, c.t.catalogueImage, c.t.kubectl)
	}
	if err := c.show(ctx, c.log, apply); err != nil {
		return err
	}
	if earlier != "" {
		c.title("The jobs and records of an earlier run are removed")
		if err := c.show(ctx, c.log, c.k+"delete syncjobs --all | tail -n 1"); err != nil {
			return err
		}
		if err := c.show(ctx, c.log, c.k+"rollout restart deployment/shop"); err != nil {
			return err
		}
	}
	return c.show(ctx, c.log, c.k+"rollout status deployment/shop --timeout=2m | tail -n 1")
}

func (c *catalogue) submit(ctx context.Context) error {
	c.title("One job for each product of %s", products)
	return c.show(ctx, c.log, "go run -C examples/catalogue . jobs | "+c.k+"apply -f - | tail -n 3")
}

// states maps the name of every job to its state.
func (c *catalogue) states(ctx context.Context) (map[string][]string, error) {
	out, err := c.ask(ctx, c.k+"get syncjobs -o json")
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []struct {
			Metadata struct{ Name string }
			Status   struct{ State string }
		}
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		return nil, err
	}
	states := map[string][]string{}
	for _, job := range list.Items {
		states[job.Status.State] = append(states[job.Status.State], job.Metadata.Name)
	}
	return states, nil
}

// watch shows all jobs once, and then less and less often those that are not Done, until all have ended.
func (c *catalogue) watch(ctx context.Context) error {
	c.title("The jobs at work; a shop that answers 429 makes a job wait and come again")
	const enough = 4 * time.Minute
	begun, shown, snapshots := time.Now(), time.Time{}, 0
	for {
		states, err := c.states(ctx)
		if err != nil {
			return err
		}
		moving := len(states["Pending"]) + len(states["Enqueued"]) + len(states["Started"])
		begins := snapshots == 0 && (len(states["Done"]) > 2 || time.Since(begun) > 5*time.Second)
		again := snapshots > 0 && time.Since(shown) > time.Duration(2+2*snapshots)*time.Second
		if begins || again || moving == 0 {
			command := c.k + "get syncjobs"
			if snapshots > 0 {
				command += " --field-selector status.state!=Done"
			}
			if err := c.show(ctx, c.log, command); err != nil {
				return err
			}
			shown, snapshots = time.Now(), snapshots+1
		}
		if moving == 0 {
			return nil
		}
		if time.Since(begun) > enough {
			return fmt.Errorf("%d of the jobs have not ended within %s", moving, enough)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(700 * time.Millisecond):
		}
	}
}

func (c *catalogue) read(ctx context.Context) error {
	states, err := c.states(ctx)
	if err != nil {
		return err
	}
	if failed := states["Failed"]; len(failed) != 1 || failed[0] != refusedJob {
		return fmt.Errorf("only %s should have failed, but these did: %v", refusedJob, failed)
	}
	c.title("One job failed. It says why, and what to do:")
	return c.show(ctx, c.log, c.k+"describe syncjob "+refusedJob)
}

func (c *catalogue) repair(ctx context.Context) error {
	c.title("The repair: the shop gets the category. Then the job is requeued")
	for _, command := range []string{
		c.k + "exec deploy/shop -- /catalogue add-category Bathroom",
		c.k + "annotate syncjob " + refusedJob + " syncjobs.io/requeue=now",
		c.k + "wait --for=condition=Complete syncjob/" + refusedJob + " --timeout=60s",
		c.k + "get syncjob " + refusedJob,
	} {
		if err := c.show(ctx, c.log, command); err != nil {
			return err
		}
	}
	return nil
}

// compare proves that the jobs worked: it compares the records of the shop with those of the file.
func (c *catalogue) compare(ctx context.Context) error {
	c.title("What the shop has against what the file has")
	data, err := os.ReadFile(filepath.Join(c.root, products))
	if err != nil {
		return err
	}
	var inFile []json.RawMessage
	if err := json.Unmarshal(data, &inFile); err != nil {
		return err
	}
	counting := c.k + "exec deploy/shop -- /catalogue count"
	fmt.Fprintf(io.MultiWriter(c.out, c.log), "\n$ %s\n", counting)
	answer, err := c.ask(ctx, counting)
	if err != nil {
		return err
	}
	fmt.Fprintln(io.MultiWriter(c.out, c.log), answer)
	inShop, err := strconv.Atoi(answer)
	if err != nil {
		return err
	}
	missing := c.show(ctx, c.log, c.k+"exec -i deploy/shop -- /catalogue missing <"+products)
	verdict := fmt.Sprintf("the file has %d products, the shop has %d records", len(inFile), inShop)
	if inShop != len(inFile) || missing != nil {
		return errors.Join(errors.New(verdict), missing)
	}
	c.title("%s", verdict)
	return nil
}

// diagnose adds to the log what a person would look at next. The most telling part comes last, because the end is shown.
func (c *catalogue) diagnose(log io.Writer) {
	ctx, cancel := within(context.Background(), 20*time.Second)
	defer cancel()
	for _, command := range []string{
		c.k + "get pods",
		c.k + "get syncjobs -o wide --field-selector status.state!=Done",
		c.t.kubectl + " -n " + systemNamespace + " logs deployment/syncjobs-operator --tail=7",
		c.k + "get syncqueue shop -o wide",
	} {
		fmt.Fprintf(log, "\n$ %s\n", command)
		_ = c.run(ctx, command, log)
	}
}
