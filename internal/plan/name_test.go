package plan

import "testing"

func TestANameMayBeTypedAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	long := [2]string{"María José", "Andrade Peña de la Cruz"}
	for typed, same := range map[string]bool{
		"María José Andrade Peña de la Cruz":   true,
		"MARIA JOSE ANDRADE PENA DE LA CRUZ":   true,
		"maria andrade":                        true,
		"  María   José  Andrade-Peña ":        true,
		"Mari\u0301a Jose\u0301 Andrade":       true, // the accents as characters of their own
		"M. José Andrade":                      true,
		"María José de la Cruz":                true,
		"Maria Lopez Andrade":                  true, // one more name in between
		"Maria Lopez":                          false,
		"José María Lopez Ruiz":                false,
		"Ana Andrade":                          false,
		"María de X":                           false,
		"Andrade":                              false,
		"María José":                           false,
		"":                                     false,
		"Maria Lopez Garcia Andrade Ruiz Diaz": false,
	} {
		if got := sameName(typed, long); got != same {
			t.Errorf("%q is the name on file: %v, want %v", typed, got, same)
		}
	}
	if !sameName("Rosi Jimenez", [2]string{"Rosa", "Jiménez"}, [2]string{"Rosi", "Jiménez"}) {
		t.Error("the name that somebody goes by is theirs too")
	}
	if !sameName("o’brien, sean", [2]string{"", "Sean O'Brien"}) && !sameName("Sean OBrien", [2]string{"Sean", "O'Brien"}) {
		t.Error("an apostrophe is no difference")
	}
	if !sameName("Sukarno", [2]string{"Sukarno", ""}) {
		t.Error("some have one name")
	}
}
