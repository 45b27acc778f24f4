package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const setns = 308 // the system call's number on linux/amd64; the standard library has no name for it

// launch starts a component in the cluster's network namespace; it outlives this program.
func (c *cluster) launch(component, binary string, args ...string) error {
	if err := os.WriteFile(c.path("commands", component), []byte(strings.Join(append([]string{binary}, args...), "\n")), 0o644); err != nil {
		return err
	}
	out, err := os.OpenFile(c.log(component), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(binary, args...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.Dir = c.dir
	// Processor is scarcer on a developer's machine than memory: half as many garbage collections.
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=" + c.dir, "GOMAXPROCS=" + strconv.Itoa(runtime.NumCPU()), "GOGC=200"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := c.inNamespace(cmd.Start); err != nil {
		return fmt.Errorf("starting %s: %w", component, err)
	}
	stat, err := startTime(cmd.Process.Pid)
	if err != nil {
		return c.failure(component, fmt.Errorf("%s ended at once", component))
	}
	go cmd.Wait()
	line := fmt.Sprintf("%d %s %s\n", cmd.Process.Pid, stat, component)
	pids, err := os.OpenFile(c.path("pids"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer pids.Close()
	_, err = pids.WriteString(line)
	return err
}

// inNamespace runs f on a thread that is in the cluster's network namespace; children inherit it.
func (c *cluster) inNamespace(f func() error) error {
	runtime.LockOSThread() // never unlocked: the thread ends with its goroutine, namespace and all
	done := make(chan error)
	go func() {
		runtime.LockOSThread()
		file, err := os.Open("/run/netns/" + c.netns())
		if err == nil {
			defer file.Close()
			if _, _, errno := syscall.RawSyscall(setns, file.Fd(), syscall.CLONE_NEWNET, 0); errno != 0 {
				err = errno
			} else {
				err = f()
			}
		}
		done <- err
	}()
	err := <-done
	runtime.UnlockOSThread()
	return err
}

type process struct {
	pid       int
	start     string
	component string
}

func (p process) alive() bool {
	start, err := startTime(p.pid)
	return err == nil && start == p.start
}

// killOne ends one component, and nothing starts it again but revive.
func (c *cluster) killOne(component string) error {
	for _, p := range c.processes() {
		if p.component == component && p.alive() {
			return syscall.Kill(p.pid, syscall.SIGKILL)
		}
	}
	return fmt.Errorf("no component %q runs; dev/cluster status names those that do", component)
}

// revive starts a component again that has ended, by the command that started it first.
func (c *cluster) revive(component string) error {
	command, err := os.ReadFile(c.path("commands", component))
	if err != nil {
		return fmt.Errorf("no component %q was ever started; dev/cluster status names them", component)
	}
	var others strings.Builder
	for _, p := range c.processes() {
		if p.component != component {
			fmt.Fprintf(&others, "%d %s %s\n", p.pid, p.start, p.component)
		} else if p.alive() {
			return fmt.Errorf("%s runs; kill it first", component)
		}
	}
	if err := os.WriteFile(c.path("pids"), []byte(others.String()), 0o644); err != nil {
		return err
	}
	words := strings.Split(string(command), "\n")
	return c.launch(component, words[0], words[1:]...)
}

// processes are those that the pid file names and that have not been replaced by others with the same number.
func (c *cluster) processes() []process {
	data, _ := os.ReadFile(c.path("pids"))
	var found []process
	for _, line := range strings.Split(string(data), "\n") {
		if f := strings.Fields(line); len(f) == 3 {
			pid, _ := strconv.Atoi(f[0])
			found = append(found, process{pid, f[1], f[2]})
		}
	}
	return found
}

// startTime is field 22 of /proc/PID/stat: with the pid it names a process for good. A zombie counts as gone.
func startTime(pid int) (string, error) {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return "", os.ErrNotExist
	}
	return fields[19], nil
}

// kill ends every process of the cluster: its components, then what containerd left, found by the cluster's folder in
// their arguments or by the cluster's network and cgroups.
func (c *cluster) kill() error {
	for _, p := range c.processes() {
		if p.alive() {
			syscall.Kill(p.pid, syscall.SIGKILL)
		}
	}
	deadline := time.Now().Add(30 * time.Second)
	for {
		left := c.stragglers()
		if len(left) == 0 {
			os.Remove(c.path("pids"))
			return nil
		}
		for _, pid := range left {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("processes %v do not end", left)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// stragglers are shims (they name the cluster's folder) and everything in the cluster's cgroups.
func (c *cluster) stragglers() []int {
	found := map[int]bool{}
	entries, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, entry := range entries {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(entry)))
		cmdline, err := os.ReadFile(entry)
		if err != nil || pid == os.Getpid() {
			continue
		}
		arguments := strings.Split(string(cmdline), "\x00")
		shim := strings.HasPrefix(filepath.Base(arguments[0]), "containerd-shim") && bytes.Contains(cmdline, []byte(c.dir+"/"))
		if shim {
			found[pid] = true
		}
	}
	for _, dir := range c.cgroupDirs() {
		data, _ := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
		for _, field := range strings.Fields(string(data)) {
			if pid, err := strconv.Atoi(field); err == nil && pid > 0 {
				found[pid] = true
			}
		}
	}
	for _, p := range c.processes() {
		if p.alive() {
			found[p.pid] = true
		}
	}
	var pids []int
	for pid := range found {
		if _, err := startTime(pid); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// failure adds the end of a component's log to an error.
func (c *cluster) failure(component string, err error) error {
	data, _ := os.ReadFile(c.log(component))
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) > 8 {
		lines = lines[len(lines)-8:]
	}
	return fmt.Errorf("%w\n  the end of %s:\n    %s", err, c.log(component), strings.Join(lines, "\n    "))
}

// await asks until ready answers nil, the component ends, or the time is over.
func (c *cluster) await(step, component string, limit time.Duration, ready func() error) error {
	deadline := time.Now().Add(limit)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		for _, p := range c.processes() {
			if p.component == component && !p.alive() {
				return c.failure(component, fmt.Errorf("%s: %s has ended", step, component))
			}
		}
		if time.Now().After(deadline) {
			return c.failure(component, fmt.Errorf("%s: not there after %s: %w", step, limit, err))
		}
		time.Sleep(50 * time.Millisecond)
	}
}
