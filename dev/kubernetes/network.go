package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// command runs a tool and makes its output part of its error.
func command(name string, args ...string) error {
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (c *cluster) hostLink() string { return fmt.Sprintf("sjc%d", c.cfg.Subnet) }

// networkUp makes the namespace with a bridge that nodes, pods and, through one veth pair, the host share. On the host it
// adds that link and its connected route, nothing else.
func (c *cluster) networkUp() error {
	ns, inside := c.netns(), "uplink"
	steps := [][]string{
		{"netns", "add", ns},
		{"link", "add", c.hostLink(), "type", "veth", "peer", "name", inside, "netns", ns},
		{"addr", "add", c.ip(1) + "/16", "dev", c.hostLink()},
		{"link", "set", c.hostLink(), "up"},
		{"-n", ns, "link", "set", "lo", "up"},
		// Without an address of its own a bridge changes it whenever a pod comes or goes, and connections to it stall.
		{"-n", ns, "link", "add", "bridge0", "address", "02:53:4a:00:00:01", "type", "bridge"},
		{"-n", ns, "link", "set", inside, "master", "bridge0"},
		{"-n", ns, "link", "set", inside, "up"},
		{"-n", ns, "link", "set", "bridge0", "up"},
		{"-n", ns, "route", "add", "default", "via", c.ip(1)},
	}
	for n := 1; n <= max(c.cfg.Nodes, 1); n++ {
		address := []string{"-n", ns, "addr", "add", c.nodeIP(n) + "/16", "dev", "bridge0"}
		steps = append(steps[:len(steps)-1], address, steps[len(steps)-1])
	}
	for _, step := range steps {
		if err := command("ip", step...); err != nil {
			return err
		}
	}
	return c.inNamespace(func() error {
		return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644) // per network namespace
	})
}

// networkDown removes the link and the namespace, where they are still there.
func (c *cluster) networkDown() error {
	if c.cfg.Subnet != 0 {
		if _, err := os.Stat("/sys/class/net/" + c.hostLink()); err == nil {
			if err := command("ip", "link", "del", c.hostLink()); err != nil {
				return err
			}
		}
	}
	if _, err := os.Stat("/run/netns/" + c.netns()); err == nil {
		return command("ip", "netns", "del", c.netns())
	}
	return nil
}
