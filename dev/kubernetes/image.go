package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path"
	"strings"
)

// writeImage writes a docker archive with one layer: the binary as /NAME, its entrypoint, and the extra files, each given
// as FILE=/path/in/image. The image's user is 65532, which is nobody in particular.
func writeImage(name, archive, binary string, extra []string) error {
	if !strings.Contains(name, ":") {
		return usageError{fmt.Errorf("the image's name is %q but must be NAME:TAG", name)}
	}
	entrypoint := "/" + path.Base(strings.Split(name, ":")[0])
	files := [][2]string{{binary, entrypoint}}
	for _, pair := range extra {
		from, to, found := strings.Cut(pair, "=")
		if !found || !strings.HasPrefix(to, "/") {
			return usageError{fmt.Errorf("%q must be FILE=/path/in/image", pair)}
		}
		files = append(files, [2]string{from, to})
	}
	var layer bytes.Buffer
	layers := tar.NewWriter(&layer)
	for _, file := range files {
		data, err := os.ReadFile(file[0])
		if err != nil {
			return err
		}
		if err := addFile(layers, strings.TrimPrefix(file[1], "/"), data); err != nil {
			return err
		}
	}
	if err := layers.Close(); err != nil {
		return err
	}
	return writeArchive(name, archive, entrypoint, layer.Bytes())
}

func writeArchive(name, archive, entrypoint string, layer []byte) error {
	image, err := json.Marshal(map[string]any{
		"architecture": "amd64", "os": "linux",
		"config": map[string]any{"Entrypoint": []string{entrypoint}, "User": "65532:65532"},
		"rootfs": map[string]any{"type": "layers", "diff_ids": []string{fmt.Sprintf("sha256:%x", sha256.Sum256(layer))}},
	})
	if err != nil {
		return err
	}
	config := fmt.Sprintf("%x.json", sha256.Sum256(image))
	manifest, err := json.Marshal([]map[string]any{{"Config": config, "RepoTags": []string{name}, "Layers": []string{"layer.tar"}}})
	if err != nil {
		return err
	}
	out, err := os.Create(archive)
	if err != nil {
		return err
	}
	defer out.Close()
	whole := tar.NewWriter(out)
	for _, part := range []struct {
		name string
		data []byte
	}{{"manifest.json", manifest}, {config, image}, {"layer.tar", layer}} {
		if err := addFile(whole, part.name, part.data); err != nil {
			return err
		}
	}
	return whole.Close()
}

func addFile(to *tar.Writer, name string, data []byte) error {
	if err := to.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(data))}); err != nil {
		return err
	}
	_, err := to.Write(data)
	return err
}
