package outlet

import (
	"bufio"
	"io"
	"os"
)

// Spool keeps what a format wants after something that is known only at the
// end: a temporary file without a name.
type Spool struct {
	*bufio.Writer
	file *os.File
}

// NewSpool makes an empty spool; the caller closes it.
func NewSpool() (*Spool, error) {
	f, err := os.CreateTemp("", "dikuai-spool-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		f.Close()
		return nil, err
	}
	return &Spool{bufio.NewWriterSize(f, 1<<16), f}, nil
}

// Rewind ends the writing and gives what was written, from its beginning.
func (s *Spool) Rewind() (io.Reader, error) {
	if err := s.Flush(); err != nil {
		return nil, err
	}
	_, err := s.file.Seek(0, io.SeekStart)
	return s.file, err
}

// CopyTo writes the whole of it to w.
func (s *Spool) CopyTo(w io.Writer) error {
	r, err := s.Rewind()
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// Close gives the file back to the system.
func (s *Spool) Close() error { return s.file.Close() }
