import Testing

@testable import Schedule

@Suite struct TimeZoneTests {
  /// One line of `zdump -v`: a second before a change of the clock, or the first with the new offset.
  struct Sample {
    let moment: Int64
    let offset: Int
  }

  static func number(of month: Substring) -> Int {
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    return months.firstIndex(of: String(month))! + 1
  }

  /// Reads `Europe/Berlin  Sun Mar 29 00:59:59 2026 UT = ... gmtoff=3600`.
  static func sample(_ line: Substring) -> (name: Substring, sample: Sample)? {
    let words = line.split(separator: " ")
    guard words.count > 14, let year = Int(words[5]), (1900...2099).contains(year) else { return nil }
    let clock = words[4].split(separator: ":").map { Int64($0)! }
    let day = CivilDate(year: year, month: number(of: words[2]), day: Int(words[3])!).dayNumber
    let offset = Int(words.last!.split(separator: "=").last!)!
    return (
      words[0], Sample(moment: day * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2], offset: offset)
    )
  }

  /// Zones with what is rare: changes of half an hour, a day left out or lived twice, two hours of daylight saving,
  /// daylight saving in winter, a month without it, offsets that are no whole hours, and rules that often changed.
  static let zones = [
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Monrovia", "America/Anchorage",
    "America/Argentina/Buenos_Aires", "America/Chicago", "America/Havana", "America/Los_Angeles",
    "America/New_York",
    "America/Nuuk", "America/Phoenix", "America/Santiago", "America/Sao_Paulo", "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Gaza", "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Manila", "Asia/Pyongyang",
    "Asia/Shanghai",
    "Asia/Tehran", "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe",
    "Australia/Sydney",
    "Europe/Berlin", "Europe/Dublin", "Europe/Istanbul", "Europe/London", "Europe/Moscow", "Pacific/Apia",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Honolulu", "Pacific/Kiritimati", "Pacific/Kwajalein",
  ]

  @Test func `a zone has the offsets of the C library around each change from 1900 to 2099`() throws {
    let lines = try output(of: "zdump", ["-v", "-c", "1900,2100"] + Self.zones).split(separator: "\n")
    var zone = TimeZone.utc
    var compared = 0
    var zones: Set<String> = []
    for line in lines {
      guard let (name, sample) = Self.sample(line) else { continue }
      if zone.name != name { zone = try database.zone(named: String(name)) }
      zones.insert(zone.name)
      let offset = zone.offset(at: Moment(seconds: sample.moment))
      if offset != sample.offset { Issue.record("\(line) and not \(offset)") }
      compared += 1
    }
    // Honolulu has changed its clock seven times since 1900, each of which is two lines.
    #expect(zones == Set(Self.zones))
    #expect(compared > 8000)
  }

  static let everyZone = """
    import os, sys, time
    for line in sys.stdin:
        os.environ["TZ"] = line.strip()
        time.tzset()
        for year in range(1900, 2100):
            print(time.localtime((year - 1970) * 31556952 + year * 4567890 % 31556952).tm_gmtoff)
    """

  @Test func `every zone has the offsets of the C library once in each year from 1900 to 2099`() throws {
    let names = database.names()
    #expect(names.count > 300)
    let input = names.joined(separator: "\n") + "\n"
    let lines = try output(of: "python3", ["-c", Self.everyZone], input: input).utf8.split(separator: 10)
    try #require(lines.count == names.count * 200)
    for (index, name) in names.enumerated() {
      let zone = try database.zone(named: name)
      for year in 1900..<2100 {
        let moment = Int64((year - 1970) * 31_556_952 + year * 4_567_890 % 31_556_952)
        let expected = Int(String(lines[index * 200 + year - 1900])!)
        let offset = zone.offset(at: Moment(seconds: moment))
        if offset != expected { Issue.record("\(name) in \(year): \(offset), C library \(expected ?? -1)") }
      }
    }
  }

  static let clock = """
    import sys, time
    for line in sys.stdin:
        print(time.localtime(int(line)).tm_gmtoff)
    """

  @Test(arguments: [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
    "Africa/Casablanca",
    "Antarctica/Troll", "Asia/Tehran", "America/St_Johns", "Pacific/Kwajalein", "Europe/Dublin",
    "America/Sao_Paulo",
    "EST5EDT,M3.2.0,M11.1.0", "EST5EDT", "<+0330>-3:30", "NZST-12NZDT,M9.5.0,M4.1.0/3", "UTC0",
    "WART4WARST,J1/0,J365/25", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "IST-2IDT,M3.4.4/26,M10.5.0",
    "AAA3BBB,59,300/2:30",
    "XXX3EDT4,0/0,J365/23", ":Europe/Berlin", "/usr/share/zoneinfo/Asia/Tokyo", "", ":", "AAA-5:30:15",
    "AAA+5BBB4:30,J60,J300/-20",
  ])
  func `a value of TZ means what it means to the C library, at random moments`(value: String) throws {
    let zone = try database.zone(ofVariable: value)
    var random = Seeded(1)
    // The C library counts the days of a rule wrongly in the years before 1970.
    let first: Int64 = zone.transitions.isEmpty ? 86400 : -2_208_988_800
    let moments = (0..<4000).map { _ in Int64.random(in: first...4_102_444_800, using: &random) }
    let text = moments.map(String.init).joined(separator: "\n") + "\n"
    let lines = try output(of: "python3", ["-c", Self.clock], environment: ["TZ": value], input: text)
    let expected = lines.split(separator: "\n").map { Int($0) }
    #expect(expected.count == moments.count)
    for (moment, expected) in zip(moments, expected) {
      let offset = zone.offset(at: Moment(seconds: moment))
      if offset != expected { Issue.record("\(value) at \(moment): \(offset), C library \(expected ?? -1)") }
    }
  }

  @Test func `an unset TZ is the zone of the system`() throws {
    let zone = try database.zone(ofVariable: nil)
    let moments = stride(from: Int64(0), to: 4_000_000_000, by: 9_999_991).map { $0 }
    let text = moments.map(String.init).joined(separator: "\n") + "\n"
    let lines = try output(of: "python3", ["-c", Self.clock], input: text).split(separator: "\n")
    #expect(lines.map { Int($0) } == moments.map { zone.offset(at: Moment(seconds: $0)) })
  }

  @Test(arguments: [
    "", "/etc/passwd", "../../etc/passwd", "Europe/../Europe/Berlin", "./Europe/Berlin", "Europe//Berlin",
    "Europe/",
    "a b", "Europe/Berlin\u{0}", ".hidden", "Zürich", String(repeating: "a", count: 300),
  ])
  func `a name that could leave the folder is refused`(name: String) {
    #expect(throws: ScheduleError.self) { try database.zone(named: name) }
  }

  @Test(arguments: [
    ("Mars/Base", "there is no time zone 'Mars/Base'; a name such as Europe/Berlin is expected"),
    ("europe/berlin", "there is no time zone 'europe/berlin'; did you mean Europe/Berlin?"),
    ("Berlin", "there is no time zone 'Berlin'; did you mean Europe/Berlin?"),
    ("Europe/Berln", "there is no time zone 'Europe/Berln'; did you mean Europe/Berlin?"),
    ("Amercia/New_York", "there is no time zone 'Amercia/New_York'; did you mean America/New_York?"),
    ("new_york", "there is no time zone 'new_york'; did you mean America/New_York?"),
    ("Europe/Tokyo", "there is no time zone 'Europe/Tokyo'; did you mean Asia/Tokyo?"),
    ("tokio", "there is no time zone 'tokio'; did you mean Asia/Tokyo?"),
    ("../x", "'../x' is not a time zone such as Europe/Berlin"),
    ("Europe", "there is no time zone 'Europe'; a name such as Europe/Berlin is expected"),
    ("zone.tab", "'/usr/share/zoneinfo/zone.tab' is not a time zone file"),
  ])
  func `a name that does not exist is told with the nearest one`(name: String, message: String) {
    let error = #expect(throws: ScheduleError.self) { try database.zone(named: name) }
    #expect(error?.description == message)
    #expect(error?.reason == .zone)
  }

  @Test(arguments: [
    "Mars/Base", ":Mars/Base", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST25", "ES5", "<A>5",
    "/nowhere",
    "EST5EDT,M3.2.0,M11.1.0 ", "EST5EDT,J0,J1", "EST5EDT,366,1", "EST5EDT,M3.6.0,M11.1.0",
    "EST5EDT,M3.0.0,M11.1.0",
    "/dev/zero", "/tmp",
  ])
  func `a value of TZ that is no zone is an error and not UTC`(value: String) {
    #expect(throws: ScheduleError.self) { try database.zone(ofVariable: value) }
  }

  @Test func `the folder that TZDIR names is the only one`() {
    let empty = TimeZoneDatabase(directory: "/nonexistent")
    #expect(throws: ScheduleError.self) { try empty.zone(named: "Europe/Berlin") }
    #expect(empty.names() == [])
    #expect(throws: Never.self) { try empty.zone(named: "UTC") }
    #expect(TimeZoneDatabase(directory: "").folders == database.folders)
  }

  @Test func `the names are those of the table of the database and its links`() throws {
    let names = Set(database.names())
    #expect(names.isSuperset(of: ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"]))
    #expect(!names.contains { $0.contains("posix") || $0.contains("right") || $0.contains(".") })
    for name in names {
      #expect(throws: Never.self, "\(name)") { try database.zone(named: name) }
    }
  }
}
