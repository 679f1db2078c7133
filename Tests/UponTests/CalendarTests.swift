import Foundation
import Testing

/// Sources of the wall clock: at, cron and calendar.
@Suite struct CalendarTests {
  @Test(arguments: ["cron:'* * * * * *'", "calendar:'*:*:*'"])
  func `ticks come at whole seconds, never early, and tell when they were due`(_ source: String) throws {
    let run = try Shell.run("upon -n 3 \(source) tz=Asia/Kathmandu")
    try #require(run.records.count == 3, "\(run)")
    var last = Date.distantPast
    for record in run.records {
      let due = record.text("due")
      #expect(due.hasSuffix("+05:45") && due.count == 25)
      #expect(record.number("missed") == 0)
      #expect((0..<1_000_000).contains(record.number("late_us")))
      let moment = try #require(ISO8601DateFormatter().date(from: due))
      #expect(moment > last)
      last = moment
    }
  }

  @Test func `at fires once, not before its moment, by seconds since 1970`() throws {
    let run = try Shell.run(
      "moment=$(($(date +%s) + 2)); upon -o tsv at:@$moment; test $(date +%s) -ge $moment && echo in time")
    #expect(run.lines.count == 2 && run.lines.last == "in time", "\(run)")
  }

  @Test(arguments: [
    ("cron:'* * * *'", "4 fields instead of five"), ("cron:'61 * * * *'", "minute 61 is not one of 0-59"),
    ("cron:'0 0 30 2 *'", "it never comes"), ("cron:@reboot", "the source start"),
    ("calendar:foo", "neither a weekday"), ("at:25:00", "hour 25 is not one of 0-23"),
    ("at:2020-01-01T00:00", "it has passed"), ("at:", "expected an address, at:TIME"),
    ("cron:@daily tz=Mars/Base", "there is no time zone 'Mars/Base'"),
    ("cron:@daily tz=../../etc/passwd", "is not a time zone"),
    ("at:2030-01-01T00:00Z tz=Europe/Berlin", "names its zone itself"),
    ("calendar:'daily UTC' tz=Europe/Berlin", "names its zone itself"),
    ("--next 3 stdin", "none of the sources fires at times that can be told beforehand"),
    ("--next 0 every:1s", "expected a whole number from 1"),
  ])
  func `what is wrong with a time is told in one line`(_ arguments: String, _ message: String) throws {
    let run = try Shell.run("upon \(arguments)")
    #expect(run.errorText.contains(message), "\(run)")
    #expect(run.errorText.hasPrefix("upon: ") && run.errorText.split(separator: "\n").count == 1)
    #expect(run.status == .exited(64))
    #expect(run.lines == [])
  }

  @Test func `next shows the times of each source in order and opens nothing`() throws {
    let run = try Shell.run(
      "upon --next 2 -o tsv stdin every:1h name=e after:30m name=a cron:'0 12 * * *' name=c tz=UTC do './nothing'"
    )
    let names = run.lines.map { $0.split(separator: "\t")[1] }
    #expect(names.sorted() == ["a", "c", "c", "e", "e"])
    let times = run.lines.map { $0.split(separator: "\t")[0] }
    #expect(run.status == .exited(0))
    let format = ISO8601DateFormatter()
    format.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
    let plain = ISO8601DateFormatter()
    let moments = times.compactMap { format.date(from: String($0)) ?? plain.date(from: String($0)) }
    #expect(moments.count == 5 && moments == moments.sorted())
  }

  @Test func `next is quick for what is rare, and has as many as there are`() throws {
    let run = try Shell.run(
      "upon --next 8 -o tsv calendar:'Mon *-02-29 04:00' tz=UTC | cut -f 1; upon --next 5 at:23:59:59 | wc -l"
    )
    #expect(run.lines.prefix(2) == ["2044-02-29T04:00:00+00:00", "2072-02-29T04:00:00+00:00"])
    #expect(run.lines.last == "1")
    #expect(run.duration < .seconds(10))
  }

  @Test(arguments: [
    // Gap and fold of Berlin: 02:30 does not come on 28 March 2027, and comes twice on 31 October.
    (
      "cron:'30 2 * * *'", "2027-03-27T12:00:00Z", ["2027-03-28T03:00:00+02:00", "2027-03-29T02:30:00+02:00"]
    ),
    (
      "cron:'30 2 * * *'", "2027-10-30T12:00:00Z", ["2027-10-31T02:30:00+02:00", "2027-11-01T02:30:00+01:00"]
    ),
    (
      "cron:'30 * * * *'", "2027-10-31T00:00:00Z", ["2027-10-31T02:30:00+02:00", "2027-10-31T02:30:00+01:00"]
    ),
  ])
  func `daylight saving follows the contract`(_ source: String, _ moment: String, _ expected: [String]) throws
  {
    let run = try clock(
      "set_to \(moment); with_clock upon --next 2 -o tsv \(source) tz=Europe/Berlin | cut -f 1")
    #expect(run.lines == expected, "\(run)")
  }

  /// A source under a clock of its own: `begin TIME SOURCE` starts it, `set_to TIME` sets its clock, `record` waits for
  /// its next record.
  private func clock(_ script: String) throws -> Finished {
    let preload = Shell.repository.appendingPathComponent("Tests/Preload/set_clock.c").path
    return try Shell.run(
      """
      cc -O2 -shared -fPIC -o clock.so '\(preload)' || exit
      mkfifo told out
      with_clock() { CLOCK_OFFSET=$PWD/offset CLOCK_TOLD=$PWD/told LD_PRELOAD=$PWD/clock.so "$@"; }
      set_to() {
        echo $(($(date -d "$1" +%s) - $(date +%s))) >offset.new; mv offset.new offset
        if test -n "$pid"; then printf 12345678 >told; fi
      }
      begin() {
        set_to "$1"; shift
        CLOCK_OFFSET=$PWD/offset CLOCK_TOLD=$PWD/told LD_PRELOAD=$PWD/clock.so upon --ready-fd 4 "$@" >out 4>ready & pid=$!
        exec 5<out
        until test -s ready; do sleep 0.01; done
      }
      record() { read -r line <&5; echo "$line" | jq -c "$1"; }
      \(script)
      if test -n "$pid"; then kill $pid; fi
      """, in: "bash")
  }

  @Test func `a clock that is set forward fires once, and tells what was missed`() throws {
    let run = try clock(
      """
      begin 2026-11-25T11:59:00Z cron:'0 * * * *' tz=UTC
      set_to 2026-11-25T15:30:00Z; record '[.seq, .due, .missed]'
      set_to 2026-11-25T16:00:01Z; record '[.seq, .due, .missed]'
      """)
    #expect(
      run.lines == [#"[1,"2026-11-25T15:00:00+00:00",3]"#, #"[2,"2026-11-25T16:00:00+00:00",0]"#], "\(run)")
  }

  @Test func `a clock that is set back fires nothing twice`() throws {
    let run = try clock(
      """
      begin 2026-11-25T11:59:00Z cron:'0 * * * *' tz=UTC
      set_to 2026-11-25T12:00:05Z; record '[.seq, .due, .missed]'
      set_to 2026-11-25T11:59:59Z; sleep 1.5
      set_to 2026-11-25T13:00:00Z; record '[.seq, .due, .missed]'
      """)
    #expect(
      run.lines == [#"[1,"2026-11-25T12:00:00+00:00",0]"#, #"[2,"2026-11-25T13:00:00+00:00",0]"#], "\(run)")
  }

  @Test func `a clock that was years ahead begins anew when it is set right`() throws {
    let run = try clock(
      """
      begin 2040-01-01T11:59:00Z cron:'0 * * * *' tz=UTC
      set_to 2040-01-01T12:00:05Z; record .due
      set_to 2026-11-25T11:59:00Z
      set_to 2026-11-25T12:00:00Z; record .due
      """)
    #expect(run.lines == [#""2040-01-01T12:00:00+00:00""#, #""2026-11-25T12:00:00+00:00""#], "\(run)")
  }

  @Test func `at comes when its time has come, however the clock got there`() throws {
    let run = try clock(
      """
      begin 2026-11-25T11:59:00Z at:2026-11-25T18:30 tz=UTC
      set_to 2026-11-25T11:00:00Z
      set_to 2026-11-25T19:00:00Z; record '[.event, .due]'
      wait $pid; echo $?; pid=
      """)
    #expect(run.lines == [#"["timeout","2026-11-25T18:30:00+00:00"]"#, "0"], "\(run)")
  }

  @Test func `an at that has passed is over at once where a request adds it`() throws {
    let run = try Shell.run(
      """
      upon --control stdin every:1h <<'E' 2>&1
      {"add":["at:2020-01-01T00:00","name=old"],"id":1}
      {"list":true,"id":2}
      E
      """)
    #expect(run.lines.filter { $0.hasPrefix("upon: old: it has passed") }.count == 1, "\(run)")
    #expect(run.lines.contains { $0.contains(#""names":["old"]"#) })
  }
}
