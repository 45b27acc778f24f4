package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	defaultImage          = "syncjobs/syncjobs:0.1.0"
	defaultCatalogueImage = "syncjobs/catalogue:0.1.0"
	systemNamespace       = "syncjobs-system"
	ownLabel              = "app.kubernetes.io/part-of=syncjobs-quickstart"
)

// target is the cluster that the quickstart uses: its own, or the user's.
type target struct {
	kubectl, helm  string // as they are typed
	values         string // for helm
	image          string // the product's
	catalogueImage string
	imageHash      string // of target/image.tar, where we loaded it
	stop           []string
	enter          string // what must be typed before kubectl works, if anything
}

// localCluster builds everything and makes a cluster on this machine that has both images.
func localCluster(ctx context.Context, s *stage, name string) (*target, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("starting a Kubernetes on this machine needs root (namespaces, mounts, cgroups); become root, or use a cluster of yours with --context")
	}
	ctx, cancel := within(ctx, 25*time.Minute)
	defer cancel()
	// Commands are shown without the cluster's name if nobody has to type it.
	named := ""
	if name != "syncjobs" {
		named = " --name " + name
	}
	err := atOnce(ctx,
		func(ctx context.Context) error { return buildProduct(ctx, s) },
		func(ctx context.Context) error {
			if err := s.step(ctx, "cluster", "dev/cluster up"+named); err != nil {
				return err
			}
			return s.step(ctx, "catalogue image", "CGO_ENABLED=0 go build -C examples/catalogue -trimpath -o ../../target/catalogue . && "+
				"dev/cluster image "+defaultCatalogueImage+" target/catalogue.tar target/catalogue")
		})
	if err != nil {
		return nil, err
	}
	if err := s.step(ctx, "images", "dev/cluster load"+named+" target/image.tar target/catalogue.tar"); err != nil {
		return nil, err
	}
	variables, err := s.ask(ctx, "eval \"$(dev/cluster env"+named+")\" && echo \"PATH=$PATH\" && echo \"KUBECONFIG=$KUBECONFIG\"")
	if err != nil {
		return nil, err
	}
	// The last one of a name counts.
	s.env = append(s.env, strings.Split(variables, "\n")...)
	hash, err := hashOf(filepath.Join(s.root, "target/image.tar"))
	return &target{
		kubectl: "kubectl", helm: "helm", image: defaultImage, catalogueImage: defaultCatalogueImage, imageHash: hash,
		enter: "eval \"$(dev/cluster env" + named + ")\"",
		stop:  []string{"dev/cluster stop" + named + "     # and dev/cluster start" + named + " brings it back with its jobs", "dev/cluster down" + named + "     # removes it"},
	}, err
}

func buildProduct(ctx context.Context, s *stage) error {
	if fresh, err := upToDate(s.root); err != nil || fresh {
		s.say("product: target/image.tar is newer than all of its sources")
		return err
	}
	return s.step(ctx, "product", "./mvnw -B -ntp -Dmaven.test.skip=true package")
}

// upToDate says whether the image is newer than all that it is made from. Directories count, because a deleted file changes them.
func upToDate(root string) (bool, error) {
	image, err := os.Stat(filepath.Join(root, "target/image.tar"))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	newer := errors.New("newer")
	for _, source := range []string{"pom.xml", "mvnw", "crds", "src"} {
		err := filepath.WalkDir(filepath.Join(root, source), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if path == filepath.Join(root, "src/test") {
				return fs.SkipDir
			}
			info, err := entry.Info()
			if err == nil && !info.ModTime().Before(image.ModTime()) {
				return newer
			}
			return err
		})
		if errors.Is(err, newer) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

func hashOf(file string) (string, error) {
	opened, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer opened.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, opened)
	return fmt.Sprintf("%x", sum.Sum(nil))[:16], err
}

// userCluster makes sure that the quickstart changes nothing on the user's cluster except what an earlier quickstart made.
func userCluster(ctx context.Context, s *stage, opts options) (*target, error) {
	ctx, cancel := within(ctx, time.Minute)
	defer cancel()
	repository, tag, err := splitImage(opts.image)
	if err != nil {
		return nil, err
	}
	t := &target{
		kubectl: "kubectl --context " + quote(opts.context), helm: "helm --kube-context " + quote(opts.context),
		values:         " --set-string image.repository=" + quote(repository) + ",image.tag=" + quote(tag),
		image:          opts.image,
		catalogueImage: opts.catalogueImage,
	}
	t.stop = []string{
		t.kubectl + " delete namespace catalogue",
		t.helm + " uninstall syncjobs -n " + systemNamespace + " && " + t.kubectl + " delete namespace " + systemNamespace + "     # the CRDs and other jobs stay",
	}
	server, err := s.ask(ctx, t.kubectl+" config view --minify -o 'jsonpath={.clusters[0].cluster.server}'")
	if err != nil {
		return nil, err
	}
	s.say("using context %s, server %s", opts.context, server)
	others, err := s.ask(ctx, t.kubectl+" get deployments -A -l app.kubernetes.io/name=syncjobs -o "+
		"'jsonpath={range .items[*]}{.metadata.namespace}{\"\\n\"}{end}'")
	if err != nil {
		return nil, err
	}
	for _, namespace := range strings.Fields(others) {
		if namespace != systemNamespace {
			return nil, fmt.Errorf("SyncJobs is installed already, in namespace %s; this will not install a second one beside it", namespace)
		}
	}
	for _, namespace := range []string{systemNamespace, "catalogue"} {
		if err := t.ownNamespace(ctx, s, namespace); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// ownNamespace makes a namespace with our label, or checks that it has it.
func (t *target) ownNamespace(ctx context.Context, s *stage, name string) error {
	found, err := s.ask(ctx, t.kubectl+" get namespace "+name+" --ignore-not-found -o name")
	if err != nil {
		return err
	}
	if found == "" {
		_, err := s.ask(ctx, t.kubectl+" create namespace "+name+" && "+t.kubectl+" label namespace "+name+" "+ownLabel)
		return err
	}
	ours, err := s.ask(ctx, t.kubectl+" get namespaces -l "+ownLabel+" -o name")
	if err != nil {
		return err
	}
	if !strings.Contains("\n"+ours+"\n", "\nnamespace/"+name+"\n") {
		return fmt.Errorf("namespace %s exists and was not made by the quickstart, so it is left alone; if it may be used: %s label namespace %s %s",
			name, t.kubectl, name, ownLabel)
	}
	return nil
}

func splitImage(image string) (repository, tag string, err error) {
	colon := strings.LastIndex(image, ":")
	if colon <= strings.LastIndex(image, "/") || colon == len(image)-1 {
		return "", "", fmt.Errorf("--image is %q but must be REPO:TAG", image)
	}
	return image[:colon], image[colon+1:], nil
}

// install brings the chart into the cluster. A release that an interrupted run left pending is removed first: Helm refuses
// to touch it otherwise, and neither CRDs nor jobs belong to it.
func (t *target) install(ctx context.Context, s *stage) error {
	ctx, cancel := within(ctx, 6*time.Minute)
	defer cancel()
	status, _ := s.ask(ctx, t.helm+" status syncjobs -n "+systemNamespace)
	if strings.Contains(status, "STATUS: pending") {
		if err := s.step(ctx, "unfinished release", t.helm+" uninstall syncjobs -n "+systemNamespace+" --wait"); err != nil {
			return err
		}
	}
	err := s.step(ctx, "install", t.helm+" upgrade --install syncjobs helm/syncjobs -n "+systemNamespace+" --create-namespace --wait --timeout 3m"+t.values)
	var f *failure
	if errors.As(err, &f) {
		t.diagnose(s, f.log)
	}
	if err != nil || t.imageHash == "" {
		return err
	}
	return t.restartOldPods(ctx, s, status != "")
}

// restartOldPods restarts the pods after the image was rebuilt, because Kubernetes does not notice a new image with the same tag.
func (t *target) restartOldPods(ctx context.Context, s *stage, upgraded bool) error {
	k := t.kubectl + " -n " + systemNamespace
	const mark = "syncjobs.io/quickstart-image"
	before, err := s.ask(ctx, k+" get namespace "+systemNamespace+` -o 'jsonpath={.metadata.annotations.syncjobs\.io/quickstart-image}'`)
	if err != nil || before == t.imageHash {
		return err
	}
	if upgraded {
		command := k + " rollout restart deployment/syncjobs-operator && " + k + " rollout status deployment/syncjobs-operator --timeout=2m"
		if err := s.step(ctx, "new image", command); err != nil {
			return err
		}
	}
	_, err = s.ask(ctx, k+" annotate --overwrite namespace "+systemNamespace+" "+mark+"="+t.imageHash)
	return err
}

// diagnose adds to a log what a person would look at next. It has its own time limit, because the step's may be used up.
func (t *target) diagnose(s *stage, log string) {
	ctx, cancel := within(context.Background(), 20*time.Second)
	defer cancel()
	file, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer file.Close()
	k := t.kubectl + " -n " + systemNamespace
	for _, command := range []string{
		k + " get deployments,jobs,cronjobs,pods -o wide",
		k + " get events --sort-by=.lastTimestamp | tail -n 10",
		k + " logs deployment/syncjobs-operator --tail=10",
	} {
		fmt.Fprintf(file, "\n$ %s\n", command)
		_ = s.run(ctx, command, file)
	}
}

func (t *target) farewell(s *stage) {
	fmt.Fprintln(s.out)
	s.say("done: SyncJobs runs, and stays up")
	k := t.kubectl + " -n catalogue "
	fmt.Fprintln(s.out, "\nWhat to try next:")
	if t.enter != "" {
		fmt.Fprintln(s.out, "  "+t.enter)
	}
	for _, line := range []string{
		k + "get syncjobs,syncqueues",
		k + "get pods -L syncjobs.io/attempt     # each attempt has a pod of its own, kept for a while for its log",
		"go run -C examples/catalogue . jobs | " + k + "apply -f -     # with one more product in " + products + ": one more job",
		k + "patch syncqueue shop --type merge -p '{\"spec\":{\"paused\":true}}'     # nothing new starts; false lets it go on",
		k + "logs deploy/shop",
	} {
		fmt.Fprintln(s.out, "  "+line)
	}
	fmt.Fprintln(s.out, "\nTo stop:")
	for _, line := range t.stop {
		fmt.Fprintln(s.out, "  "+line)
	}
}

// quote makes one shell word of a text.
func quote(text string) string {
	if strings.Trim(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@") == "" {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
