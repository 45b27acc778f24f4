package main

import (
	"path/filepath"
	"time"
)

// auditPolicy records every write with its user, for tests that count them; reads are left out.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: None
  verbs: [get, list, watch]
- level: Metadata
`

// startControlPlane starts etcd, API server, controller manager and scheduler, and waits until the API can be used.
func (c *cluster) startControlPlane() error {
	kube := filepath.Join(c.bin, "kube")
	pki := func(file string) string { return c.path("pki", file) }
	address := c.nodeIP(1)
	if err := c.launch("etcd", kube, "etcd", "--data-dir="+c.path("etcd"), "--unsafe-no-fsync",
		"--listen-client-urls=http://127.0.0.1:2379", "--advertise-client-urls=http://127.0.0.1:2379",
		"--listen-peer-urls=http://127.0.0.1:2380", "--log-level=warn"); err != nil {
		return err
	}
	if err := c.launch("kube-apiserver", kube, "kube-apiserver",
		"--etcd-servers=http://127.0.0.1:2379", "--bind-address=0.0.0.0", "--advertise-address="+address,
		"--secure-port=6443", "--service-cluster-ip-range=10.96.0.0/16", "--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction", "--client-ca-file="+pki("ca.crt"),
		"--tls-cert-file="+pki("apiserver.crt"), "--tls-private-key-file="+pki("apiserver.key"),
		"--kubelet-client-certificate="+pki("kubelet-client.crt"), "--kubelet-client-key="+pki("kubelet-client.key"),
		"--kubelet-certificate-authority="+pki("ca.crt"), "--kubelet-preferred-address-types=InternalIP",
		"--service-account-key-file="+pki("sa.key"), "--service-account-signing-key-file="+pki("sa.key"),
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--audit-policy-file="+c.path("audit.yaml"), "--audit-log-path="+c.path("logs", "audit.log"),
		"--audit-log-maxsize=200", "--audit-log-maxbackup=2", "--audit-log-mode=batch", "--audit-log-batch-max-wait=500ms",
		"--allow-privileged=true", "--v=1"); err != nil {
		return err
	}
	err := c.await("API server becomes ready", "kube-apiserver", time.Minute, func() error {
		return c.kubectl("get", "--raw", "/readyz", "--request-timeout=2s")
	})
	if err != nil {
		return err
	}
	manager := c.kubeconfig("controller-manager")
	if err := c.launch("kube-controller-manager", kube, "kube-controller-manager",
		"--kubeconfig="+manager, "--authentication-kubeconfig="+manager, "--authorization-kubeconfig="+manager,
		"--service-account-private-key-file="+pki("sa.key"), "--root-ca-file="+pki("ca.crt"),
		"--use-service-account-credentials", "--leader-elect=false", "--kube-api-qps=200", "--kube-api-burst=400",
		"--bind-address=127.0.0.1"); err != nil {
		return err
	}
	scheduler := c.kubeconfig("scheduler")
	if err := c.launch("kube-scheduler", kube, "kube-scheduler", "--kubeconfig="+scheduler,
		"--authentication-kubeconfig="+scheduler, "--authorization-kubeconfig="+scheduler,
		"--leader-elect=false", "--kube-api-qps=200", "--kube-api-burst=400", "--bind-address=127.0.0.1"); err != nil {
		return err
	}
	return c.await("the default ServiceAccount is made", "kube-controller-manager", time.Minute, func() error {
		return c.kubectl("get", "serviceaccount", "default", "--namespace=default", "--request-timeout=2s")
	})
}
