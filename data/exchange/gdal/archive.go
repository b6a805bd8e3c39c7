package gdal

import (
	"archive/zip"
	"io"
	"os"
	"path"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/dikuai/dikuai/data/land"
	"github.com/dikuai/dikuai/geo"
)

// Limits bound what a file may cost to read. A zero field takes its default.
type Limits struct {
	Entries int           // of an archive; 1000
	Bytes   int64         // uncompressed, of an archive and of each file; 1 GiB
	Ratio   int64         // uncompressed to compressed, of entries over 16 MiB; 250
	Memory  int64         // address space of a GDAL program; 4 GiB
	CPU     time.Duration // of a GDAL program; 10 minutes
	Time    time.Duration // of a GDAL program; 15 minutes
}

func (l Limits) withDefaults() Limits {
	defaults := Limits{Entries: 1000, Bytes: 1 << 30, Ratio: 250, Memory: 4 << 30, CPU: 10 * time.Minute, Time: 15 * time.Minute}
	if l.Entries == 0 {
		l.Entries = defaults.Entries
	}
	if l.Bytes == 0 {
		l.Bytes = defaults.Bytes
	}
	if l.Ratio == 0 {
		l.Ratio = defaults.Ratio
	}
	if l.Memory == 0 {
		l.Memory = defaults.Memory
	}
	if l.CPU == 0 {
		l.CPU = defaults.CPU
	}
	if l.Time == 0 {
		l.Time = defaults.Time
	}
	return l
}

// smallEntry is a size up to which the ratio does not matter.
const smallEntry = 16 << 20

// archive is a zip file whose directory has been found harmless.
type archive struct {
	zip    *zip.ReadCloser
	files  []entry
	limits Limits
	left   int64 // bytes that may still be written out
}

type entry struct {
	name string // decoded, with slashes
	file *zip.File
}

// ext is the name's extension in lower case, with its dot.
func (e entry) ext() string { return strings.ToLower(path.Ext(e.name)) }

// openArchive checks an archive's directory before anything is taken out: the
// number of entries, their declared sizes, their names, and archives within.
func openArchive(file string, limits Limits) (*archive, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, refuse("1101", geo.Say("压缩包无法读取：%v", "the zip file cannot be read: %v", err), cutOff)
	}
	a := &archive{zip: z, limits: limits, left: limits.Bytes}
	if err := a.check(); err != nil {
		z.Close()
		return nil, err
	}
	return a, nil
}

func (a *archive) close() { a.zip.Close() }

func (a *archive) check() error {
	if n := len(a.zip.File); n > a.limits.Entries {
		return refuse("1101", geo.Say("压缩包有 %d 个条目", "the zip file has %d entries", n), geo.Say("最多 %d 个", "deliver at most %d", a.limits.Entries))
	}
	var total uint64
	most := uint64(a.limits.Bytes)
	for _, f := range a.zip.File {
		name := entryName(f)
		size := f.UncompressedSize64
		if size > most || total+size > most {
			return refuse("1101", geo.Say("压缩包解压到 %[2]s 时超过 %[1]d MiB", "the zip file unpacks to more than %[1]d MiB at %[2]s", most>>20, name), geo.Say("请分批提交地块", "deliver the plots in parts"))
		}
		total += size
		if size > smallEntry && size/uint64(a.limits.Ratio) > f.CompressedSize64 {
			return refuse("1101", geo.Say("%s 解压后为原大小的 %d 倍", "%s unpacks to %d times its size", name, size/max(f.CompressedSize64, 1)), geo.Say("请提交文件本身，或去掉填充后重新压缩", "deliver the file itself, or zip it again without padding"))
		}
		if strings.HasPrefix(name, "/") || strings.ContainsAny(name, "\x00:") || slices.Contains(strings.Split(name, "/"), "..") {
			return refuse("1101", geo.Say("压缩包的条目 %q 指向包外", "the zip file has an entry named %q, which leads out of it", name), geo.Say("请用普通文件名压缩", "zip the files with plain names"))
		}
		if mode := f.Mode(); strings.HasSuffix(name, "/") || mode.IsDir() || strings.HasPrefix(name, "__MACOSX/") {
			continue
		} else if !mode.IsRegular() {
			return refuse("1101", geo.Say("压缩包的条目 %q 不是普通文件", "the entry %q of the zip file is no plain file", name), geo.Say("请压缩文件本身，不要压缩链接", "zip the files themselves and no links"))
		}
		e := entry{name, f}
		if slices.Contains([]string{".zip", ".kmz", ".rar", ".7z", ".gz", ".tar"}, e.ext()) {
			return refuse("1101", geo.Say("压缩包内另有压缩包 %s", "the zip file has another archive in it, %s", name), geo.Say("请直接提交内层压缩包", "deliver the inner archive itself"))
		}
		a.files = append(a.files, e)
	}
	return nil
}

// entryName decodes a name: Chinese Windows writes GBK without the UTF-8 flag.
func entryName(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) {
		if text, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = text
		}
	}
	return strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), `\`, "/")
}

// extract writes an entry to a new file, counting what really comes out of it.
func (a *archive) extract(e entry, to string) error {
	in, err := e.file.Open()
	if err != nil {
		return refuse("1101", geo.Say("%s 无法从压缩包取出：%v", "%s cannot be taken out of the zip file: %v", e.name, err), zipAgain)
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer out.Close()
	n, err := io.Copy(out, io.LimitReader(in, a.left+1))
	a.left -= n
	switch {
	case a.left < 0:
		return refuse("1101", geo.Say("%s 解压后比声明的大", "%s unpacks to more than it declares", e.name), zipAgain)
	case err != nil:
		return refuse("1101", geo.Say("%s 无法从压缩包取出：%v", "%s cannot be taken out of the zip file: %v", e.name, err), cutOff)
	}
	return out.Close()
}

// refuse is a file's single fault.
func refuse(code string, message, remedy geo.Words) error {
	return &land.InvalidError{Findings: []land.Finding{land.Finding{Code: code, Severity: land.Block}.Saying(message, remedy)}}
}

// What is advised in more places than one.
var (
	cutOff       = geo.Say("文件可能在传送中被截断，请重新提交", "it may have been cut off on its way; deliver it again")
	zipAgain     = geo.Say("请重新压缩文件", "zip the files again")
	shapesAgain  = geo.Say("请重新提交 Shapefile", "deliver the Shapefile again")
	givePolygons = geo.Say("请以面提交地块", "deliver the plots as polygons")
	onePlots     = geo.Say("请只提交含地块的一个", "deliver one with the plots")
	noArcs       = geo.Say("请用界址点代替弧线，弦高不超过 0.01 米", "replace arcs by boundary points (界址点), chords within 0.01 m")
)
