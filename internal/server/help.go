package server

import (
	"net/http"

	"waymark/internal/access"
	helppage "waymark/web/page/help"
)

func (s *Server) helpRoutes() {
	for path, name := range map[string]string{"/help": "help", "/accessibility": "accessibility", "/privacy": "privacy"} {
		s.publicPage("GET", path, func(r *request) error {
			name := name
			if name == "help" && r.by.Role == access.ParticipantRole {
				name = "my_help" // what staff do is not theirs to learn
			}
			c := r.chrome("", name+".title")
			return r.show(http.StatusOK, c, helppage.Text{Chrome: c, Name: name}.Body())
		})
	}
	s.publicPage("GET", "/help/shortcuts", (*request).showShortcuts)
}

func (r *request) showShortcuts() error {
	c := r.chrome("", "shortcuts.title")
	return r.show(http.StatusOK, c, helppage.Shortcuts{Chrome: c, On: r.session.Shortcuts}.Body())
}
