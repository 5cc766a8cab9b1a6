package server

import (
	"strings"
	"testing"

	"waymark/internal/openapi"

	"github.com/gin-gonic/gin"
)

func TestEveryRouteOfTheAPIIsDescribedAndNothingElseIs(t *testing.T) {
	t.Parallel()
	gin.SetMode(gin.ReleaseMode)
	s := &Server{engine: gin.New()}
	s.allRoutes()
	known := map[string]bool{}
	for _, rt := range s.routes {
		if !rt.API {
			continue
		}
		name := rt.Method + " " + strings.TrimPrefix(rt.Path, prefix)
		o, ok := contract[name]
		known[name] = true
		switch {
		case !ok:
			t.Errorf("%s: say in the contract what it is for, what it reads and what it answers", name)
		case o.Summary == "" || !contains(groups, o.Tag):
			t.Errorf("%s: no summary, or a group %q that is none of %v", name, o.Tag, groups)
		case rt.Method != "GET" && rt.Bare != (o.In == nil):
			t.Errorf("%s: register what reads no body as an action, and name the input of what does", name)
		case o.Out == nil && o.File == "" && rt.Method != "DELETE":
			t.Errorf("%s: name the type that it answers", name)
		}
	}
	for name := range contract {
		if !known[name] {
			t.Errorf("%s is described and gone", name)
		}
	}
}

func contains(list []string, s string) bool {
	return strings.Contains("|"+strings.Join(list, "|")+"|", "|"+s+"|")
}

// unversioned are the changes of what is there that name no version, each with why nothing is lost.
var unversioned = map[string]string{
	"DELETE /session":                  "ends one's own session",
	"DELETE /me/calendar/feed":         "ends one's own feed",
	"DELETE /caseload/views/:saved":    "removes one's own view",
	"PUT /cases/:case/intake":          "the body names the version of each section",
	"PUT /me/tasks":                    "one's own answers, which wait for somebody to accept them",
	"PUT /reviews/:review/cases/:case": "ticks of a checklist, each noted; a corrected one stays",
}

func TestEveryChangeOfWhatIsThereNamesItsVersion(t *testing.T) {
	t.Parallel()
	gin.SetMode(gin.ReleaseMode)
	s := &Server{engine: gin.New()}
	s.allRoutes()
	for _, rt := range s.routes {
		name := rt.Method + " " + strings.TrimPrefix(rt.Path, prefix)
		if !rt.API || rt.Method == "GET" || rt.Method == "POST" {
			continue
		}
		_, free := unversioned[name]
		if versioned := rt.described().Match != openapi.NoMatch; versioned == free {
			t.Errorf("%s: takes a version %v; listed as one that needs none %v", name, versioned, free)
		}
	}
}
