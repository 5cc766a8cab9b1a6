package server

import "waymark/internal/account"

// services are the use cases that routes call, one a package of the domain.
type services struct {
	account *account.Service
}

func newServices(cfg Config) services {
	return services{
		account: account.New(cfg.DB, cfg.Policy, cfg.BaseURL),
	}
}

// allRoutes lists every concept's routes; each stands in the concept's own file.
func (s *Server) allRoutes() {
	s.signInRoutes()
}
