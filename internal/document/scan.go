package document

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// Scanner looks for viruses. A scanner that cannot answer is an error: nothing is taken unscanned.
type Scanner interface {
	// Clean reports whether nothing was found.
	Clean(ctx context.Context, r io.Reader) (bool, error)
}

// Clamd asks a ClamAV daemon by its INSTREAM command.
type Clamd struct{ network, address string }

// scanLimit bounds one scan.
const scanLimit = 30 * time.Second

// NewClamd reads an address like tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl.
func NewClamd(address string) (*Clamd, error) {
	u, err := url.Parse(address)
	switch {
	case err == nil && u.Scheme == "tcp" && u.Port() != "":
		return &Clamd{"tcp", u.Host}, nil
	case err == nil && u.Scheme == "unix" && u.Path != "":
		return &Clamd{"unix", u.Path}, nil
	}
	return nil, fmt.Errorf("%q is not like tcp://127.0.0.1:3310 or unix:///run/clamav/clamd.ctl", address)
}

// Clean sends the file in pieces, each with its length before it, and reads the one line of answer.
func (c *Clamd) Clean(ctx context.Context, r io.Reader) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, scanLimit)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, c.network, c.address)
	if err != nil {
		return false, fmt.Errorf("document: scanner: %w", err)
	}
	defer func() { _ = conn.Close() }()
	if until, ok := ctx.Deadline(); ok {
		_ = conn.SetDeadline(until)
	}
	if err := stream(conn, r); err != nil {
		return false, fmt.Errorf("document: scanner: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, 4096))
	if err != nil {
		return false, fmt.Errorf("document: scanner: %w", err)
	}
	return verdict(string(answer))
}

func stream(conn io.Writer, r io.Reader) error {
	if _, err := io.WriteString(conn, "zINSTREAM\x00"); err != nil {
		return err
	}
	piece := make([]byte, 4+32<<10)
	for {
		n, err := r.Read(piece[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(piece, uint32(n))
			if _, err := conn.Write(piece[:4+n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			_, err = conn.Write([]byte{0, 0, 0, 0})
			return err
		}
		if err != nil {
			return err
		}
	}
}

func verdict(answer string) (bool, error) {
	answer = strings.Trim(answer, "\x00\r\n ")
	switch {
	case answer == "stream: OK":
		return true, nil
	case strings.HasPrefix(answer, "stream: ") && strings.HasSuffix(answer, " FOUND"):
		return false, nil
	}
	return false, errors.New("document: the scanner did not say whether the file is clean")
}
