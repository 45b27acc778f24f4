// A small Kubernetes on this machine, for development and tests: real components, in a network namespace of their own.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

const usage = `usage: dev/cluster COMMAND [--name NAME] [...]

  up [--nodes 1|2] [--control-plane]   start a cluster (or finish one that was interrupted); no-op where it runs
  down                                 end it and remove everything that it left on this machine
  stop | start                         end its processes | the same cluster again, from its etcd
  status                               components, addresses, logs; exit code 0 when all of them run
  env                                  shell lines that set PATH and KUBECONFIG:  eval "$(dev/cluster env)"
  kill COMPONENT | revive COMPONENT    end one component at once | start it again: for trouble on purpose
  load IMAGE.tar ...                   import docker archives into every node
  image NAME:TAG OUT.tar BINARY [FILE=/path/in/image ...]
                                       an image from nothing around one static binary
`

type usageError struct{ error }

func main() {
	if os.Getpid() == 1 && filepath.Base(os.Args[0]) == "pause" {
		pause()
	}
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "cluster: "+err.Error())
		if errors.As(err, &usageError{}) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" {
		fmt.Print(usage)
		return nil
	}
	command := args[0]
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(os.Stderr)
	flags.Usage = func() { fmt.Fprint(os.Stderr, usage) }
	name := flags.String("name", "syncjobs", "")
	nodes := flags.Int("nodes", 1, "")
	controlPlane := flags.Bool("control-plane", false, "")
	// Flags may stand before and after other words.
	var words []string
	for rest := args[1:]; len(rest) > 0; {
		if err := flags.Parse(rest); err != nil {
			return usageError{err}
		}
		rest = flags.Args()
		if len(rest) > 0 {
			words, rest = append(words, rest[0]), rest[1:]
		}
	}
	if *nodes != 1 && *nodes != 2 {
		return usageError{fmt.Errorf("--nodes is %d but must be 1 or 2", *nodes)}
	}
	if *controlPlane {
		*nodes = 0
	}
	if command == "image" {
		if len(words) < 3 {
			return usageError{errors.New("image needs NAME:TAG OUT.tar BINARY")}
		}
		return writeImage(words[0], words[1], words[2], words[3:])
	}
	c, err := newCluster(*name)
	if err != nil {
		return usageError{err}
	}
	if command == "kill" || command == "revive" {
		if len(words) != 1 {
			return usageError{fmt.Errorf("%s takes one component, see dev/cluster status", command)}
		}
		return c.locked(func() error {
			if command == "kill" {
				return c.killOne(words[0])
			}
			return c.revive(words[0])
		})
	}
	if command != "load" && len(words) > 0 {
		return usageError{fmt.Errorf("%s takes no %q", command, strings.Join(words, " "))}
	}
	switch command {
	case "up":
		return c.up(*nodes)
	case "down":
		return c.locked(c.down)
	case "stop":
		return c.locked(c.stop)
	case "start":
		return c.locked(c.start)
	case "status":
		return c.status()
	case "env":
		return c.env()
	case "load":
		return c.load(words)
	}
	return usageError{fmt.Errorf("there is no command %q; see dev/cluster help", command)}
}
