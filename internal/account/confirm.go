package account

import (
	"context"

	"waymark/internal/access"
)

// Confirm asks whoever is signed in for their password once more, before they sign something.
// Wrong ones count like failed sign-ins; refused: password=password_needed or password_wrong.
func (s *Service) Confirm(ctx context.Context, by access.Actor, password, ip string) error {
	p, _, err := s.ownWithHash(ctx, by)
	if err != nil {
		return err
	}
	return s.proved(ctx, p, "password", password, ip)
}
