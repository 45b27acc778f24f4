package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// kinds of processes of the cluster, by what stands in their command line.
var kinds = []struct{ name, mark string }{
	{"API server", "kube-apiserver"}, {"etcd", "etcd\x00--data-dir"}, {"kubelet", "kubelet\x00"},
	{"operator", "\x00operator"}, {"agent", "\x00agent"}, {"handler", "bench\x00handler"},
	{"controller manager", "kube-controller-manager"},
}

// load is what processes of one kind have used: seconds of processor since they began, and bytes of memory now.
type load struct {
	cpu   float64
	rss   float64
	count int
}

// loads reads /proc: the cluster runs on this machine, and its processes carry its name in their cgroup.
func loads() map[string]load {
	found := map[string]load{}
	for _, kind := range kinds {
		one := found[kind.name]
		for _, each := range processes(kind.name) {
			one.cpu += processor(string(each))
			one.rss += memory(string(each))
			one.count++
		}
		found[kind.name] = one
	}
	return found
}

// process is its folder in /proc.
type process string

func processes(kind string) (found []process) {
	cluster := os.Getenv("BENCH_CLUSTER")
	folders, _ := filepath.Glob("/proc/[0-9]*")
	for _, folder := range folders {
		command, err := os.ReadFile(folder + "/cmdline")
		if err == nil && len(command) > 0 && kindOf(command) == kind && belongs(folder, cluster, command) {
			found = append(found, process(folder))
		}
	}
	return
}

// variable of its environment; empty where it has none of that name.
func (p process) variable(name string) string {
	environment, _ := os.ReadFile(string(p) + "/environ")
	for _, one := range strings.Split(string(environment), "\x00") {
		if value, found := strings.CutPrefix(one, name+"="); found {
			return value
		}
	}
	return ""
}

// begun is when it was started, to a hundredth of a second.
func (p process) begun() time.Time {
	stat, _ := os.ReadFile(string(p) + "/stat")
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	ticks, _ := strconv.ParseFloat(fields[19], 64)
	uptime, _ := os.ReadFile("/proc/uptime")
	up, _ := strconv.ParseFloat(strings.Fields(string(uptime))[0], 64)
	return time.Now().Add(-time.Duration((up - ticks/100) * float64(time.Second)))
}

func kindOf(command []byte) string {
	for _, kind := range kinds {
		if bytes.Contains(command, []byte(kind.mark)) {
			return kind.name
		}
	}
	return ""
}

func belongs(folder, cluster string, command []byte) bool {
	cgroup, _ := os.ReadFile(folder + "/cgroup")
	return bytes.Contains(cgroup, []byte(cluster)) || bytes.Contains(command, []byte(cluster))
}

func processor(folder string) float64 {
	stat, err := os.ReadFile(folder + "/stat")
	if err != nil {
		return 0
	}
	// The name in brackets may hold spaces.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / 100
}

func memory(folder string) float64 {
	status, _ := os.ReadFile(folder + "/status")
	for _, line := range strings.Split(string(status), "\n") {
		if rest, found := strings.CutPrefix(line, "VmRSS:"); found {
			kib, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib * 1024
		}
	}
	return 0
}

// meter measures what each kind of process uses while something happens.
type meter struct {
	begun  time.Time
	before map[string]load
}

func start() meter { return meter{time.Now(), loads()} }

// cores tells how much of a core a kind has used since the start.
func (m meter) cores(kind string) float64 {
	return (loads()[kind].cpu - m.before[kind].cpu) / time.Since(m.begun).Seconds()
}

func (m meter) all(found *figures, what string) {
	now := loads()
	for _, kind := range kinds {
		if now[kind.name].count == 0 {
			continue
		}
		found.tell(fmt.Sprintf("processor of %s, %s", kind.name, what), m.cores(kind.name), "cores")
	}
}

// idle is the use of a kind of process over a while in which nothing is asked of it, in percent of a core.
func (b *bench) idle(kind string, settle, while time.Duration) float64 {
	time.Sleep(settle)
	m := start()
	time.Sleep(while)
	return 100 * m.cores(kind)
}
