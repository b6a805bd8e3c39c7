package land

import (
	"crypto/sha256"
	"time"

	"github.com/dikuai/dikuai/geo"
)

// Once lets an act be asked for again without being done again: the key that the
// client chose for it, and the SHA-256 of what was asked. The zero value is an
// act that may be done as often as it is asked for.
type Once struct {
	Key     string
	Request [sha256.Size]byte
}

// OnceFor is how long a key is remembered.
const OnceFor = 24 * time.Hour

// longestOnce bounds a key, in bytes.
const longestOnce = 255

// Validate refuses a key that is too long or not of printable ASCII.
func (o Once) Validate() error {
	for i := range len(o.Key) {
		if c := o.Key[i]; c < 0x21 || c > 0x7e || i >= longestOnce {
			return Invalid("Idempotency-Key", geo.Say("幂等键不可用", "the key will not do"), geo.Say("请用 1 至 %d 个可见 ASCII 字符，例如 UUID", "use 1 to %d visible ASCII characters, such as a UUID", longestOnce))
		}
	}
	return nil
}

// ErrOtherRequest says that a key was used for something else.
var ErrOtherRequest = ConflictOn("Idempotency-Key", geo.Say("此幂等键已用于另一请求", "the key was used for another request"), geo.Say("请为新的请求换一个键", "choose another key for a new request"))
