#pragma once
#include <stddef.h>
#include <stdint.h>

/// A schedule as masks: bit n stands for the number n.
struct brute_pattern {
  uint64_t seconds;
  uint64_t minutes;
  uint64_t hours;
  uint64_t days;
  uint64_t days_from_end;
  uint64_t months;
  uint64_t weekdays;
  uint64_t last_weekdays;
  /// The years from first_year to last_year are meant.
  int first_year;
  int last_year;
  /// A day of the month or of the week is enough.
  int either;
  /// It fires whenever the clock shows its times; else once for each of them.
  int follow;
};

/// The offsets of a zone: offsets[i] seconds from starts[i] on.
struct brute_zone {
  const int64_t *starts;
  const int32_t *offsets;
  size_t count;
};

/// Walks from `from` to `to` in steps of so many seconds and looks at each; writes at most `limit` moments that it
/// finds in [from, to), and returns how many there are.
size_t brute_force(const struct brute_pattern *pattern, const struct brute_zone *zone, int64_t from, int64_t to,
                   int64_t step, int64_t *found, size_t limit);
