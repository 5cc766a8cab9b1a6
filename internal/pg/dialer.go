package pg

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"
	"time"
)

// readLimit bounds every read from the server, but for long readings. lib/pq does not give up a read when its context
// ends (lib/pq#620), so without it a frozen server holds the caller for ever. It is just above the
// statement time-out, which ends everything that is merely slow, and well below queryLimit, at which
// lib/pq would ask the frozen server to cancel and wait for that as well.
const readLimit = 5*time.Second + answerTime

// answerTime is how much longer than a statement may take its answer is waited for.
const answerTime = 500 * time.Millisecond

// dialer gives connections whose reads and writes end, each read after limit.
type dialer struct{ limit time.Duration }

// Dial connects without a time limit of its own.
func (d dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

// DialTimeout connects within the time given.
func (d dialer) DialTimeout(network, address string, limit time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// DialContext connects until ctx ends.
func (d dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	const userTimeout = 0x12 // TCP_USER_TIMEOUT: unacknowledged writes end as well
	to := net.Dialer{KeepAlive: 5 * time.Second, Control: func(n, _ string, raw syscall.RawConn) error {
		if n == "unix" {
			return nil
		}
		return raw.Control(func(fd uintptr) { _ = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, userTimeout, 5000) })
	}}
	c, err := to.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &limitedConn{Conn: c, limit: d.limit}, nil
}

type limitedConn struct {
	net.Conn
	limit time.Duration
	asked atomic.Int64 // a deadline lib/pq set itself, e.g. connect_timeout; the earlier one holds
}

// SetDeadline remembers the deadline that lib/pq asks for.
func (c *limitedConn) SetDeadline(t time.Time) error {
	c.asked.Store(0)
	if !t.IsZero() {
		c.asked.Store(t.UnixNano())
	}
	return c.Conn.SetDeadline(t)
}

// Read ends after the limit.
func (c *limitedConn) Read(b []byte) (int, error) {
	end := time.Now().Add(c.limit)
	if asked := c.asked.Load(); asked != 0 && asked < end.UnixNano() {
		end = time.Unix(0, asked)
	}
	_ = c.SetReadDeadline(end)
	return c.Conn.Read(b)
}
