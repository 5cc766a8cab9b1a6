package intake

import (
	"testing"

	"waymark/internal/access"
	"waymark/internal/id"
)

func TestASealedNumberOpensForItsOwnPersonOnly(t *testing.T) {
	v := vault{make([]byte, 32)}
	agency, rosa, luis := id.New[access.Agency](), id.New[access.Participant](), id.New[access.Participant]()
	number, err := ParseSSN("219-09-9999")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := v.seal(number, agency, rosa)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := v.open(sealed, agency, rosa); err != nil || got != number {
		t.Errorf("%v %v", got, err)
	}
	if _, err := v.open(sealed, agency, luis); err == nil {
		t.Error("another person's row opened it")
	}
	if _, err := v.open(sealed, id.New[access.Agency](), rosa); err == nil {
		t.Error("another agency opened it")
	}
}
