package shapefile

import (
	"fmt"
	"strings"

	"github.com/dikuai/dikuai/data/exchange/internal/outlet"
	"github.com/dikuai/dikuai/data/land"
)

// readme explains the file to who opens the archive.
func readme(o outlet.Options, t *table) string {
	var b strings.Builder
	for _, m := range o.Members() {
		fmt.Fprintf(&b, "%s (%s): %s\n", m.Zh, m.Name, m.Text)
	}
	b.WriteString("\n字段 (fields):\n")
	for i, f := range t.fields {
		fmt.Fprintf(&b, "%-10s  %-18s  %s / %s, %s\n", f.Short, f.Name, f.Zh, f.En, storage(f, t.widths[i]))
	}
	if len(t.altered) > 0 {
		fmt.Fprintf(&b, "\n以下文字超出字段长度(%d 字节)被截断，或含有该编码没有的字符而被替换；此处为原文\n(texts that were cut or had letters replaced, here in full):\n", widestText)
		for _, text := range t.altered {
			b.WriteString(text + "\n")
		}
		if t.more > 0 {
			fmt.Fprintf(&b, "… %d\n", t.more)
		}
	}
	return b.String()
}

func storage(f land.Field, width int) string {
	switch f.Kind {
	case land.Integer:
		return fmt.Sprintf("N(%d)", width)
	case land.Number:
		return fmt.Sprintf("N(%d,%d)", width, numberDecimals)
	case land.Day:
		return "D"
	}
	return fmt.Sprintf("C(%d)", width)
}
