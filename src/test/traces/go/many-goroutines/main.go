package main

import (
	"runtime/debug"
	"sync"
	"time"
)

func main() {
	debug.SetTraceback("all")
	var wait sync.WaitGroup
	for i := 0; i < 40; i++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			time.Sleep(time.Hour)
		}()
	}
	time.Sleep(50 * time.Millisecond)
	var orders []int
	_ = orders[len(orders)+3]
}
