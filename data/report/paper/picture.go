package paper

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Bounds of the program that draws pictures.
const (
	pictureTime   = 30 * time.Second
	pictureMemory = 1 << 30
)

// ErrNoPictures says that the program that draws pictures is not installed.
var ErrNoPictures error = geo.Say("输出图片需要 pdftoppm 与 prlimit：请安装 Debian 软件包 poppler-utils 与 util-linux，或改用 PDF",
	"pictures need pdftoppm and prlimit: install Debian's packages poppler-utils and util-linux, or take the PDF")

// Picture draws a page of a document, from 1, as PNG with so many dots per inch,
// by poppler's pdftoppm, bounded in time and memory. Without it the error is
// ErrNoPictures.
func Picture(ctx context.Context, document []byte, page, dots int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, pictureTime)
	defer cancel()
	dir, err := os.MkdirTemp("", "dikuai-picture-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.CommandContext(ctx, "prlimit", fmt.Sprintf("--as=%d", pictureMemory), fmt.Sprintf("--cpu=%d", int(pictureTime.Seconds())), "--nofile=64", "--core=0",
		"pdftoppm", "-png", "-r", strconv.Itoa(dots), "-f", strconv.Itoa(page), "-l", strconv.Itoa(page), "-")
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "HOME=" + dir}
	cmd.Stdin = bytes.NewReader(document)
	var picture, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &picture, &said
	for _, program := range []string{"prlimit", "pdftoppm"} {
		if _, err := exec.LookPath(program); err != nil {
			return nil, ErrNoPictures
		}
	}
	if err := cmd.Run(); err != nil {
		return nil, errors.Join(ctx.Err(), fmt.Errorf("drawing a page as a picture: %w: %s", err, bytes.TrimSpace(said.Bytes()[:min(said.Len(), 300)])))
	}
	return picture.Bytes(), nil
}
