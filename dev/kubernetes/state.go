package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"syscall"
	"time"
)

// cluster is one cluster by name; everything that it has on disk is in dir, except the built binaries in bin.
type cluster struct {
	name string
	dir  string
	bin  string
	cfg  config
}

// config is what a cluster was made with; it is written once, by up.
type config struct {
	Nodes  int `json:"nodes"`
	Subnet int `json:"subnet"` // second octet of 10.x.0.0/16
}

func newCluster(name string) (*cluster, error) {
	if !regexp.MustCompile(`^[a-z][a-z0-9-]{0,14}$`).MatchString(name) {
		return nil, fmt.Errorf("--name is %q but must be 1 to 15 of a-z, 0-9 and -, beginning with a letter", name)
	}
	home := os.Getenv("SYNCJOBS_CLUSTER_HOME")
	if home == "" {
		home = "/var/lib/syncjobs-cluster"
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &cluster{name: name, dir: filepath.Join(home, name), bin: filepath.Dir(self)}
	if kube := os.Getenv("SYNCJOBS_KUBE_BIN"); kube != "" {
		c.bin = kube
	}
	data, err := os.ReadFile(c.path("config.json"))
	if err == nil {
		err = json.Unmarshal(data, &c.cfg)
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", c.path("config.json"), err)
	}
	return c, nil
}

func (c *cluster) path(parts ...string) string {
	return filepath.Join(append([]string{c.dir}, parts...)...)
}
func (c *cluster) log(component string) string { return c.path("logs", component+".log") }
func (c *cluster) netns() string               { return "syncjobs-" + c.name }
func (c *cluster) kubeconfig(user string) string {
	return c.path("kubeconfig", user)
}

// ip is an address of the cluster's own network: .0.1 is the host, .0.11 the first node and the API server.
func (c *cluster) ip(host int) string    { return fmt.Sprintf("10.%d.0.%d", c.cfg.Subnet, host) }
func (c *cluster) nodeIP(n int) string   { return c.ip(10 + n) }
func (c *cluster) apiServer() string     { return "https://" + c.nodeIP(1) + ":6443" }
func (c *cluster) nodeName(n int) string { return fmt.Sprintf("%s-%d", c.name, n) }
func (c *cluster) nodeDir(n int, parts ...string) string {
	return c.path(append([]string{fmt.Sprintf("node%d", n)}, parts...)...)
}
func (c *cluster) socket(n int) string { return c.nodeDir(n, "containerd.sock") }

func (c *cluster) save() error {
	data, err := json.Marshal(c.cfg)
	if err != nil {
		return err
	}
	return os.WriteFile(c.path("config.json"), data, 0o644)
}

// locked runs one command at a time on a cluster.
func (c *cluster) locked(command func() error) error {
	if os.Geteuid() != 0 {
		return errors.New("this needs root: namespaces, mounts and cgroups are made")
	}
	if err := os.MkdirAll(filepath.Dir(c.dir), 0o755); err != nil {
		return err
	}
	lock, err := os.OpenFile(c.dir+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close()
	for deadline := time.Now().Add(5 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err == nil {
			return command()
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("another command has held cluster %s for 5 minutes (%s)", c.name, lock.Name())
		}
	}
}

// claimSubnet chooses a network and writes the configuration that says so, one cluster at a time.
func (c *cluster) claimSubnet(nodes int) error {
	lock, err := os.OpenFile(filepath.Join(filepath.Dir(c.dir), ".subnets.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	subnet, err := c.freeSubnet()
	if err != nil {
		return err
	}
	c.cfg = config{Nodes: nodes, Subnet: subnet}
	return c.save()
}

// freeSubnet finds a 10.x.0.0/16 that no interface of this machine and no other cluster has.
func (c *cluster) freeSubnet() (int, error) {
	used := map[int]bool{}
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return 0, err
	}
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok {
			if ip := network.IP.To4(); ip != nil && ip[0] == 10 {
				used[int(ip[1])] = true
			}
		}
	}
	others, _ := filepath.Glob(filepath.Join(filepath.Dir(c.dir), "*", "config.json"))
	for _, other := range others {
		var cfg config
		if data, err := os.ReadFile(other); err == nil && json.Unmarshal(data, &cfg) == nil {
			used[cfg.Subnet] = true
		}
	}
	for subnet := 210; subnet < 250; subnet++ {
		if !used[subnet] {
			return subnet, nil
		}
	}
	return 0, errors.New("no 10.x.0.0/16 between 10.210 and 10.249 is free on this machine")
}
