package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const pauseImage = "syncjobs/pause:1"

// startNode starts a containerd and a kubelet of the cluster's own.
func (c *cluster) startNode(n int) error {
	if err := c.makeCgroups(n); err != nil {
		return err
	}
	files := map[string]string{
		c.nodeDir(n, "containerd.toml"):        c.containerdConfig(n),
		c.nodeDir(n, "cni", "10-net.conflist"): c.cniConfig(n),
		c.nodeDir(n, "kubelet.yaml"):           c.kubeletConfig(n),
	}
	for file, text := range files {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			return err
		}
	}
	containerd := fmt.Sprintf("containerd-%d", n)
	if err := c.launch(containerd, "containerd", "--config", c.nodeDir(n, "containerd.toml")); err != nil {
		return err
	}
	err := c.await("containerd answers", containerd, 30*time.Second, func() error {
		return command("ctr", "--address", c.socket(n), "version")
	})
	if err != nil {
		return err
	}
	pause := c.nodeDir(n, "pause.tar")
	self, err := os.Executable()
	if err != nil {
		return err
	}
	if err := writeImage(pauseImage, pause, self, nil); err != nil {
		return err
	}
	if err := c.importImage(n, pause); err != nil {
		return err
	}
	return c.launch(fmt.Sprintf("kubelet-%d", n), filepath.Join(c.bin, "kube"), "kubelet",
		"--config="+c.nodeDir(n, "kubelet.yaml"), "--kubeconfig="+c.kubeconfig(fmt.Sprintf("node%d", n)),
		"--root-dir="+c.nodeDir(n, "kubelet"), "--cert-dir="+c.path("pki"), "--node-ip="+c.nodeIP(n),
		"--hostname-override="+c.nodeName(n), "--v=1")
}

// startServices starts what makes Service addresses and names work.
func (c *cluster) startServices() error {
	err := c.launch("kube-proxy", filepath.Join(c.bin, "kube"), "kube-proxy", "--kubeconfig="+c.kubeconfig("proxy"),
		"--proxy-mode=iptables", "--hostname-override="+c.nodeName(1), "--masquerade-all", "--conntrack-max-per-core=0",
		"--healthz-bind-address=127.0.0.1:10256", "--metrics-bind-address=127.0.0.1:10249")
	if err != nil {
		return err
	}
	corefile := fmt.Sprintf(".:53 {\n  bind %s\n  errors\n  kubernetes cluster.local in-addr.arpa {\n    kubeconfig %s\n    ttl 5\n  }\n  cache 5\n}\n",
		c.nodeIP(1), c.kubeconfig("admin"))
	if err := os.WriteFile(c.path("Corefile"), []byte(corefile), 0o644); err != nil {
		return err
	}
	return c.launch("coredns", filepath.Join(c.bin, "coredns"), "-conf", c.path("Corefile"))
}

func (c *cluster) containerdConfig(n int) string {
	return fmt.Sprintf(`version = 2
root = %q
state = %q
oom_score = 0
[grpc]
  address = %q
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/%s"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = %q
`, c.nodeDir(n, "containerd"), c.nodeDir(n, "run"), c.socket(n), pauseImage, c.nodeDir(n, "cni"))
}

func (c *cluster) cniConfig(n int) string {
	return fmt.Sprintf(`{"cniVersion": "0.4.0", "name": "syncjobs", "plugins": [
  {"type": "bridge", "bridge": "bridge0", "isGateway": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": %q, "routes": [{"dst": "0.0.0.0/0"}],
    "ranges": [[{"subnet": "%s/16", "rangeStart": "10.%[3]d.%[4]d.2", "rangeEnd": "10.%[3]d.%[4]d.254", "gateway": %[5]q}]]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
`, c.nodeDir(n, "ipam"), c.ip(0), c.cfg.Subnet, n, c.nodeIP(1))
}

func (c *cluster) kubeletConfig(n int) string {
	return fmt.Sprintf(`apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: %[1]s
port: 10250
healthzPort: %[2]d
tlsCertFile: %[3]s
tlsPrivateKeyFile: %[4]s
authentication: {x509: {clientCAFile: %[5]s}, anonymous: {enabled: false}, webhook: {enabled: true}}
authorization: {mode: Webhook}
containerRuntimeEndpoint: unix://%[6]s
clusterDNS: [%[7]s]
clusterDomain: cluster.local
cgroupDriver: cgroupfs
cgroupRoot: /%[8]s
cgroupsPerQOS: true
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
oomScoreAdj: 0
resolvConf: ""
podLogsDir: %[9]s
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi, nodefs.available: 1%%, imagefs.available: 1%%, nodefs.inodesFree: 1%%}
registryPullQPS: 0
kubeAPIQPS: 200
kubeAPIBurst: 400
eventRecordQPS: 100
eventBurst: 200
maxPods: 200
syncFrequency: 10s
volumeStatsAggPeriod: 10s
`, c.nodeIP(n), 10247+n, c.path("pki", fmt.Sprintf("node%d-serving.crt", n)), c.path("pki", fmt.Sprintf("node%d-serving.key", n)),
		c.path("pki", "ca.crt"), c.socket(n), c.nodeIP(1), c.cgroup(n), c.nodeDir(n, "podlogs"))
}

func (c *cluster) load(archives []string) error {
	if len(archives) == 0 {
		return usageError{errors.New("load needs the path of an image archive")}
	}
	if c.cfg.Nodes == 0 {
		return fmt.Errorf("cluster %s has no node to load an image into", c.name)
	}
	for _, archive := range archives {
		for n := 1; n <= c.cfg.Nodes; n++ {
			if err := c.importImage(n, archive); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cluster) importImage(n int, archive string) error {
	out, err := exec.Command("timeout", "120", "ctr", "--address", c.socket(n), "--namespace", "k8s.io", "images", "import", archive).CombinedOutput()
	if err != nil {
		return fmt.Errorf("importing %s into node %d: %w: %s", archive, n, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// pause is what this binary does as the first process of every pod: it keeps the pod's namespaces and reaps its orphans.
func pause() {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM, syscall.SIGINT)
	orphans := make(chan os.Signal, 16)
	signal.Notify(orphans, syscall.SIGCHLD)
	for {
		select {
		case <-end:
			os.Exit(0)
		case <-orphans:
			for {
				if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); pid <= 0 || err != nil {
					break
				}
			}
		}
	}
}
