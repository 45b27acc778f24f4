package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// progress says on standard error what is being done.
func progress(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "cluster: "+format+"\n", values...)
}

func (c *cluster) up(nodes int) error {
	return c.locked(func() error {
		if c.cfg.Subnet != 0 && c.healthy() == nil {
			if c.cfg.Nodes != nodes {
				return fmt.Errorf("cluster %s runs with %d nodes; dev/cluster down first to change that", c.name, c.cfg.Nodes)
			}
			progress("%s is up already", c.name)
			return nil
		}
		if err := requirePackages(nodes > 0); err != nil {
			return err
		}
		if c.cfg.Subnet != 0 {
			progress("%s is not whole: cleaning up what is left of it", c.name)
			if err := c.stop(); err != nil {
				return err
			}
			if _, err := os.Stat(c.path("made")); err == nil && c.cfg.Nodes == nodes {
				return c.begin()
			}
			if err := os.RemoveAll(c.dir); err != nil {
				return err
			}
		}
		return c.make(nodes)
	})
}

// make lays out a new cluster and begins it.
func (c *cluster) make(nodes int) error {
	for _, dir := range []string{"logs", "pki", "kubeconfig", "etcd", "manifests", "commands"} {
		if err := os.MkdirAll(c.path(dir), 0o755); err != nil {
			return err
		}
	}
	if err := c.claimSubnet(nodes); err != nil {
		return err
	}
	if err := c.makeCertificates(); err != nil {
		return err
	}
	if err := os.WriteFile(c.path("audit.yaml"), []byte(auditPolicy), 0o644); err != nil {
		return err
	}
	if err := c.begin(); err != nil {
		return err
	}
	return os.WriteFile(c.path("made"), nil, 0o644)
}

func (c *cluster) start() error {
	if c.cfg.Subnet == 0 {
		return fmt.Errorf("there is no cluster %s; dev/cluster up makes one", c.name)
	}
	if c.healthy() == nil {
		progress("%s is up already", c.name)
		return nil
	}
	if err := c.stop(); err != nil {
		return err
	}
	return c.begin()
}

// begin starts all processes of a cluster that is laid out and waits until it works.
func (c *cluster) begin() error {
	begun := time.Now()
	if err := c.networkUp(); err != nil {
		return err
	}
	if err := c.startControlPlane(); err != nil {
		return err
	}
	progress("API server is ready (%s)", time.Since(begun).Round(100*time.Millisecond))
	for n := 1; n <= c.cfg.Nodes; n++ {
		if err := c.startNode(n); err != nil {
			return err
		}
	}
	if c.cfg.Nodes > 0 {
		if err := c.startServices(); err != nil {
			return err
		}
		for n := 1; n <= c.cfg.Nodes; n++ {
			name := c.nodeName(n)
			err := c.await("node "+name+" becomes ready", fmt.Sprintf("kubelet-%d", n), time.Minute, func() error {
				return c.kubectl("wait", "--for=condition=Ready", "node/"+name, "--timeout=1s")
			})
			if err != nil {
				return err
			}
		}
	}
	progress("%s is up, nodes: %d (%s)", c.name, c.cfg.Nodes, time.Since(begun).Round(100*time.Millisecond))
	return nil
}

func (c *cluster) kubectl(args ...string) error {
	return command(filepath.Join(c.bin, "kubectl"), append([]string{"--kubeconfig", c.kubeconfig("admin")}, args...)...)
}

// requirePackages installs what Debian has and this machine lacks, when it may.
func requirePackages(node bool) error {
	needed := map[string]string{"ip": "iproute2"}
	if node {
		needed["containerd"], needed["runc"] = "containerd", "runc"
		needed["iptables"], needed["conntrack"] = "iptables", "conntrack"
		needed["/usr/lib/cni/bridge"] = "containernetworking-plugins"
	}
	var missing []string
	for binary, pkg := range needed {
		if _, err := exec.LookPath(binary); err != nil {
			missing = append(missing, pkg)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("these packages are missing: %s", strings.Join(missing, " "))
	}
	progress("installing %s", strings.Join(missing, " "))
	if err := command("apt-get", "-qq", "update"); err != nil {
		return err
	}
	install := append([]string{"-qq", "-y", "--no-remove", "--no-install-recommends", "install"}, missing...)
	cmd := exec.Command("apt-get", install...)
	// Only the programs are wanted: the packages' own services must not be started for this.
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w: %s", strings.Join(install, " "), err, out)
	}
	return nil
}

// healthy is nil when every component that was started still runs and the API server answers.
func (c *cluster) healthy() error {
	processes := c.processes()
	if len(processes) == 0 {
		return errors.New("nothing runs")
	}
	for _, p := range processes {
		if !p.alive() {
			return fmt.Errorf("%s (pid %d) has ended, see %s", p.component, p.pid, c.log(p.component))
		}
	}
	if _, err := os.Stat("/run/netns/" + c.netns()); err != nil {
		return err
	}
	return c.kubectl("get", "--raw", "/readyz", "--request-timeout=5s")
}

func (c *cluster) status() error {
	if c.cfg.Subnet == 0 {
		return fmt.Errorf("there is no cluster %s; dev/cluster up makes one", c.name)
	}
	for _, p := range c.processes() {
		state := "runs"
		if !p.alive() {
			state = "ended"
		}
		fmt.Printf("%-24s %-6s pid %-8d %s\n", p.component, state, p.pid, c.log(p.component))
	}
	_, v2 := hierarchies()
	cgroups := "v1"
	if v2 {
		cgroups = "v2 (untried)"
	}
	fmt.Printf("API server   %s\nnetwork      namespace %s, %s/16\ncgroups      %s\nKUBECONFIG   %s\naudit log    %s\n",
		c.apiServer(), c.netns(), c.ip(0), cgroups, c.kubeconfig("admin"), c.path("logs", "audit.log"))
	return c.healthy()
}

// env needs no running cluster: helm and kubectl are of use without one.
func (c *cluster) env() error {
	fmt.Printf("export PATH=%s:$PATH\nexport KUBECONFIG=%s\n", c.bin, c.kubeconfig("admin"))
	return nil
}
