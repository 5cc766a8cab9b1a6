package seed

import (
	"encoding/json"
	"strings"

	"waymark/seeds"
)

// jobs are the three goals that people of an area tend to have; pay in cents.
type jobs struct {
	titles [3]string
	codes  [3]string
	pays   [3][2]int64
}

// jobsOf picks by the pathway's letter; titles and codes stand in seeds/pathways.
func jobsOf(area string) jobs {
	switch area[:1] {
	case "H":
		return jobs{[3]string{"Personal care aide", "Nursing assistant", "Licensed practical nurse"}, [3]string{"31-1122.00", "31-1131.00", "29-2061.00"}, [3][2]int64{{1750, 1750}, {4041000, 4500000}, {6200000, 7300000}}}
	case "I":
		return jobs{[3]string{"Office clerk", "User support specialist", "Network support specialist"}, [3]string{"43-9061.00", "15-1232.00", "15-1231.00"}, [3][2]int64{{1950, 1950}, {4781000, 5600000}, {6200000, 7400000}}}
	case "C":
		return jobs{[3]string{"Carpenter's helper", "Carpenter", "Building inspector"}, [3]string{"47-3012.00", "47-2031.00", "47-4011.00"}, [3][2]int64{{1950, 1950}, {5200000, 6000000}, {6500000, 7800000}}}
	case "T":
		return jobs{[3]string{"Light truck driver", "Heavy truck driver", "Dispatcher"}, [3]string{"53-3033.00", "53-3032.00", "43-5032.00"}, [3][2]int64{{1900, 1900}, {5200000, 6200000}, {5300000, 6500000}}}
	default:
		return jobs{[3]string{"Assembler", "Machine operator trainee", "CNC operator"}, [3]string{"51-2092.00", "51-4031.00", "51-9161.00"}, [3][2]int64{{1850, 1850}, {4900000, 5500000}, {4800000, 9000000}}}
	}
}

// classOf is the class that people of an area take first.
func classOf(area string) string {
	return map[string]string{"M": "Shop math and blueprint reading", "H": "Nursing assistant course", "I": "CompTIA A+", "C": "Construction core course", "T": "CDL course"}[area[:1]]
}

// classESOf is classOf in Spanish.
func classESOf(area string) string {
	return map[string]string{"M": "Matemáticas para el taller y lectura de planos", "H": "Curso de asistente de enfermería", "I": "CompTIA A+", "C": "Curso básico de construcción", "T": "Curso para la licencia comercial"}[area[:1]]
}

// promises are what a plan in a language says that the participant and the agency do, and what if it stops.
func promises(lang string) (participant, agency []string, stop string) {
	if lang == "es" {
		return []string{"Ir a clase y al trabajo.", "Avisar si falto a clase."}, []string{"Pagar el curso.", "Dar una tarjeta de gasolina."}, "Puedo parar y volver. Para volver, llamo a cualquier oficina."
	}
	return []string{"Go to class and work.", "Tell my case manager if I miss class."}, []string{"Pay tuition.", "Give a gas card."}, "I can stop and come back. To return, I call any agency office."
}

var firstNames, lastNames = names()

// names are the pools of seeds/demo/names.json: all invented.
func names() (first, last []string) {
	var pools struct {
		First []string `json:"first_names"`
		Last  []string `json:"last_names"`
	}
	b, err := seeds.FS.ReadFile("demo/names.json")
	if err == nil {
		err = json.Unmarshal(b, &pools)
	}
	if err != nil || len(pools.First) == 0 || len(pools.Last) == 0 {
		return []string{"Ana"}, []string{"Made-up"}
	}
	return pools.First, pools.Last
}

// pool gives the i-th pair of names; no pair comes twice in the first thousands.
func pool(i int) (first, last string) {
	return firstNames[(i*7+3)%len(firstNames)], strings.TrimSpace(lastNames[(i*3+i/len(lastNames))%len(lastNames)])
}
