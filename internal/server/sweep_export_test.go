package server

// Served lists what the engine itself answers, for the test that compares it with the manifest.
func (s *Server) Served() []string {
	var list []string
	for _, r := range s.engine.Routes() {
		list = append(list, r.Method+" "+r.Path)
	}
	return list
}
