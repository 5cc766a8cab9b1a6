package mail_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"waymark/internal/mail"
	"waymark/internal/pg"
	"waymark/internal/world"
)

// trusted is the certificate that this machine trusts, stranger one that it does not.
var trusted, stranger tls.Certificate

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "mail")
	if err != nil {
		log.Fatal(err)
	}
	var root []byte
	trusted, root = certificate()
	stranger, _ = certificate()
	file := filepath.Join(dir, "roots.pem")
	if err := errors.Join(os.WriteFile(file, root, 0o600), os.Setenv("SSL_CERT_FILE", file)); err != nil {
		log.Fatal(err)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// certificate makes one for this machine, signed by itself.
func certificate() (tls.Certificate, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		log.Fatal(err)
	}
	of := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: "mail"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &key.PublicKey, key)
	if err != nil {
		log.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// office is a mail server that keeps what it gets. Busy is how many letters it still turns away.
type office struct {
	mu   sync.Mutex
	got  []string
	busy int
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{office: o}, nil }

func (o *office) letters() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.got
}

type visit struct {
	office *office
	known  bool
}

func (v *visit) AuthMechanisms() []string { return []string{sasl.Plain} }

func (v *visit) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "waymark" || password != "secret" {
			return smtp.ErrAuthFailed
		}
		v.known = true
		return nil
	}), nil
}

func (v *visit) Mail(string, *smtp.MailOptions) error {
	if !v.known {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (v *visit) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (v *visit) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	if v.office.busy > 0 {
		v.office.busy--
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "Busy"}
	}
	v.office.got = append(v.office.got, string(b))
	return err
}

func (v *visit) Reset()        {}
func (v *visit) Logout() error { return nil }

// open starts a mail server; with TLS from the start, or from STARTTLS on.
func open(t *testing.T, o *office, cert tls.Certificate, fromTheStart bool) (address string) {
	t.Helper()
	s := smtp.NewServer(o)
	s.Domain, s.ErrorLog = "127.0.0.1", log.New(io.Discard, "", 0)
	s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = l.Addr().String()
	if fromTheStart {
		l = tls.NewListener(l, s.TLSConfig)
	}
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	return address
}

func sender(t *testing.T, scheme, user, address string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(scheme + "://" + user + "@" + address + "?from=waymark@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var morning = mail.Letter{Recipient: "dana@example.org", Subject: "Waymark: your list today", Body: "Overdue: 7\n", Unsubscribe: "https://waymark.example/digest/stop/abc"}

func TestALetterArrivesOverTLS(t *testing.T) {
	t.Parallel()
	for scheme, fromTheStart := range map[string]bool{"smtp": false, "smtps": true} {
		o := &office{}
		if err := sender(t, scheme, "waymark:secret", open(t, o, trusted, fromTheStart)).Send(t.Context(), morning); err != nil {
			t.Fatalf("%s: %v", scheme, err)
		}
		if len(o.letters()) != 1 {
			t.Fatalf("%s: %d letters", scheme, len(o.letters()))
		}
		m, err := netmail.ReadMessage(strings.NewReader(o.letters()[0]))
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(m.Body)
		for header, want := range map[string]string{
			"Subject": morning.Subject, "To": "<dana@example.org>", "From": "<waymark@example.org>",
			"List-Unsubscribe": "<" + morning.Unsubscribe + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
		} {
			if got := m.Header.Get(header); got != want {
				t.Errorf("%s: %s is %q, want %q", scheme, header, got, want)
			}
		}
		if strings.TrimSpace(string(body)) != "Overdue: 7" {
			t.Errorf("%s: %q", scheme, body)
		}
	}
}

func TestNoLetterGoesToAServerThatIsNotTheOneMeant(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		scheme, user string
		cert         tls.Certificate
		fromTheStart bool
	}{
		"a strange certificate":              {"smtps", "waymark:secret", stranger, true},
		"a strange certificate, by STARTTLS": {"smtp", "waymark:secret", stranger, false},
		"the wrong password":                 {"smtps", "waymark:guess", trusted, true},
		"the wrong password, by STARTTLS":    {"smtp", "waymark:guess", trusted, false},
	} {
		o := &office{}
		err := sender(t, tt.scheme, tt.user, open(t, o, tt.cert, tt.fromTheStart)).Send(t.Context(), morning)
		if err == nil || len(o.letters()) > 0 {
			t.Errorf("%s: %v, %d letters", name, err, len(o.letters()))
		}
	}
}

// row is what the outbox says of a letter.
type row struct {
	Attempts int    `db:"attempts"`
	Sent     bool   `db:"sent"`
	Waits    bool   `db:"waits"`
	Failed   string `db:"failed"`
	Kept     string `db:"kept"`
}

func TestALetterThatIsTurnedAwayIsTriedAgainLater(t *testing.T) {
	t.Parallel()
	w := world.New(t)
	o := &office{busy: 1}
	address := open(t, o, trusted, true)
	if err := w.DB.Write(t.Context(), w.Dana, func(tx *pg.Tx) error { return mail.Queue(tx, w.Dana, morning) }); err != nil {
		t.Fatal(err)
	}
	look := func() (r row) {
		t.Helper()
		if err := w.Owner.Read(t.Context(), w.Dana, func(tx *pg.Tx) (err error) {
			r, err = pg.Get[row](tx, `select attempts, sent_at is not null as sent, next_at > clock_timestamp() as waits, failed, body || unsubscribe as kept from outbox`, nil)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		return r
	}
	sweep := func(user string, want int) {
		t.Helper()
		if n, err := mail.Sweep(t.Context(), w.DB, sender(t, "smtps", user, address)); err != nil || n != want {
			t.Errorf("%d sent, %v; want %d", n, err, want)
		}
	}
	due := func() {
		t.Helper()
		if err := w.Owner.Write(t.Context(), w.Dana, func(tx *pg.Tx) error { return pg.ExecOne(tx, `update outbox set next_at = clock_timestamp()`, nil) }); err != nil {
			t.Fatal(err)
		}
	}
	sweep("waymark:guess", 0)
	if r := look(); r.Attempts != 1 || r.Sent || !r.Waits || r.Failed == "" || strings.Contains(r.Failed, "dana") {
		t.Errorf("the wrong password: %+v", r)
	}
	sweep("waymark:secret", 0) // its time has not come
	due()
	sweep("waymark:secret", 0) // the server is busy
	if r := look(); r.Attempts != 2 || r.Sent || len(o.letters()) != 0 {
		t.Errorf("turned away: %+v", r)
	}
	due()
	sweep("waymark:secret", 1)
	if r := look(); !r.Sent || r.Kept != "" || r.Failed != "" || len(o.letters()) != 1 {
		t.Errorf("sent: %+v, %d letters", r, len(o.letters()))
	}
	due()
	sweep("waymark:secret", 0)
	if len(o.letters()) != 1 {
		t.Error("sent twice")
	}
}
