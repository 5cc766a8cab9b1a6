package account

import (
	"context"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/check"
	"waymark/internal/errs"
	"waymark/internal/id"
	"waymark/internal/pg"
)

// Linked is somebody with a one-time link that is shown once and stored nowhere.
type Linked struct {
	Person
	Link string `json:"link,omitempty"`
}

// People lists one page of who may sign in.
func (s *Service) People(ctx context.Context, by access.Actor, f People) (page PeoplePage, err error) {
	if err := s.policy.Require(by, access.ManageUser); err != nil {
		return page, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		page, err = people(tx, f)
		return err
	})
	return page, err
}

// Person reads one.
func (s *Service) Person(ctx context.Context, by access.Actor, user access.UserID) (p Person, err error) {
	if err := s.policy.Require(by, access.ManageUser); err != nil {
		return p, err
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		p, err = personOf(tx, user)
		return err
	})
	return p, err
}

// manage checks the permission, locks the person, runs fn and notes it.
func (s *Service) manage(ctx context.Context, by access.Actor, user access.UserID, fn func(*pg.Tx, Person) (audit.Entry, error)) (after Person, err error) {
	if err := s.policy.Require(by, access.ManageUser); err != nil {
		return after, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		before, err := lockPerson(tx, user)
		if err != nil {
			return err
		}
		entry, err := fn(tx, before)
		if err != nil {
			return err
		}
		entry.Subject, entry.Participant = user.String(), before.ParticipantID
		if err := audit.Append(tx, by, entry); err != nil {
			return err
		}
		after, err = personOf(tx, user)
		return err
	})
	return after, emailTaken(err)
}

// manageSeen is manage of a person at the version that was seen.
func (s *Service) manageSeen(ctx context.Context, by access.Actor, user access.UserID, version int, fn func(*pg.Tx, Person) (audit.Entry, error)) (Person, error) {
	return s.manage(ctx, by, user, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		if p.Version != version {
			return audit.Entry{}, errs.New(errs.Conflict, "version")
		}
		return fn(tx, p)
	})
}

// Invite adds somebody who works for the agency and makes the link with which they set their first password.
func (s *Service) Invite(ctx context.Context, by access.Actor, in PersonInput) (made Linked, err error) {
	in.Email = NormalEmail(in.Email)
	if err := check.Struct(in); err != nil {
		return made, err
	}
	if !in.Role.Staff() {
		return made, errs.At("role", "role_participant")
	}
	if err := s.policy.Require(by, access.ManageUser); err != nil {
		return made, err
	}
	err = s.db.Write(ctx, by, func(tx *pg.Tx) error {
		if err := placed(tx, in); err != nil {
			return err
		}
		made, err = s.add(tx, by, in, access.ParticipantID{}, place{email: in.Email})
		return err
	})
	return made, emailTaken(err)
}

// add stores a person and the link of their invitation.
func (s *Service) add(tx *pg.Tx, by access.Actor, in PersonInput, participant access.ParticipantID, to place) (made Linked, err error) {
	if in.Language == "" {
		in.Language = "en"
	}
	user := id.New[access.User]()
	if err := pg.Insert(tx, `insert into users (agency_id, id, email, first_name, last_name, phone, role, office_id, participant_id, language, created_at, updated_at)
		values (:agency, :id, :email, :first, :last, :phone, :role, :office, :participant, :language, :now, :now)`,
		pg.Args{
			"agency": by.Agency, "id": user, "email": in.Email, "first": in.FirstName, "last": in.LastName, "phone": in.Phone, "role": string(in.Role),
			"office": in.OfficeID, "participant": participant, "language": in.Language, "now": tx.Now,
		}); err != nil {
		return made, err
	}
	if made.Link, err = s.addLink(tx, by, user, Invitation); err != nil {
		return made, err
	}
	if err := sendLink(tx, by, to, in.Language, Invitation, made.Link); err != nil {
		return made, err
	}
	if made.Person, err = personOf(tx, user); err != nil {
		return made, err
	}
	return made, audit.Append(tx, by, audit.Entry{Action: "user.invited", Participant: participant, Subject: user.String(), Detail: map[string]any{"role": in.Role}})
}

// ChangePerson changes name, e-mail, telephone, role and office. A new role ends their sessions.
func (s *Service) ChangePerson(ctx context.Context, by access.Actor, user access.UserID, version int, in PersonInput) (Person, error) {
	in.Email = NormalEmail(in.Email)
	if err := check.Struct(in); err != nil {
		return Person{}, err
	}
	return s.manageSeen(ctx, by, user, version, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		if err := mayBecome(by, p, in); err != nil {
			return audit.Entry{}, err
		}
		if p.OfficeID != in.OfficeID || p.Role != in.Role {
			if err := placed(tx, in); err != nil {
				return audit.Entry{}, err
			}
		}
		if p.Email != in.Email || p.Role != in.Role {
			if err := revokeLinks(tx, user); err != nil {
				return audit.Entry{}, err
			}
		}
		if in.Language == "" {
			in.Language = p.Language
		}
		if err := inLanguage(tx, p.ParticipantID, in.Language); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "user.changed", Detail: changed(p, in)}, pg.Insert(tx, `update users set email = :email, first_name = :first, last_name = :last, phone = :phone, language = :language,
				role = :role, office_id = :office, epoch = epoch + case when role <> :role then 1 else 0 end, version = version + 1, updated_at = :now where id = :id`,
			pg.Args{"email": in.Email, "first": in.FirstName, "last": in.LastName, "phone": in.Phone, "language": in.Language, "role": string(in.Role), "office": in.OfficeID, "now": tx.Now, "id": user})
	})
}

// changed names the fields that are now others; roles are codes and stand in full.
func changed(p Person, in PersonInput) map[string]any {
	fields := []string{}
	for name, differs := range map[string]bool{"email": p.Email != in.Email, "name": p.FirstName != in.FirstName || p.LastName != in.LastName, "phone": p.Phone != in.Phone, "office_id": p.OfficeID != in.OfficeID} {
		if differs {
			fields = append(fields, name)
		}
	}
	detail := map[string]any{"fields": fields}
	if p.Role != in.Role {
		detail["role_from"], detail["role_to"] = p.Role, in.Role
	}
	return detail
}

// mayBecome has the rules of roles: nobody changes their own, participants stay participants, and
// whoever leaves casework or the office hands their people over first.
func mayBecome(by access.Actor, p Person, in PersonInput) error {
	switch {
	case p.Role != in.Role && p.ID == by.ID:
		e := errs.At("role", "user.own_role")
		e.Kind, e.Code = errs.Forbidden, "user.self"
		return e
	case p.Role != in.Role && (!p.Role.Staff() || !in.Role.Staff()):
		return errs.At("role", "role_participant")
	case p.Role != in.Role && in.Role != access.CaseManager && in.Role != access.Supervisor && p.OpenCases > 0:
		return errs.AtArgs("role", "user.open_cases", map[string]any{"count": p.OpenCases})
	case p.OfficeID != in.OfficeID && p.OpenCases > 0:
		return errs.AtArgs("office_id", "user.open_cases", map[string]any{"count": p.OpenCases})
	}
	return nil
}

// Deactivate ends somebody's access at once. Their open cases must be with somebody else first, and
// an office with open cases keeps a supervisor.
func (s *Service) Deactivate(ctx context.Context, by access.Actor, user access.UserID, version int) (Person, error) {
	return s.manageSeen(ctx, by, user, version, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		if user == by.ID {
			return audit.Entry{}, errs.New(errs.Forbidden, "user.self")
		}
		if err := mayLeave(tx, p); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "user.deactivated"}, shutOut(tx, user)
	})
}

// ShutOut is Deactivate in an emergency, from the command line: at once, whoever's cases wait.
func (s *Service) ShutOut(ctx context.Context, by access.Actor, user access.UserID) error {
	_, err := s.manage(ctx, by, user, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		return audit.Entry{Action: "user.deactivated", Detail: map[string]any{"open_cases": p.OpenCases}}, shutOut(tx, user)
	})
	return err
}

// shutOut ends what somebody can do: sessions, coverages and links.
func shutOut(tx *pg.Tx, user access.UserID) error {
	if err := pg.Insert(tx, `update users set active = false, epoch = epoch + 1, version = version + 1, updated_at = :now where id = :id`, pg.Args{"id": user, "now": tx.Now}); err != nil {
		return err
	}
	if err := endSessions(tx, user); err != nil {
		return err
	}
	if err := pg.Insert(tx, `update coverages set ended_at = :now where (delegate_id = :id or case_manager_id = :id) and ended_at is null`, pg.Args{"id": user, "now": tx.Now}); err != nil {
		return err
	}
	return revokeLinks(tx, user)
}

// TakePassword is for emergencies, from the command line: the password and every session end at once, and
// nothing opens the account but a new password, set by the link that this gives.
func (s *Service) TakePassword(ctx context.Context, by access.Actor, user access.UserID) (made Linked, err error) {
	made.Person, err = s.manage(ctx, by, user, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		if !p.Active {
			return audit.Entry{}, errs.New(errs.Conflict, "user.inactive")
		}
		if _, err := setPassword(tx, user, ""); err != nil {
			return audit.Entry{}, err
		}
		var err error
		made.Link, err = s.addLink(tx, by, user, Reset)
		return audit.Entry{Action: "user.reset"}, err
	})
	return made, err
}

// mayLeave says how many cases hold somebody back.
func mayLeave(tx *pg.Tx, p Person) error {
	count, code := p.OpenCases, "user.open_cases"
	if count == 0 && p.Role == access.Supervisor && p.Active {
		var err error
		code = "user.last_supervisor"
		if count, err = pg.Get[int](tx, `select count(*) from cases c where c.office_id = :office and c.state not in ('ineligible', 'exited', 'follow_up', 'closed')
			and not exists (select from users x where x.office_id = :office and x.role = 'supervisor' and x.active and x.id <> :id)`,
			pg.Args{"office": p.OfficeID, "id": p.ID}); err != nil {
			return err
		}
	}
	if count == 0 && code == "user.open_cases" {
		count, code = p.Followed, "user.followed"
	}
	if count == 0 {
		return nil
	}
	e := errs.AtArgs("active", code, map[string]any{"count": count})
	e.Kind, e.Code, e.Current = errs.Conflict, "user.needed", map[string]any{"open_cases": count}
	return e
}

// Reactivate lets somebody sign in again, with the password they had.
func (s *Service) Reactivate(ctx context.Context, by access.Actor, user access.UserID, version int) (Person, error) {
	return s.manageSeen(ctx, by, user, version, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		if err := placed(tx, p.Input()); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "user.reactivated"}, pg.Insert(tx, `update users set active = true, epoch = epoch + 1, version = version + 1, updated_at = :now where id = :id`, pg.Args{"id": user, "now": tx.Now})
	})
}

// SendLink makes a link for a new password, or a new invitation for somebody who has none yet.
func (s *Service) SendLink(ctx context.Context, by access.Actor, user access.UserID) (made Linked, err error) {
	made.Person, err = s.manage(ctx, by, user, func(tx *pg.Tx, p Person) (audit.Entry, error) {
		if !p.Active {
			return audit.Entry{}, errs.New(errs.Conflict, "user.inactive")
		}
		purpose := Reset
		if p.Invited {
			purpose = Invitation
		}
		var err error
		if made.Link, err = s.addLink(tx, by, user, purpose); err != nil {
			return audit.Entry{}, err
		}
		return audit.Entry{Action: "user.link_made", Detail: map[string]any{"purpose": purpose}}, sendLink(tx, by, place{email: p.Email}, p.Language, purpose, made.Link)
	})
	return made, err
}

// ByEmail finds whose an address is, for the command line: the system's actor at their agency, and their id.
func (s *Service) ByEmail(ctx context.Context, email string) (access.Actor, access.UserID, error) {
	row, err := pg.Ask[signInRow](ctx, s.db, `select agency_id, user_id, password_hash, active, epoch from app.sign_in_user(:email)`, pg.Args{"email": NormalEmail(email)})
	return access.Actor{Agency: row.Agency, Role: access.System}, row.User, err
}
