package pg

import (
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// Copy streams rows into a table by COPY: fill calls put once a row, in the order of the columns.
// The transaction can do nothing else until it returns; an error of fill leaves it to be rolled back.
func Copy(tx *Tx, table string, columns []string, fill func(put func(values ...any) error) error) error {
	*tx.count++
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = pq.QuoteIdentifier(c)
	}
	stmt, err := tx.tx.PrepareContext(tx.ctx, "copy "+pq.QuoteIdentifier(table)+" ("+strings.Join(names, ", ")+") from stdin")
	if err != nil {
		return mapped(fmt.Errorf("pg: copy: %w", err))
	}
	if err := fill(func(values ...any) error {
		_, err := stmt.ExecContext(tx.ctx, values...)
		return err
	}); err != nil {
		_ = stmt.Close()
		return err
	}
	if _, err := stmt.ExecContext(tx.ctx); err != nil {
		_ = stmt.Close()
		return mapped(fmt.Errorf("pg: copy: %w", err))
	}
	return mapped(stmt.Close())
}
