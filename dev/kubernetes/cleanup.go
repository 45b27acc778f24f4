package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"syscall"
	"time"
)

// stop ends every process and takes back what they made on the machine; the cluster's folder stays.
func (c *cluster) stop() error {
	// containerd's shims listen under /run/containerd whatever its configuration says; each bundle names its socket.
	bundles, _ := filepath.Glob(c.path("node*", "run", "io.containerd.runtime.v2.task", "*", "*", "address"))
	if err := c.kill(); err != nil {
		return err
	}
	for _, bundle := range bundles {
		if address, err := os.ReadFile(bundle); err == nil {
			os.Remove(strings.TrimPrefix(string(address), "unix://"))
		}
	}
	c.removeLogLinks()
	return errors.Join(c.unmount(), c.removeCgroups(), c.networkDown())
}

// removeLogLinks removes the kubelet's links to container logs, which it makes in one place for the whole machine.
func (c *cluster) removeLogLinks() {
	links, _ := filepath.Glob("/var/log/containers/*")
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, c.dir+"/") {
			os.Remove(link)
		}
	}
}

// down is stop, and the folder goes too.
func (c *cluster) down() error {
	if err := c.stop(); err != nil {
		return err
	}
	if err := os.RemoveAll(c.dir); err != nil {
		return err
	}
	return os.Remove(c.dir + ".lock")
}

// unmount takes away what is mounted below the cluster's folder, the deepest first.
func (c *cluster) unmount() error {
	file, err := os.Open("/proc/self/mountinfo")
	if err != nil {
		return err
	}
	defer file.Close()
	var points []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if f := strings.Fields(lines.Text()); len(f) > 4 && strings.HasPrefix(f[4], c.dir+"/") {
			points = append(points, strings.NewReplacer(`\040`, " ", `\134`, `\`).Replace(f[4]))
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(points)))
	var failed error
	for _, point := range points {
		if err := syscall.Unmount(point, syscall.MNT_DETACH); err != nil && !errors.Is(err, syscall.EINVAL) {
			failed = errors.Join(failed, fmt.Errorf("unmount %s: %w", point, err))
		}
	}
	return failed
}

func (c *cluster) cgroup(n int) string { return fmt.Sprintf("syncjobs-%s-%d", c.name, n) }

// hierarchies are the cgroup mounts of this machine: several with v1, one with v2.
func hierarchies() (dirs []string, v2 bool) {
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		return []string{"/sys/fs/cgroup"}, true
	}
	all, _ := filepath.Glob("/sys/fs/cgroup/*/cgroup.procs")
	for _, file := range all {
		dirs = append(dirs, filepath.Dir(file))
	}
	return dirs, false
}

// makeCgroups makes a node's own root in every hierarchy: two kubelets with the same one would kill each other's pods.
func (c *cluster) makeCgroups(n int) error {
	dirs, v2 := hierarchies()
	if v2 { // untried: no machine with cgroup v2 was at hand
		if err := os.WriteFile("/sys/fs/cgroup/cgroup.subtree_control", []byte("+cpu +cpuset +memory +pids"), 0o644); err != nil {
			return err
		}
		dir := filepath.Join(dirs[0], c.cgroup(n))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "cgroup.subtree_control"), []byte("+cpu +cpuset +memory +pids"), 0o644)
	}
	for _, hierarchy := range dirs {
		dir := filepath.Join(hierarchy, c.cgroup(n))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
			if value, err := os.ReadFile(filepath.Join(hierarchy, file)); err == nil {
				if err := os.WriteFile(filepath.Join(dir, file), value, 0o644); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// cgroupDirs are all cgroups of the cluster, parents first.
func (c *cluster) cgroupDirs() []string {
	var dirs []string
	roots, _ := hierarchies()
	for _, root := range roots {
		for n := 1; n <= 2; n++ {
			filepath.WalkDir(filepath.Join(root, c.cgroup(n)), func(path string, entry os.DirEntry, err error) error {
				if err == nil && entry.IsDir() {
					dirs = append(dirs, path)
				}
				return nil
			})
		}
	}
	return dirs
}

// removeCgroups waits for processes that have been killed but whose end the kernel has not finished yet.
func (c *cluster) removeCgroups() error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		dirs := c.cgroupDirs()
		var failed error
		for i := len(dirs) - 1; i >= 0; i-- {
			if err := os.Remove(dirs[i]); err != nil {
				failed = errors.Join(failed, err)
			}
		}
		if failed == nil || time.Now().After(deadline) {
			return failed
		}
		time.Sleep(50 * time.Millisecond)
	}
}
