package recommend

import (
	"slices"

	"waymark/internal/pathway"
)

// Why somebody enters an area where they do.
const (
	EntryUsual      = "usual"
	EntryEducation  = "education"
	EntryExperience = "experience"
)

// schooling ranks PIRL 408 among pathway.Educations: 0 none; 1, 2 and 3 school completed; then
// some college, certificate, associate, bachelor and beyond.
var schooling = map[int]string{
	0: "none", 1: "high_school", 2: "high_school", 3: "high_school", 4: "some_college",
	5: "certificate", 6: "associate", 7: "bachelor", 8: "master",
}

// entryStep is the step at which the person can begin. It is the area's usual one, unless
//   - related experience in the area stands for what the next step asks on the job, or
//   - the education reached meets a higher step that asks for more of it than the step below,
//     and for no experience or credential that we do not know of.
//
// In both cases every education that employers insist on must be met. It never passes the
// highest step worth aiming at.
func entryStep(e pathway.Edition, a pathway.Area, in Inputs) (step int, why string) {
	step, why = a.EntryStep, EntryUsual
	if in.Education == nil {
		return step, why
	}
	reached := slices.Index(pathway.Educations, schooling[*in.Education])
	limit := slices.Max(a.TargetSteps)
	if next, ok := e.StepNumbered(step + 1); ok && step < limit && in.experienced(a.Code) && reached >= asked(next, a.Code).education {
		step, why = step+1, EntryExperience
	}
	for n := a.EntryStep + 1; n <= limit; n++ {
		s, ok := e.StepNumbered(n)
		below, _ := e.StepNumbered(n - 1)
		need := asked(s, a.Code)
		if ok && n > step && !need.more && reached >= need.education && need.education > asked(below, a.Code).education {
			step, why = n, EntryEducation
		}
	}
	return step, why
}

// needs is what a step insists on: an education by rank, and whether experience or a credential.
type needs struct {
	education int
	more      bool
}

func asked(s pathway.Step, area string) needs {
	var n needs
	for _, r := range s.Requirements {
		if !r.Hard || r.Area != "" && r.Area != area {
			continue
		}
		switch r.Kind {
		case "education":
			n.education = max(n.education, slices.Index(pathway.Educations, r.Value))
		case "experience", "credential":
			n.more = true
		}
	}
	return n
}
