package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"waymark/internal/document"
	"waymark/internal/mail"
	"waymark/internal/msg"
	"waymark/internal/pdf"
	"waymark/internal/sms"
)

// config is read from the environment once; see README.md. Every problem is reported together.
type config struct {
	addr        string
	metricsAddr string // "": no metrics
	dataDir     string
	databaseURL string
	baseURL     string
	key         string
	smtp        *mail.SMTP  // nil: letters stay in the outbox
	texts       *sms.Twilio // nil: so do texts
	proxies     []string
	printer     *pdf.Chromium    // nil: people print with their own browser
	scanner     document.Scanner // nil: files are not scanned
	level       slog.Level
	clock       time.Time
	serving     bool // people wait for answers: the database bounds every statement
}

func readConfig() (config, error) {
	var problems []error
	get := func(name, otherwise string) string {
		v, err := setting(name)
		if err != nil {
			problems = append(problems, err)
		}
		if v == "" {
			return otherwise
		}
		return v
	}
	c := config{
		addr: get("WAYMARK_ADDR", "127.0.0.1:8080"), dataDir: get("WAYMARK_DATA_DIR", defaultDataDir()), databaseURL: get("DATABASE_URL", ""),
		key: get("WAYMARK_KEY", ""),
	}
	host, port, err := net.SplitHostPort(c.addr)
	if err != nil {
		problems = append(problems, fmt.Errorf("WAYMARK_ADDR %q is not host:port, like 127.0.0.1:8080", c.addr))
	}
	if c.metricsAddr = get("WAYMARK_METRICS_ADDR", ""); c.metricsAddr != "" {
		if _, _, err := net.SplitHostPort(c.metricsAddr); err != nil || c.metricsAddr == c.addr {
			problems = append(problems, fmt.Errorf("WAYMARK_METRICS_ADDR %q is not host:port of its own, like 127.0.0.1:9090", c.metricsAddr))
		}
	}
	if host == "" || host == "0.0.0.0" || host == "127.0.0.1" || host == "::" {
		host = "localhost"
	}
	c.baseURL = get("WAYMARK_BASE_URL", "http://"+net.JoinHostPort(host, port))
	if err := checkBase(c.baseURL); err != nil {
		problems = append(problems, err)
	}
	if p := get("WAYMARK_TRUSTED_PROXIES", ""); p != "" {
		for _, one := range strings.Split(p, ",") {
			one = strings.TrimSpace(one)
			if _, _, err := net.ParseCIDR(one); err != nil && net.ParseIP(one) == nil {
				problems = append(problems, fmt.Errorf("WAYMARK_TRUSTED_PROXIES: %q is neither an address nor a network", one))
			}
			c.proxies = append(c.proxies, one)
		}
	}
	if v := get("WAYMARK_WORDS", ""); v != "" {
		if err := msg.Add(os.DirFS(v)); err != nil {
			problems = append(problems, fmt.Errorf("WAYMARK_WORDS: %w", err))
		}
	}
	if v := get("WAYMARK_SMTP_URL", ""); v != "" {
		if c.smtp, err = mail.NewSMTP(v); err != nil {
			problems = append(problems, fmt.Errorf("WAYMARK_SMTP_URL: %w", err))
		}
	}
	if v := get("WAYMARK_SMS_URL", ""); v != "" {
		if c.texts, err = sms.NewTwilio(v, c.baseURL); err != nil {
			problems = append(problems, err)
		}
	}
	if v := get("WAYMARK_CHROMIUM", ""); v != "" {
		if c.printer, err = pdf.NewChromium(v); err != nil {
			problems = append(problems, fmt.Errorf("WAYMARK_CHROMIUM: %w", err))
		}
	}
	if v := get("WAYMARK_CLAMD", ""); v != "" {
		if c.scanner, err = document.NewClamd(v); err != nil {
			problems = append(problems, fmt.Errorf("WAYMARK_CLAMD: %w", err))
		}
	}
	if err := c.level.UnmarshalText([]byte(get("WAYMARK_LOG_LEVEL", "warn"))); err != nil {
		problems = append(problems, errors.New("WAYMARK_LOG_LEVEL is one of debug, info, warn, error"))
	}
	if v := get("WAYMARK_CLOCK", ""); v != "" {
		if c.clock, err = time.Parse(time.RFC3339, v); err != nil {
			problems = append(problems, fmt.Errorf("WAYMARK_CLOCK %q is not a time like 2026-11-23T13:41:00Z", v))
		}
	}
	return c, errors.Join(problems...)
}

// setting reads NAME, or the file that NAME_FILE names.
func setting(name string) (string, error) {
	if v := os.Getenv(name); v != "" {
		return v, nil
	}
	path := os.Getenv(name + "_FILE")
	if path == "" {
		return "", nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE: %w", name, err)
	}
	return strings.TrimSpace(string(b)), nil
}

// checkBase refuses plain http that is not loopback: passwords would travel in the clear.
func checkBase(base string) error {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("WAYMARK_BASE_URL %q is not an address like https://waymark.example.org", base)
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme == "http" && u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("WAYMARK_BASE_URL %q: signing in needs https unless the host is this machine", base)
	}
	return nil
}

// defaultDataDir is closed to nobody on the way to it: as root the database server runs as another account.
func defaultDataDir() string {
	if os.Geteuid() == 0 {
		return "/var/lib/waymark"
	}
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "waymark")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return filepath.Join(os.TempDir(), "waymark")
	}
	return filepath.Join(home, ".local", "share", "waymark")
}

// ticking is domain time: it starts where it is set and then runs.
func (c config) ticking() func() time.Time {
	if c.clock.IsZero() {
		return time.Now
	}
	ahead := time.Until(c.clock)
	return func() time.Time { return time.Now().Add(ahead) }
}

func decodeKey(text string) ([]byte, error) {
	b, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != 32 {
		return nil, errors.New("WAYMARK_KEY is not 32 bytes in base64; make one with: openssl rand -base64 32")
	}
	return b, nil
}
