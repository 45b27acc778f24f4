// A worker that fails in the way that its argument names.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"

	pkgerrors "github.com/pkg/errors"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"k8s.io/klog/v2"
)

type ShopError struct {
	Status int
	Text   string
}

func (e *ShopError) Error() string { return fmt.Sprintf("the shop answered %d: %s", e.Status, e.Text) }

func export(order int) error {
	if order == 7 {
		return &ShopError{422, "price must not be empty"}
	}
	_, err := http.Post("http://127.0.0.1:9/orders", "application/json", strings.NewReader("{}"))
	return fmt.Errorf("order %d was not exported: %w", order, err)
}

func command(silent bool) *cobra.Command {
	root := &cobra.Command{Use: "sync", SilenceUsage: silent}
	push := &cobra.Command{Use: "push", Short: "push one order", RunE: func(*cobra.Command, []string) error { return export(5120) }}
	push.Flags().Int("order", 0, "the order to push")
	root.AddCommand(push)
	return root
}

var ways = map[string]func(){
	"panic-error":  func() { panic(export(7)) },
	"panic-struct": func() { panic(ShopError{422, "price must not be empty"}) },
	"panic-wrapped": func() {
		panic(fmt.Errorf("sync: %w", errors.Join(export(7), errors.New("logout refused"))))
	},
	"panic-in-panic": func() {
		defer func() { panic("logout refused") }()
		panic(export(7))
	},
	"panic-again": func() {
		defer func() {
			if r := recover(); r != nil {
				log.Printf("giving up: %v", r)
				panic(r)
			}
		}()
		var stock map[string]int
		stock["LA-4"] = 3
	},
	"nil-pointer": func() {
		var e *ShopError
		fmt.Println(e.Status)
	},
	"nil-goroutine": func() {
		done := make(chan int)
		go func() {
			var rows []int
			done <- rows[12]
		}()
		<-done
	},
	"concurrent-map": func() {
		stock := map[int]int{}
		var all sync.WaitGroup
		for i := 0; i < 2; i++ {
			all.Add(1)
			go func() {
				for n := 0; n < 10_000_000; n++ {
					stock[n%100] = n
				}
				all.Done()
			}()
		}
		all.Wait()
	},
	"overflow": func() {
		var price func(int) int
		price = func(level int) int { return price(level+1) + 1 }
		price(0)
	},
	"log-fatal": func() {
		log.SetFlags(log.LstdFlags | log.Lshortfile)
		log.SetPrefix("sync: ")
		log.Fatalf("push failed: %v", export(5120))
	},
	"log-panic": func() { log.Panicln("push failed:", export(7)) },
	"println": func() {
		fmt.Println("exporting order 5120")
		fmt.Fprintln(os.Stderr, "Error:", export(5120))
		os.Exit(1)
	},
	"pkg-errors": func() {
		fmt.Fprintf(os.Stderr, "%+v\n", pkgerrors.Wrap(export(7), "order 7 was not exported"))
		os.Exit(1)
	},
	"cobra": func() {
		root := command(true)
		root.SetArgs([]string{"push"})
		if root.Execute() != nil {
			os.Exit(1)
		}
	},
	"cobra-usage": func() {
		root := command(false)
		root.SetArgs([]string{"push", "--ordr", "5120"})
		if root.Execute() != nil {
			os.Exit(1)
		}
	},
	"cobra-unknown": func() {
		root := command(false)
		root.SetArgs([]string{"psh"})
		if root.Execute() != nil {
			os.Exit(1)
		}
	},
	"zap": func() {
		l, _ := zap.NewProduction()
		l.Info("exporting", zap.Int("order", 5120))
		l.Fatal("push failed", zap.Int("order", 5120), zap.Error(export(5120)))
	},
	"zap-development": func() {
		l, _ := zap.NewDevelopment()
		l.Info("exporting", zap.Int("order", 5120))
		l.Error("push failed", zap.Int("order", 5120), zap.Error(export(5120)))
		l.Info("closing", zap.Int("connections", 4))
		os.Exit(1)
	},
	"zerolog": func() {
		l := zerolog.New(os.Stderr).With().Timestamp().Logger()
		l.Info().Int("order", 5120).Msg("exporting")
		l.Fatal().Err(export(5120)).Int("order", 5120).Msg("push failed")
	},
	"zerolog-console": func() {
		l := zerolog.New(zerolog.ConsoleWriter{Out: os.Stderr}).With().Timestamp().Logger()
		l.Info().Int("order", 5120).Msg("exporting")
		l.Error().Err(export(5120)).Int("order", 5120).Msg("push failed")
		l.Info().Int("connections", 4).Msg("closing")
		os.Exit(1)
	},
	"slog-json": func() {
		l := slog.New(slog.NewJSONHandler(os.Stdout, nil))
		l.Info("exporting", "order", 5120)
		l.Error("push failed", "order", 5120, "err", export(5120))
		l.Info("closing", "connections", 4)
		os.Exit(1)
	},
	"slog-text": func() {
		l := slog.New(slog.NewTextHandler(os.Stdout, nil))
		l.Info("exporting", "order", 5120)
		l.Error("push failed", "order", 5120, "err", export(5120))
		l.Info("closing", "connections", 4)
		os.Exit(1)
	},
	"logrus": func() {
		logrus.WithField("order", 5120).Info("exporting")
		logrus.WithField("order", 5120).WithError(export(5120)).Fatal("push failed")
	},
	"logrus-json": func() {
		logrus.SetFormatter(&logrus.JSONFormatter{})
		logrus.WithField("order", 5120).Info("exporting")
		logrus.WithField("order", 5120).WithError(export(5120)).Fatal("push failed")
	},
	"klog": func() {
		klog.InfoS("exporting", "order", 5120)
		klog.ErrorS(export(5120), "push failed", "order", 5120)
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	},
	"klog-fatal": func() { klog.Fatalf("push failed: %v", export(7)) },
	"json-body": func() {
		var answer struct{ Price int }
		log.Fatal(json.NewDecoder(strings.NewReader(`{"price":"twelve"}`)).Decode(&answer))
	},
	"cancelled": func() {
		ctx, stop := context.WithTimeout(context.Background(), 0)
		defer stop()
		<-ctx.Done()
		log.Fatal("push failed: ", ctx.Err())
	},
}

func main() {
	fmt.Println("order-sync 3.1 begins")
	ways[os.Args[1]]()
}
