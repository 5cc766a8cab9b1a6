package heap

import "testing"

var kept []byte

func TestGrowthIsWhatWasHeldInBetween(t *testing.T) {
	grown := Growth(func() {
		kept = make([]byte, 64<<20)
		for i := range kept {
			kept[i] = byte(i)
		}
		kept = nil
	})
	if grown < 60<<20 || grown > 100<<20 {
		t.Errorf("64 MB look like %d MB", grown>>20)
	}
}
