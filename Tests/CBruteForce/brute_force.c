#include "brute_force.h"

#include <time.h>

struct day {
  int64_t number;
  int fits;
};

static int has(uint64_t set, int value) { return set >> value & 1; }

static int length_of_month(const struct tm *tm) {
  struct tm next = {.tm_year = tm->tm_year, .tm_mon = tm->tm_mon + 1, .tm_mday = 0};
  timegm(&next);
  return next.tm_mday;
}

static int fits_day(const struct brute_pattern *p, int64_t number) {
  struct tm tm;
  time_t time = number * 86400;
  gmtime_r(&time, &tm);
  int left = length_of_month(&tm) - tm.tm_mday;
  int date = has(p->days, tm.tm_mday) || has(p->days_from_end, left + 1);
  int weekday = has(p->weekdays, tm.tm_wday) || (left < 7 && has(p->last_weekdays, tm.tm_wday));
  int year = tm.tm_year + 1900;
  return year >= p->first_year && year <= p->last_year && has(p->months, tm.tm_mon + 1) &&
         (p->either ? date || weekday : date && weekday);
}

static int fits(const struct brute_pattern *p, int64_t local, struct day *day) {
  int64_t number = local / 86400;
  if (number != day->number) {
    day->number = number;
    day->fits = fits_day(p, number);
  }
  int second = (int)(local % 86400);
  return day->fits && has(p->hours, second / 3600) && has(p->minutes, second / 60 % 60) &&
         has(p->seconds, second % 60);
}

size_t brute_force(const struct brute_pattern *p, const struct brute_zone *zone, int64_t from, int64_t to,
                   int64_t step, int64_t *found, size_t limit) {
  size_t count = 0, place = 0;
  int64_t seen = INT64_MIN;
  struct day day = {.number = -1};
  // Three days before, so that what the clock has shown already is known.
  for (int64_t now = from - 3 * 86400; now < to; now += step) {
    while (place + 1 < zone->count && zone->starts[place + 1] <= now) place++;
    int64_t local = now + zone->offsets[place];
    int fires = 0;
    if (p->follow) {
      fires = fits(p, local, &day);
    } else {
      // All that the clock has not shown before comes now, be it one step or those of a gap.
      for (int64_t shown = seen == INT64_MIN ? local : seen + step; shown <= local; shown += step)
        fires |= fits(p, shown, &day);
    }
    if (local > seen) seen = local;
    if (!fires || now < from) continue;
    if (count < limit) found[count] = now;
    count++;
  }
  return count;
}
