package postgis_test

import (
	"os"
	"testing"

	"github.com/dikuai/dikuai/data/postgis/postgistest"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }
