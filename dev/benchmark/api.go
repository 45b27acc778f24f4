package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	connections = 32
	jobsPath    = "/apis/syncjobs.io/v1alpha1/namespaces/%s/syncjobs"
)

// api is the API server that kubectl talks to, by plain requests.
type api struct {
	base string
	http *http.Client
}

func connect(ctx context.Context) (*api, error) {
	out, err := run(ctx, "", "kubectl", "config", "view", "--minify", "--flatten", "--raw", "-o", "json")
	if err != nil {
		return nil, err
	}
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server string `json:"server"`
				CA     string `json:"certificate-authority-data"`
			}
		}
		Users []struct {
			User struct {
				Cert string `json:"client-certificate-data"`
				Key  string `json:"client-key-data"`
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &config); err != nil {
		return nil, err
	}
	if len(config.Clusters) == 0 || len(config.Users) == 0 {
		return nil, fmt.Errorf("the kubeconfig names no cluster or no user")
	}
	cert, _ := base64.StdEncoding.DecodeString(config.Users[0].User.Cert)
	key, _ := base64.StdEncoding.DecodeString(config.Users[0].User.Key)
	ca, _ := base64.StdEncoding.DecodeString(config.Clusters[0].Cluster.CA)
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	return &api{
		base: config.Clusters[0].Cluster.Server,
		http: &http.Client{Transport: &http.Transport{
			TLSClientConfig:     &tls.Config{Certificates: []tls.Certificate{pair}, RootCAs: roots},
			MaxIdleConnsPerHost: 2 * connections,
			ForceAttemptHTTP2:   false,
			TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
		}},
	}, nil
}

// call sends one request; an answer that is not success is an error with the API server's own words.
func (a *api) call(ctx context.Context, method, path string, body any, answer any) error {
	var data io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		data = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, a.base+path, data)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/merge-patch+json")
	}
	response, err := a.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %.300s", method, path, response.StatusCode, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}

// each does something n times over all connections, and tells the rate per second.
func (a *api) each(n int, do func(i int) error) (float64, error) {
	begun := time.Now()
	numbers := make(chan int)
	errs := make(chan error, connections)
	var all sync.WaitGroup
	for range connections {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := range numbers {
				if err := do(i); err != nil {
					select {
					case errs <- err:
					default:
					}
				}
			}
		}()
	}
	for i := range n {
		numbers <- i
	}
	close(numbers)
	all.Wait()
	select {
	case err := <-errs:
		return 0, err
	default:
		return float64(n) / time.Since(begun).Seconds(), nil
	}
}

type object map[string]any

// job is a SyncJob with a payload of some 300 bytes.
func job(name, queue, action string) object {
	return object{
		"apiVersion": "syncjobs.io/v1alpha1", "kind": "SyncJob", "metadata": object{"name": name},
		"spec": object{"queue": queue, "action": action, "payload": object{"record": name, "data": strings.Repeat("x", 270)}},
	}
}

func (b *bench) create(namespace string, job object) error {
	return b.api.call(b.ctx, http.MethodPost, fmt.Sprintf(jobsPath, namespace), job, nil)
}

func (b *bench) createMany(namespace, prefix, queue, action string, n int) (float64, error) {
	return b.api.each(n, func(i int) error {
		return b.create(namespace, job(fmt.Sprintf("%s-%06d", prefix, i), queue, action))
	})
}

// apply hands YAML to kubectl.
func (b *bench) apply(yaml string) error {
	_, err := run(b.ctx, yaml, "kubectl", "apply", "-f", "-")
	return err
}

func run(ctx context.Context, input string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stdin = strings.NewReader(input)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}

// clear deletes a namespace with all that is in it.
func (b *bench) clear(namespace string) error {
	_, err := run(b.ctx, "", "kubectl", "delete", "namespace", namespace, "--ignore-not-found", "--wait", "--timeout=900s")
	return err
}
