package sqlite

import (
	"strings"
)

// Column is a column of a table as its CREATE TABLE declares it.
type Column struct {
	Name  string
	Type  string // its words in capitals, without a length
	RowID bool   // an INTEGER PRIMARY KEY, which stands for the rowid
}

// Words that end a column's type, and those that make rows which are not simply
// stored as declared.
var (
	endsType  = words("CONSTRAINT PRIMARY NOT NULL UNIQUE CHECK COLLATE REFERENCES")
	beginRule = words("CONSTRAINT PRIMARY UNIQUE CHECK FOREIGN")
	notSimple = words("DEFAULT GENERATED AS WITHOUT STRICT VIRTUAL")
)

func words(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(text) {
		set[w] = true
	}
	return set
}

// parseColumns reads the columns of a CREATE TABLE statement; anything that is
// not plain is ErrUnsupported.
func parseColumns(sql string) ([]Column, error) {
	tokens, ok := tokenize(sql)
	open := 0
	for open < len(tokens) && tokens[open].text != "(" {
		open++
	}
	if !ok || open == len(tokens) {
		return nil, ErrUnsupported
	}
	var columns []Column
	var item []token
	depth := 0
	for _, t := range tokens[open:] {
		if !t.quoted && notSimple[t.word()] {
			return nil, ErrUnsupported
		}
		switch {
		case t.is("("):
			depth++
			if depth == 1 {
				continue
			}
		case t.is(")"):
			depth--
		}
		if depth == 0 || depth == 1 && t.is(",") {
			if c, ok := columnOf(item); ok {
				columns = append(columns, c)
			}
			item = item[:0]
			continue
		}
		item = append(item, t)
	}
	return columns, nil
}

// columnOf reads a column's declaration; ok is false for a table's rule.
func columnOf(item []token) (c Column, ok bool) {
	if len(item) == 0 || !item[0].quoted && beginRule[item[0].word()] {
		return c, false
	}
	c.Name = item[0].text
	var kind, rest []string
	for _, t := range item[1:] {
		if len(rest) > 0 || !t.quoted && endsType[t.word()] || t.is("(") {
			rest = append(rest, t.word())
		} else {
			kind = append(kind, t.word())
		}
	}
	c.Type = strings.Join(kind, " ")
	c.RowID = c.Type == "INTEGER" && strings.Contains(strings.Join(rest, " "), "PRIMARY KEY")
	return c, true
}

type token struct {
	text   string
	quoted bool
}

func (t token) word() string     { return strings.ToUpper(t.text) }
func (t token) is(s string) bool { return !t.quoted && t.text == s }

// closing are the marks that quote a name, with the ones that end it.
var closing = map[byte]byte{'"': '"', '\'': '\'', '`': '`', '[': ']'}

// tokenize splits SQL without comments into names, words and marks.
func tokenize(sql string) (tokens []token, ok bool) {
	if strings.Contains(sql, "--") || strings.Contains(sql, "/*") {
		return nil, false
	}
	for i := 0; i < len(sql); {
		switch b := sql[i]; {
		case strings.IndexByte(" \t\r\n\f", b) >= 0:
			i++
		case closing[b] != 0:
			end, text := i+1, ""
			for {
				n := strings.IndexByte(sql[end:], closing[b])
				if n < 0 {
					return nil, false
				}
				text += sql[end : end+n]
				end += n + 1
				if b == '[' || end == len(sql) || sql[end] != b {
					break
				}
				text += string(b) // written twice
				end++
			}
			tokens = append(tokens, token{text, true})
			i = end
		case strings.IndexByte("(),;", b) >= 0:
			tokens = append(tokens, token{sql[i : i+1], false})
			i++
		default:
			end := i
			for end < len(sql) && strings.IndexByte(" \t\r\n\f(),;\"'`[", sql[end]) < 0 {
				end++
			}
			tokens = append(tokens, token{sql[i:end], false})
			i = end
		}
	}
	return tokens, true
}
