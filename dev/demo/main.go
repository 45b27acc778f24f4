// The quickstart: from sources to synchronised records on a real Kubernetes, in one command.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

const usage = `usage: dev/quickstart [--name NAME]
       dev/quickstart --context CONTEXT --image REPO:TAG --catalogue-image REPO:TAG

Builds SyncJobs, starts a Kubernetes on this machine (dev/cluster up --name NAME, by default syncjobs), installs the chart
and runs examples/catalogue. The cluster stays up; running it again does it all again.

  --context CONTEXT            use this context of your own kubeconfig instead; kubectl and helm must be on PATH. Only the
                               namespaces syncjobs-system and catalogue are made, and only used when they were made by this.
  --image REPO:TAG             the product's image, where that cluster can pull it (target/image.tar)
  --catalogue-image REPO:TAG   the example's image, likewise (examples/catalogue/README.md says how it is made)
`

type options struct {
	name, context, image, catalogueImage string
}

func main() {
	opts, err := parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		fmt.Print(usage)
		return
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "quickstart: %v\n%s", err, usage)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := quickstart(ctx, opts); err != nil {
		fmt.Fprintln(os.Stderr, "\n"+explain(err))
		os.Exit(1)
	}
}

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	flags.Usage = func() {}
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.name, "name", "syncjobs", "")
	flags.StringVar(&o.context, "context", "", "")
	flags.StringVar(&o.image, "image", "", "")
	flags.StringVar(&o.catalogueImage, "catalogue-image", "", "")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood", flags.Arg(0))
	}
	own := o.context != ""
	if own != (o.image != "") || own != (o.catalogueImage != "") {
		return o, errors.New("--context, --image and --catalogue-image go together: a cluster of yours must be able to pull both images")
	}
	return o, nil
}

func quickstart(ctx context.Context, opts options) error {
	root, err := filepath.Abs("../..")
	if err != nil {
		return err
	}
	s, err := newStage(root)
	if err != nil {
		return err
	}
	var t *target
	if opts.context != "" {
		t, err = userCluster(ctx, s, opts)
	} else {
		t, err = localCluster(ctx, s, opts.name)
	}
	if err != nil {
		return err
	}
	if err := t.install(ctx, s); err != nil {
		return err
	}
	if err := runCatalogue(ctx, s, t); err != nil {
		return err
	}
	t.farewell(s)
	return nil
}
