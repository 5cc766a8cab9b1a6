package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends through one mail server.
type SMTP struct {
	host    string
	options []gomail.Option
	from    string
}

// ErrURL says how WAYMARK_SMTP_URL looks.
var ErrURL = errors.New("WAYMARK_SMTP_URL is like smtp://user:password@mail.example.org:587?from=waymark@example.org, or smtps:// for TLS from the start")

// NewSMTP reads the server's address. smtp asks for STARTTLS, unless the server is this machine;
// smtps is TLS from the start.
func NewSMTP(address string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.Query().Get("from") == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, ErrURL
	}
	s := &SMTP{host: u.Hostname(), from: u.Query().Get("from"), options: []gomail.Option{gomail.WithTimeout(15 * time.Second)}}
	port := map[string]int{"smtp": 587, "smtps": 465}[u.Scheme]
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil {
			return nil, ErrURL
		}
	}
	s.options = append(s.options, gomail.WithPort(port))
	switch {
	case u.Scheme == "smtps":
		s.options = append(s.options, gomail.WithSSL())
	case isLocal(u.Hostname()):
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSOpportunistic))
	default:
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(u.User.Username()), gomail.WithPassword(password))
	}
	return s, nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Send takes one letter to the server. Its id is the message's, so that a second try can be recognised.
func (s *SMTP) Send(ctx context.Context, l Letter) error {
	m := gomail.NewMsg()
	if err := errors.Join(m.From(s.from), m.To(l.Recipient)); err != nil {
		return fmt.Errorf("mail: address: %w", err)
	}
	m.SetMessageIDWithValue(l.ID.String() + "@waymark")
	m.SetDate()
	if l.Unsubscribe != "" {
		m.SetGenHeader(gomail.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(gomail.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.Subject(l.Subject)
	m.SetBodyString(gomail.TypeTextPlain, l.Body)
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: client: %w", err)
	}
	if err := client.DialAndSendWithContext(ctx, m); err != nil {
		return fmt.Errorf("mail: send: %w", err)
	}
	return nil
}
