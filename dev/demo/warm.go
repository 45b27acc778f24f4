package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

const warmExample = "examples/catalogue/warm/kubernetes.yaml"

// warm runs the same jobs with workers that stay, and compares the times. Here the handler needs no image of its own: the product's
// image has a Java runtime, and a ConfigMap has the compiled handler.
func (c *catalogue) warm(ctx context.Context) error {
	isolated, err := c.median(ctx)
	if err != nil {
		return err
	}
	c.title("The same by workers that stay: two of them, four products at once each. The handler is one file of Java")
	if err := c.openWarm(ctx); err != nil {
		return err
	}
	c.title("The same thirty jobs, for the queue of the warm workers")
	for _, command := range []string{
		"go run -C examples/catalogue . jobs | sed 's/\"queue\": \"shop\"/\"queue\": \"shop-warm\"/' | " + c.k + "apply -f - | tail -n 1",
		c.k + "wait --for=condition=Complete syncjobs --all --timeout=2m | tail -n 1",
		c.k + "get syncjobs | sed -n 1,6p", // head would end the pipe before kubectl has written all
		c.k + "get syncworkerpools",
	} {
		if err := c.show(ctx, c.log, command); err != nil {
			return err
		}
	}
	if err := c.compare(ctx); err != nil {
		return err
	}
	warm, err := c.median(ctx)
	if err != nil {
		return err
	}
	c.title("From its place in the queue to its end half of the jobs took at most: isolated %s, warm %s", seconds(isolated), seconds(warm))
	return nil
}

// openWarm makes the pool, and empties the shop.
func (c *catalogue) openWarm(ctx context.Context) error {
	if _, err := c.ask(ctx, "mkdir -p target/push && $(./mvnw --java-home)/bin/javac -d target/push examples/catalogue/warm/Push.java"); err != nil {
		return err
	}
	java := "[/opt/java/bin/java, -XX:+UseSerialGC, -cp, /push, Push]"
	edits := fmt.Sprintf(`s|image: .*|image: %s\n          command: %s\n          volumeMounts: [{name: push, mountPath: /push}]|; s|^      containers:|      volumes: [{name: push, configMap: {name: push}}]\n&|`, c.t.image, java)
	if _, err := c.ask(ctx, c.k+"create configmap push --from-file=target/push/Push.class --dry-run=client -o yaml | "+c.k+"apply -f -"); err != nil {
		return err
	}
	// The way that the handler comes into the pod belongs to this demonstration only; what is shown is what a person would type.
	fmt.Fprintf(io.MultiWriter(c.out, c.log), "\n$ %s\n", c.t.kubectl+" apply -f "+warmExample)
	if err := c.run(ctx, "sed '"+edits+"' "+warmExample+" | "+c.t.kubectl+" apply -f -", io.MultiWriter(c.out, c.log)); err != nil {
		return err
	}
	for _, command := range []string{
		c.k + "delete syncjobs --all | tail -n 1",
		c.k + "rollout restart deployment/shop",
		c.k + "rollout status deployment/shop --timeout=2m | tail -n 1",
		c.k + "exec deploy/shop -- /catalogue add-category Bathroom",
		c.k + "wait syncworkerpool/push --for=jsonpath='{.status.readyReplicas}'=2 --timeout=2m",
	} {
		if err := c.show(ctx, c.log, command); err != nil {
			return err
		}
	}
	return nil
}

// median is the median time from a job's place to its end, of the jobs that ended at the first attempt.
func (c *catalogue) median(ctx context.Context) (time.Duration, error) {
	out, err := c.ask(ctx, c.k+"get syncjobs -o json")
	if err != nil {
		return 0, err
	}
	var list struct {
		Items []struct {
			Status struct {
				Attempt                    int
				EnqueuedTime, FinishedTime time.Time
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		return 0, err
	}
	var times []time.Duration
	for _, job := range list.Items {
		if job.Status.Attempt == 1 && !job.Status.FinishedTime.IsZero() {
			times = append(times, job.Status.FinishedTime.Sub(job.Status.EnqueuedTime))
		}
	}
	if len(times) == 0 {
		return 0, errors.New("no job was done at its first attempt")
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}

func seconds(d time.Duration) string {
	return strings.TrimSpace(fmt.Sprintf("%6.2f s", d.Seconds()))
}
