package main

import (
	"context"
	"io"
	"net/http"
	"os/signal"
	"syscall"
	"time"
)

// serve is the handler of the workers that are measured: it does nothing, or takes half a second for it.
func serve() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	server := &http.Server{Addr: ":8080", Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if r.Header.Get("SyncJob-Action") == "half" {
			time.Sleep(500 * time.Millisecond)
		}
		w.WriteHeader(http.StatusNoContent)
	})}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); err != nil && err != http.ErrServerClosed {
		panic(err)
	}
}
