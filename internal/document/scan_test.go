package document

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"

	"waymark/internal/errs"
)

// clamd speaks the daemon's part of INSTREAM: it finds "EICAR", and does what the test wants of it otherwise.
func clamd(t *testing.T, answer func(file []byte) string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = c.Close() }()
				r := bufio.NewReader(c)
				if command, err := r.ReadString(0); err != nil || command != "zINSTREAM\x00" {
					_, _ = io.WriteString(c, "UNKNOWN COMMAND\x00")
					return
				}
				var file bytes.Buffer
				for {
					var size uint32
					if binary.Read(r, binary.BigEndian, &size) != nil {
						return
					}
					if size == 0 {
						_, _ = io.WriteString(c, answer(file.Bytes()))
						return
					}
					if _, err := io.CopyN(&file, r, int64(size)); err != nil {
						return
					}
				}
			}()
		}
	}()
	return "tcp://" + l.Addr().String()
}

func scanner(t *testing.T, address string) Scanner {
	t.Helper()
	c, err := NewClamd(address)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWithAScannerNothingIsTakenUnscanned(t *testing.T) {
	t.Parallel()
	seen := 0
	good := clamd(t, func(file []byte) string {
		seen = len(file)
		if bytes.Contains(file, []byte("EICAR")) {
			return "stream: Eicar-Signature FOUND\x00"
		}
		return "stream: OK\x00"
	})
	f, _ := files(t, scanner(t, good))
	long := paper + strings.Repeat("%x\n", 90000) + "%%EOF"
	if _, b, err := take(t, f, []byte(long)); err != nil || string(b) != long || seen != len(long) {
		t.Errorf("a clean file: %v, %d bytes seen of %d", err, seen, len(long))
	}
	if _, _, err := take(t, f, []byte(paper+"%EICAR\n%%EOF")); !errs.Is(err, errs.Invalid) || !strings.Contains(err.Error(), "file=document.virus") {
		t.Errorf("a virus: %v", err)
	}
	silent, _ := net.Listen("tcp", "127.0.0.1:0")
	down := "tcp://" + silent.Addr().String()
	_ = silent.Close()
	for what, address := range map[string]string{
		"a scanner that is down":             down,
		"a scanner that hangs up":            clamd(t, func([]byte) string { return "" }),
		"a scanner that is full":             clamd(t, func([]byte) string { return "INSTREAM size limit exceeded. ERROR\x00" }),
		"a scanner that says something else": clamd(t, func([]byte) string { return "stream: OK, I think\x00" }),
	} {
		f, _ := files(t, scanner(t, address))
		if _, _, err := take(t, f, asJPEG(t, photo(20, 20))); !errs.Is(err, errs.Unavailable) || !strings.Contains(err.Error(), "document.no_scan") {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, bad := range []string{"127.0.0.1:3310", "http://127.0.0.1", "tcp://127.0.0.1", "unix://"} {
		if _, err := NewClamd(bad); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}
