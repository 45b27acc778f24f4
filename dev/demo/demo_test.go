package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func testStage(t *testing.T) (*stage, *bytes.Buffer) {
	t.Helper()
	s, err := newStage(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	var seen bytes.Buffer
	s.out = &seen
	return s, &seen
}

func TestAFailingStepSaysWhichAndWhyAndWhereItsLogIs(t *testing.T) {
	s, _ := testStage(t)
	err := s.step(t.Context(), "the house", "seq 1 100; echo the roof is missing >&2; exit 3")
	said := explain(err)
	log := filepath.Join(s.root, logDirectory, "the-house.log")
	for _, part := range []string{`"the house"`, "exit status 3", "the roof is missing", log, "    100\n"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q is not in:\n%s", part, said)
		}
	}
	if strings.Contains(said, "    50\n") {
		t.Errorf("more than the end of the log is shown:\n%s", said)
	}
}

func TestTheReasonOfAFailedBuildIsShownAndNotTheAdviceAtItsEnd(t *testing.T) {
	s, _ := testStage(t)
	said := explain(s.step(t.Context(), "product", "echo '[ERROR] A.java:[3,5] cannot find symbol'; for i in $(seq 40); do echo '[ERROR] see the wiki'; done; false"))
	if !strings.Contains(said, "cannot find symbol") || strings.Count(said, "\n") > 30 {
		t.Fatal(said)
	}
}

func TestALongStepShowsThatItMoves(t *testing.T) {
	s, seen := testStage(t)
	s.beat = 20 * time.Millisecond
	if err := s.step(t.Context(), "wall", "echo a brick; sleep 0.3"); err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"wall: $ echo a brick", "so far: a brick", "wall: done in"} {
		if !strings.Contains(seen.String(), part) {
			t.Errorf("%q is not in:\n%s", part, seen)
		}
	}
}

func TestAStepThatTakesTooLongIsEndedWithItsChildrenAndSaysSo(t *testing.T) {
	s, _ := testStage(t)
	ctx, cancel := within(t.Context(), 100*time.Millisecond)
	defer cancel()
	begun := time.Now()
	err := s.step(ctx, "wait", "sleep 30 | cat")
	if said := explain(err); !strings.Contains(said, "it took longer than 100ms") || time.Since(begun) > 5*time.Second {
		t.Fatalf("after %s: %s", time.Since(begun), said)
	}
}

func TestTheFirstFailureEndsWhatRunsBesideIt(t *testing.T) {
	s, _ := testStage(t)
	begun := time.Now()
	err := atOnce(t.Context(),
		func(ctx context.Context) error { return s.step(ctx, "long", "sleep 30") },
		func(ctx context.Context) error { return s.step(ctx, "short", "false") })
	var f *failure
	if !errors.As(err, &f) || f.step != "short" || time.Since(begun) > 5*time.Second {
		t.Fatalf("after %s: %v", time.Since(begun), err)
	}
}

func TestTheImageIsBuiltAgainWhenASourceIsNewer(t *testing.T) {
	root := t.TempDir()
	old := time.Now().Add(-time.Hour)
	for _, name := range []string{"pom.xml", "mvnw", "crds/a.yaml", "src/main/A.java", "src/test/ATest.java"} {
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, nil, 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{"crds", "src", "src/main", "pom.xml", "mvnw", "crds/a.yaml", "src/main/A.java"} {
		if err := os.Chtimes(filepath.Join(root, dir), old, old); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want bool, why string) {
		t.Helper()
		if fresh, err := upToDate(root); err != nil || fresh != want {
			t.Fatalf("%s: %v, %v", why, fresh, err)
		}
	}
	expect(false, "there is no image")
	image := filepath.Join(root, "target/image.tar")
	if err := errors.Join(os.MkdirAll(filepath.Dir(image), 0o755), os.WriteFile(image, nil, 0o644), os.Chtimes(image, old, old.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	expect(true, "all sources are older, and a test is not one")
	if err := os.Remove(filepath.Join(root, "src/main/A.java")); err != nil {
		t.Fatal(err)
	}
	expect(false, "a source was deleted")
}

func TestAClusterOfTheUserIsOnlyUsedWhenAskedForWithImagesItCanPull(t *testing.T) {
	if o, err := parse(nil); err != nil || o.context != "" || o.name != "syncjobs" {
		t.Fatalf("%+v %v", o, err)
	}
	for _, args := range [][]string{{"--context", "mine"}, {"--image", "a:b"}, {"--context", "mine", "--image", "a:b"}, {"up"}} {
		if _, err := parse(args); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
	if repository, tag, err := splitImage("registry:5000/a/b:1"); err != nil || repository != "registry:5000/a/b" || tag != "1" {
		t.Fatalf("%s %s %v", repository, tag, err)
	}
	if _, _, err := splitImage("registry:5000/a/b"); err == nil {
		t.Error("an image without a tag was accepted")
	}
}
