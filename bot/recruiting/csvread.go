package recruiting

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// sheetReader reads records of separated values (RFC 4180 and what people really
// send): a byte order mark, commas, semicolons or tabs, quotes with line breaks
// in them, lines that end in CR alone, Windows-1252. A quote that never closes spoils its own line only.
type sheetReader struct {
	in    *bufio.Reader
	sep   byte
	end   byte     // of a line
	line  int      // lines taken so far
	ahead [][]byte // lines read and given back
	width int      // fields of the header
	// whole says whether fields of one plain line are surely a row by themselves;
	// such a line inside an open quote shows that the quote is a mistake.
	whole func(fields []string) bool
}

const (
	maxLine  = 256 << 10 // longest line
	maxBreak = 200       // most lines one quoted field may run over
)

var (
	errQuote = errors.New("a quote is opened and never closed")
	errLong  = errors.New("the line is longer than 256 KB")
)

// newSheet looks at the beginning of r: its byte order mark and which character
// separates. Only text in UTF-8 or Windows-1252 can be read.
func newSheet(r io.Reader) (*sheetReader, error) {
	in := bufio.NewReaderSize(r, 64<<10)
	head, err := in.Peek(3)
	switch {
	case len(head) == 0 && err != nil && !errors.Is(err, io.EOF):
		return nil, err
	case bytes.HasPrefix(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = in.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return nil, errors.New("UTF-16")
	}
	s := &sheetReader{in: in, sep: ',', end: '\n'}
	head, _ = in.Peek(in.Size())
	if head = bytes.TrimRight(head, "\r\n"); bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		s.end = '\r' // as old programs of the Macintosh write it
	}
	first, err := s.take()
	if err != nil {
		return nil, err
	}
	most := 0
	for _, c := range []byte{',', ';', '\t', '|'} {
		if n := outside(first, c); n > most {
			s.sep, most = c, n
		}
	}
	s.giveBack([][]byte{first})
	return s, nil
}

// outside counts c outside of quotes.
func outside(line []byte, c byte) int {
	n, quoted := 0, false
	for _, b := range line {
		switch {
		case b == '"':
			quoted = !quoted
		case b == c && !quoted:
			n++
		}
	}
	return n
}

// take is the next line without its end; io.EOF after the last.
func (s *sheetReader) take() ([]byte, error) {
	s.line++
	if n := len(s.ahead); n > 0 {
		l := s.ahead[0]
		s.ahead = s.ahead[1:]
		return l, nil
	}
	var whole []byte
	for {
		part, err := s.in.ReadSlice(s.end)
		if len(whole)+len(part) <= maxLine {
			whole = append(whole, part...)
		} else if len(whole) <= maxLine {
			whole = append(whole[:min(len(whole), 1024)], make([]byte, maxLine)...) // keeps being too long
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(whole) > 0:
		case err != nil:
			s.line--
			return nil, err
		}
		return bytes.Trim(whole, "\r\n"), nil
	}
}

func (s *sheetReader) giveBack(lines [][]byte) {
	s.ahead = append(lines, s.ahead...)
	s.line -= len(lines)
}

// next is the next record: its fields, the number of its first line and its raw
// text. Empty lines are skipped. err is io.EOF at the end, errQuote or errLong
// for a record that cannot be read; reading goes on with the line after it.
func (s *sheetReader) next() (fields []string, line int, raw string, err error) {
	for {
		first, err := s.take()
		if err != nil {
			return nil, 0, "", err
		}
		if len(bytes.TrimSpace(first)) == 0 {
			continue
		}
		line = s.line
		if len(first) >= maxLine {
			return nil, line, string(first[:1024]), errLong
		}
		fields, open := s.cut(first)
		if !open {
			return fields, line, string(first), nil
		}
		return s.quoted(first, line)
	}
}

// quoted reads on while a quote is open. When it does not close soon, closes into
// a record of another width than the header, or swallows a line that is surely a
// row of its own, the first line is at fault.
func (s *sheetReader) quoted(first []byte, line int) ([]string, int, string, error) {
	whole := bytes.Clone(first)
	var more [][]byte
	for range maxBreak {
		l, err := s.take()
		if err != nil {
			break
		}
		more = append(more, l)
		if s.ownRow(l) {
			break
		}
		whole = append(append(whole, '\n'), l...)
		if len(whole) > maxLine {
			break
		}
		fields, open := s.cut(whole)
		if open {
			continue
		}
		if s.width > 0 && len(fields) != s.width {
			break
		}
		return fields, line, string(whole), nil
	}
	s.giveBack(more)
	return nil, line, string(first), errQuote
}

// ownRow reports whether a line inside an open quote is surely a row of its own: plain
// throughout, or begun by an opening quote, which a text in quotes would have doubled.
func (s *sheetReader) ownRow(l []byte) bool {
	plain := bytes.IndexByte(l, '"') < 0
	opens := len(l) > 1 && l[0] == '"' && l[1] != '"' && !s.ends(l[1:])
	if s.whole == nil || !plain && !opens {
		return false
	}
	fields, open := s.cut(l)
	if open { // its own text runs on, after fields that are whole
		return opens && len(fields) > 1
	}
	return s.whole(fields)
}

// cut takes a record apart. open is true when a quote has not closed. A quote
// inside an unquoted field is a plain character.
func (s *sheetReader) cut(rec []byte) (fields []string, open bool) {
	fields = make([]string, 0, max(s.width, 8))
	for i := 0; ; {
		for i < len(rec) && rec[i] == ' ' {
			i++
		}
		if i < len(rec) && rec[i] == '"' {
			var b []byte
			closed := false
			for i++; i < len(rec); i++ {
				if rec[i] != '"' { //nolint:gocritic // break leaves the loop, which it could not inside a switch
					b = append(b, rec[i])
				} else if i+1 < len(rec) && rec[i+1] == '"' {
					b = append(b, '"')
					i++
				} else if s.ends(rec[i+1:]) {
					closed = true
					i++
					break
				} else {
					b = append(b, '"')
				}
			}
			if !closed {
				return fields, true
			}
			fields = append(fields, text(b))
			for i < len(rec) && rec[i] == ' ' {
				i++
			}
		} else {
			j := bytes.IndexByte(rec[i:], s.sep)
			if j < 0 {
				return append(fields, text(rec[i:])), false
			}
			fields = append(fields, text(rec[i:i+j]))
			i += j
		}
		if i >= len(rec) {
			return fields, false
		}
		i++ // the separator
		if i == len(rec) {
			return append(fields, ""), false
		}
	}
}

// ends reports whether a closing quote may stand before rest.
func (s *sheetReader) ends(rest []byte) bool {
	rest = bytes.TrimLeft(rest, " ")
	return len(rest) == 0 || rest[0] == s.sep || rest[0] == '\n'
}

// text is a field as a string, read as Windows-1252 where it is no UTF-8.
func text(b []byte) string {
	if utf8.Valid(b) {
		return strings.TrimSpace(string(b))
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.TrimSpace(strings.ToValidUTF8(string(b), "�"))
	}
	return strings.TrimSpace(string(out))
}
