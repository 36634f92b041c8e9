package instagram

import (
	"context"
	"log/slog"
	"time"
)

// logCall writes a line when a call is over. The endpoint is the template and not the path, so that
// lines can be counted by it and name nobody.
func logCall(next handler) handler {
	return func(ctx context.Context, x *exchange) *Error {
		logger := x.core.logger
		if logger == nil {
			return next(ctx, x)
		}
		start := time.Now()
		e := next(ctx, x)
		level, attrs := slog.LevelInfo, []slog.Attr{
			slog.String("method", x.call.method),
			slog.String("endpoint", x.endpoint()),
			slog.Int("status", x.answer.status),
			slog.Duration("duration", time.Since(start)),
			slog.Int("attempt", x.attempts),
		}
		if limit := x.answer.rateLimit; limit.Limit > 0 {
			attrs = append(attrs, slog.Int("remaining", limit.Remaining))
		}
		if e != nil {
			level, attrs = slog.LevelWarn, append(attrs, slog.String("error", e.Error()))
		}
		if ctx == nil {
			ctx = context.Background()
		}
		logger.LogAttrs(ctx, level, "instagram call", attrs...)
		return e
	}
}
