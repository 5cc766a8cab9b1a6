package portal

import (
	"context"
	"time"

	"waymark/internal/access"
	"waymark/internal/audit"
	"waymark/internal/casefile"
	"waymark/internal/civil"
	"waymark/internal/id"
	"waymark/internal/msg"
	"waymark/internal/pg"
	"waymark/internal/sms"
)

// longestText is what is kept of a text: as much as of a message.
const longestText = 2000

// texted is an agency that knows a telephone, and whom the telephone's texts are about there.
type texted struct {
	by    access.Actor
	name  string
	phone string
	// The newest text about somebody who has this number, else the one person who has it.
	Case  access.CaseID `db:"case_id"`
	About string        `db:"about"`
	Sent  time.Time     `db:"sent"`
}

// ByText takes in what somebody wrote from their telephone and gives the words to answer with, if any. STOP
// and START hold at every agency that knows the number. A 1 or a 2 answers the appointment that we wrote
// about last; everything else lands in the thread. The same text told twice counts once.
func (s *Service) ByText(ctx context.Context, r sms.Reply) (answer string, err error) {
	agencies, err := pg.AskAll[access.AgencyID](ctx, s.db, `select id from app.texting_agencies(:digits)`, pg.Args{"digits": r.Digits})
	if err != nil || len(agencies) == 0 {
		return "", err
	}
	word, lang := sms.Read(r.Body)
	if word == sms.Stop || word == sms.Start {
		return s.stopOrStart(ctx, agencies, r, word, lang)
	}
	var meant texted
	for _, a := range agencies {
		t, err := s.textedBy(ctx, a, r.Digits)
		if err != nil {
			return "", err
		}
		if t.Sent.IsZero() && len(agencies) > 1 {
			t.Case = access.CaseID{} // it cannot be told for which of them it is
		}
		if meant.name == "" || t.Sent.After(meant.Sent) || meant.Case.IsZero() {
			meant = t
		}
	}
	if word == sms.Help || meant.Case.IsZero() || r.Body == "" {
		return s.helped(ctx, meant, r, word, lang)
	}
	return s.heard(ctx, meant, r, word)
}

// textedBy finds whom an agency's texts to a telephone are about. People of one family may share it: then
// it is whoever the newest text was about.
func (s *Service) textedBy(ctx context.Context, agency access.AgencyID, digits string) (t texted, err error) {
	by := access.Actor{Agency: agency, Role: access.System}
	type facts struct {
		Name  string `db:"name"`
		Phone string `db:"phone"`
		Zone  string `db:"time_zone"`
	}
	err = s.db.Read(ctx, by, func(tx *pg.Tx) error {
		f, err := pg.Get[facts](tx, `select name, phone, time_zone from agencies where id = :agency`, pg.Args{"agency": agency})
		if err != nil {
			return err
		}
		if by.Zone, err = time.LoadLocation(f.Zone); err != nil {
			return err
		}
		t, _, err = pg.Find[texted](tx, `
			select o.case_id, case when o.kind = 'appointment' then coalesce(cast(o.about as text), '') else '' end as about, o.created_at as sent
			from outbox o join cases c on c.agency_id = o.agency_id and c.id = o.case_id join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
			where o.channel = 'text' and o.recipient = '+1' || :digits and right(p.phone_digits, 10) = :digits and `+casefile.OpenStates+`
			order by o.created_at desc limit 1`, pg.Args{"digits": digits})
		if err == nil && t.Case.IsZero() {
			t.Case, err = onlyOne(tx, digits)
		}
		t.by, t.name, t.phone = by, f.Name, f.Phone
		return err
	})
	return t, err
}

// onlyOne is the open case of the one person who has the number; none when there are several.
func onlyOne(tx *pg.Tx, digits string) (access.CaseID, error) {
	list, err := pg.List[access.CaseID](tx, `select c.id from participants p join cases c on c.agency_id = p.agency_id and c.participant_id = p.id
		where p.phone_digits in (:digits, '1' || :digits) and `+casefile.OpenStates+` limit 2`, pg.Args{"digits": digits})
	if err != nil || len(list) != 1 {
		return access.CaseID{}, err
	}
	return list[0], nil
}

// received notes that a text came; false says that it had come before.
func received(tx *pg.Tx, by access.Actor, r sms.Reply, word sms.Word, caseID access.CaseID) (bool, error) {
	n, err := pg.Exec(tx, `insert into text_replies (agency_id, id, provider_id, said, case_id, received_at) values (:agency, :id, :provider, :said, :case_id, :now)
		on conflict (agency_id, provider_id) do nothing`,
		pg.Args{"agency": by.Agency, "id": id.New[texted](), "provider": r.Provider, "said": string(word), "case_id": caseID, "now": tx.Now})
	return n == 1, err
}

// stopOrStart answers the Spanish words; to the English ones the provider answers by itself.
func (s *Service) stopOrStart(ctx context.Context, agencies []access.AgencyID, r sms.Reply, word sms.Word, lang string) (answer string, err error) {
	for _, a := range agencies {
		by := access.Actor{Agency: a, Role: access.System}
		if err := s.db.Write(ctx, by, func(tx *pg.Tx) error {
			first, err := received(tx, by, r, word, access.CaseID{})
			if err != nil || !first {
				return err
			}
			action := "texts.started"
			if word == sms.Stop {
				action, err = "texts.stopped", sms.StopFor(tx, by, r.Digits)
			} else {
				err = sms.StartFor(tx, r.Digits)
			}
			if err != nil {
				return err
			}
			if lang == "es" {
				answer = msg.For(lang).T("text." + string(word))
			}
			return auditNumber(tx, by, r.Digits, action)
		}); err != nil {
			return "", err
		}
	}
	return answer, nil
}

// auditNumber notes something with everybody who has a telephone.
func auditNumber(tx *pg.Tx, by access.Actor, digits, action string) error {
	people, err := pg.List[access.ParticipantID](tx, `select id from participants where phone_digits in (:digits, '1' || :digits) order by id limit 20`, pg.Args{"digits": digits})
	if err != nil {
		return err
	}
	for _, p := range people {
		if err := audit.Append(tx, by, audit.Entry{Action: action, Participant: p}); err != nil {
			return err
		}
	}
	return nil
}

// helped says whom to call, to whoever asks and to whoever cannot be told apart.
func (s *Service) helped(ctx context.Context, t texted, r sms.Reply, word sms.Word, lang string) (answer string, err error) {
	err = s.db.Write(ctx, t.by, func(tx *pg.Tx) error {
		first, err := received(tx, t.by, r, word, t.Case)
		if err == nil && first {
			answer = msg.For(lang).T("text.help", msg.Args{"agency": t.name, "phone": msg.Phone(t.phone)})
		}
		return err
	})
	return answer, err
}

// heard is what an answer does: it answers an appointment, or it is a message.
func (s *Service) heard(ctx context.Context, t texted, r sms.Reply, word sms.Word) (answer string, err error) {
	err = s.db.Write(ctx, t.by, func(tx *pg.Tx) error {
		c, err := casefile.LockForSweep(tx, t.Case)
		if err != nil {
			return err
		}
		first, err := received(tx, t.by, r, word, c.ID)
		if err != nil || !first {
			return err
		}
		told := Signal{ID: id.New[Signal](), CaseID: c.ID, Kind: "message", Body: shortened(r.Body), Language: c.Language, SentAt: tx.Now}
		if word != sms.Message {
			a, found, err := t.asked(tx)
			if err != nil {
				return err
			}
			if found {
				words := msg.For(c.Language)
				answer = words.T("text.answered."+string(word), msg.Args{"day": words.WeekdayName(a.On) + " " + words.LongDay(a.On), "time": atTime(words, a.At)})
				told.Kind, told.Body = "another_time", ""
				if err := reply(tx, t.by, c, a, map[sms.Word]string{sms.Yes: "coming", sms.OtherTime: "another_time"}[word]); err != nil || word == sms.Yes {
					return err
				}
			}
		}
		if err := insertSignal(tx, t.by, told); err != nil {
			return err
		}
		return audit.Append(tx, t.by, audit.Entry{Action: "signal.sent", Case: c.ID, Subject: told.ID.String(), Detail: map[string]any{"kind": told.Kind, "by": "text"}})
	})
	return answer, err
}

// asked is the appointment that the newest text was about, else the next one.
func (t texted) asked(tx *pg.Tx) (a Appointment, found bool, err error) {
	return pg.Find[Appointment](tx, `select `+appointmentColumns+` from appointments where case_id = :case_id and state = 'planned' and on_date >= cast(:today as date)
		order by cast(id as text) <> :about, on_date, at_time nulls last, id limit 1`, pg.Args{"case_id": t.Case, "about": t.About, "today": t.by.Today(tx.Now)})
}

func reply(tx *pg.Tx, by access.Actor, c casefile.Case, a Appointment, said string) error {
	if err := answer(tx, a, ReplyInput{Answer: said}); err != nil {
		return err
	}
	return audit.Append(tx, by, audit.Entry{Action: "appointment.answered", Case: c.ID, Subject: a.ID.String(), Detail: map[string]any{"answer": said, "by": "text"}})
}

func atTime(words *msg.Catalogue, at civil.Clock) string {
	if at.IsZero() {
		return ""
	}
	return words.Clock(at.Time())
}

func shortened(s string) string {
	if r := []rune(s); len(r) > longestText {
		return string(r[:longestText])
	}
	return s
}
