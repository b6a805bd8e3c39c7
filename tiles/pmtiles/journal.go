package pmtiles

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
	"os"
)

// The journal of a partial archive tells, tile by tile, what its data are. It
// begins with the fingerprint of what is packed; a record is 44 bytes: id, offset
// in the data section, length, run, hash, and a checksum over those.
const (
	journalMagic = "dikuai pack 1\n"
	journalHead  = len(journalMagic) + sha256.Size
	recordSize   = 8 + 8 + 4 + 4 + 16 + 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// digest tells contents apart: the first half of SHA-256.
type digest [16]byte

func digestOf(data []byte) digest {
	sum := sha256.Sum256(data)
	return digest(sum[:16])
}

func appendRecord(b []byte, e Entry, d digest) []byte {
	from := len(b)
	b = binary.LittleEndian.AppendUint64(b, uint64(e.ID))
	b = binary.LittleEndian.AppendUint64(b, e.Offset)
	b = binary.LittleEndian.AppendUint32(b, e.Length)
	b = binary.LittleEndian.AppendUint32(b, e.Run)
	b = append(b, d[:]...)
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[from:], castagnoli))
}

func decodeRecord(b []byte) (e Entry, d digest, ok bool) {
	e.ID = ID(binary.LittleEndian.Uint64(b))
	e.Offset = binary.LittleEndian.Uint64(b[8:])
	e.Length = binary.LittleEndian.Uint32(b[16:])
	e.Run = binary.LittleEndian.Uint32(b[20:])
	copy(d[:], b[24:])
	return e, d, binary.LittleEndian.Uint32(b[40:]) == crc32.Checksum(b[:40], castagnoli)
}

// replay takes up what a journal and a partial archive agree on: every record up
// to the first that is cut off, out of order, or not what the data are. It
// answers how many bytes of each are good; none are when the journal is of
// another pack.
func (w *Writer) replay(journal, data *os.File) (journalEnd, dataEnd int64) {
	j := bufio.NewReaderSize(journal, 1<<16)
	head := make([]byte, journalHead)
	if _, err := io.ReadFull(j, head); err != nil || string(head) != journalMagic+string(w.fingerprint[:]) {
		return 0, rootEnd
	}
	d := bufio.NewReaderSize(io.NewSectionReader(data, rootEnd, 1<<62), 1<<20)
	journalEnd = int64(journalHead)
	record, content := make([]byte, recordSize), []byte(nil)
	for {
		if _, err := io.ReadFull(j, record); err != nil {
			break
		}
		e, sum, ok := decodeRecord(record)
		if !ok || e.Run == 0 || e.Length == 0 || e.Length > maxTile || e.ID < w.next || e.end() > endID || e.end() < e.ID {
			break
		}
		if old, known := w.contents[sum]; known {
			if old.offset != e.Offset || old.length != e.Length {
				break
			}
		} else {
			if e.Offset != w.length {
				break
			}
			if cap(content) < int(e.Length) {
				content = make([]byte, e.Length)
			}
			content = content[:e.Length]
			if _, err := io.ReadFull(d, content); err != nil || digestOf(content) != sum {
				break
			}
		}
		w.take(e, sum)
		journalEnd += recordSize
	}
	return journalEnd, rootEnd + int64(w.length)
}
