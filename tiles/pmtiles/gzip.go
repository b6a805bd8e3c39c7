package pmtiles

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
)

var errTooLarge = errors.New("larger than allowed once decompressed")

// compress is gzip at its best, without time or name: the same bytes every time.
func compress(data []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic(err) // memory takes all
	}
	return b.Bytes()
}

// read says whether this package undoes a compression.
func (c Compression) read() bool { return c == None || c == Gzip }

// inflater decompresses, with memory that serves the next time again.
type inflater struct {
	in  bytes.Reader
	zip gzip.Reader
	out bytes.Buffer
}

// inflate undoes a compression of at most limit bytes; the answer holds until
// the next call.
func (f *inflater) inflate(c Compression, data []byte, limit int) ([]byte, error) {
	switch c {
	case None:
		if len(data) > limit {
			return nil, errTooLarge
		}
		return data, nil
	case Gzip:
	default:
		return nil, errors.New("a compression that is not read here")
	}
	f.in.Reset(data)
	if err := f.zip.Reset(&f.in); err != nil {
		return nil, err
	}
	f.out.Reset()
	n, err := io.Copy(&f.out, io.LimitReader(&f.zip, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if n > int64(limit) {
		return nil, errTooLarge
	}
	return f.out.Bytes(), nil
}
