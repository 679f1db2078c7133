/// What people type who know other tools, and the words of upon that they mean.
///
/// Of several meanings the first that the vocabulary has is suggested; one that it lacks never is.
struct Synonyms {
  private let table: [(typed: [String], meant: [String])]

  /// Every word that means another.
  var words: [String] { table.flatMap(\.typed) }

  /// The meanings of a word, the likeliest first.
  func meanings(of word: String) -> [String] {
    let word = word.lowercased()
    return table.first { $0.typed.contains(word) }?.meant ?? []
  }

  /// The first meaning that is one of the candidates.
  func meaning(of word: String, in candidates: [String]) -> String? {
    meanings(of: word).first { candidates.contains($0) }
  }
}

extension Synonyms {
  static let kinds = Synonyms(table: [
    (
      ["file", "files", "inotify", "inotifywait", "watch", "dir", "directory", "folder", "fswatch", "fs"],
      ["path"]
    ),
    (["entr", "filelist"], ["paths"]),
    (["log", "logfile", "follow"], ["tail"]),
    (["pipe", "mkfifo", "named-pipe"], ["fifo"]),
    (["child", "process", "proc", "pidfd"], ["pid"]),
    (["exec", "spawn", "command", "cmd", "system", "subprocess"], ["run"]),
    (["listen", "tcp-server", "server", "tcplisten", "tcp-l", "accept-tcp"], ["tcp-listen"]),
    (["unix-server", "unixlisten", "unix-l"], ["unix-listen"]),
    (["udp", "udp-server", "udp-recv", "udplisten", "syslog"], ["udp-listen"]),
    (["unix-dgram", "unix-datagram", "unix-recv", "dgram"], ["unix-dgram-listen"]),
    (["connect", "tcp-connect", "tcp-client", "client", "tcp4", "tcp6"], ["tcp"]),
    (["unix-connect", "unix-client", "socket"], ["unix"]),
    (["timer", "interval", "periodic", "repeat", "tick"], ["every"]),
    (["delay", "sleep", "wait", "timeout", "in"], ["after"]),
    (["crontab", "@daily", "@hourly", "@weekly", "@monthly", "@yearly"], ["cron"]),
    (["oncalendar", "schedule"], ["calendar", "cron"]),
    (["time", "date", "when"], ["at"]),
    (["sig", "trap", "signals", "kill"], ["signal"]),
    (["@reboot", "begin", "boot", "init", "startup"], ["start"]),
    (["end", "finally", "atexit"], ["finish"]),
    (["input", "readline", "lines"], ["stdin"]),
    (["descriptor", "handle"], ["fd"]),
    (["listen-fd", "inherit", "socket-activation"], ["accept"]),
  ])

  static let settings = Synonyms(table: [
    (["grep", "filter", "regex", "regexp", "pattern", "contains"], ["match"]),
    (["invert", "invert-match", "not", "reject"], ["unmatch"]),
    (["times", "max-count", "count", "maxcount"], ["limit"]),
    (["delay", "settle-time", "window"], ["batch", "debounce"]),
    (["-r", "-rr", "recurse", "recurs", "tree"], ["recursive"]),
    (["delimiter", "separator", "delim"], ["frame"]),
    (["events", "event"], ["on"]),
    (["format", "form"], ["as"]),
    (["output", "log", "logfile", "append"], ["file"]),
    (["cwd", "chdir", "workdir", "directory"], ["dir"]),
    (["parallel", "concurrency", "workers", "max-jobs", "max-children"], ["jobs"]),
    (["overlap", "on-busy"], ["busy"]),
    (["kill-after", "stop-timeout"], ["grace"]),
    (["stop-signal", "kill-signal"], ["stop"]),
    (["max-connections", "max-conn", "maxconn"], ["connections"]),
    (["immediate", "immediately", "initial"], ["now"]),
    (["label", "id", "tag"], ["name"]),
    (["ignore", "exclude-dir"], ["exclude"]),
    (["glob", "pattern-file", "ext"], ["include"]),
  ])

  static let events = Synonyms(table: [
    (
      ["close_write", "moved_to", "modified", "changed", "change", "write", "updated", "saved"], ["written"]
    ),
    (["modify", "modifying"], ["modify", "written"]),
    (["created", "new", "added", "add"], ["create", "new", "written"]),
    (["deleted", "removed", "remove", "unlink", "moved_from", "delete_self"], ["delete"]),
    (["moved", "renamed", "rename"], ["move"]),
    (["chmod", "chown", "metadata"], ["attrib"]),
    (["missing", "gone"], ["absent"]),
    (["there", "present"], ["exists"]),
    (["eof", "hup"], ["end"]),
    (["closed", "disconnect", "disconnected"], ["close"]),
    (["connected", "connection", "open", "opened"], ["accept", "connect"]),
    (["connect"], ["accept"]),
    (["accept", "accepted"], ["connect"]),
    (["silence", "silent", "timeout", "quiet"], ["idle", "timeout"]),
    (["message", "packet", "msg"], ["datagram", "line"]),
    (["lines", "record"], ["line"]),
    (["bytes", "chunk"], ["data"]),
    (["exited", "ended", "died", "dead"], ["exit"]),
    (["rotated"], ["rotate"]),
    (["timer", "fire"], ["tick", "timeout"]),
  ])

  static let values = Synonyms(table: [
    (["latest", "newest", "last", "coalesce", "collapse"], ["merge"]),
    (["drop", "discard", "ignore", "do-nothing"], ["skip"]),
    (["wait", "block"], ["queue"]),
    (["kill", "cancel"], ["restart"]),
    (["on-failure", "failure", "error"], ["fail"]),
    (["on-success", "success"], ["ok"]),
    (["any", "end", "done"], ["exit"]),
    (["null", "zero", "0", "print0"], ["nul"]),
    (["newline", "lines", "lf"], ["line"]),
    (["raw", "block", "bytes"], ["chunk", "data"]),
    (["plain", "pretty", "human"], ["text"]),
    (["ndjson", "jsonl"], ["json"]),
    (["csv", "tab"], ["tsv"]),
  ])

  /// Bare words, and what is to be typed for them.
  static let words = Synonyms(table: [
    (["run", "exec", "then", "cmd", "command", "execute", "call", "sh", "system", "=>"], ["do"]),
    (["echo", "log", "show"], ["print"]),
    (["nothing", "noop", "null", ":"], ["ignore"]),
    (["|", "||", "comma"], ["or"]),
    (["quit", "stop", "die", "break", "end"], ["exit=0"]),
    (["latest", "newest"], ["busy=merge"]),
    (["on-failure"], ["until=fail"]),
    (["forever", "always", "loop"], ["restart"]),
  ])

  /// Options of other tools, and what upon has for them.
  static let options = Synonyms(table: [
    (["--json"], ["-o json"]),
    (["--tsv"], ["-o tsv"]),
    (["--raw"], ["-o data"]),
    (["--out", "--format", "--outfile"], ["--output FORM, or print file=PATH"]),
    (["--exec", "--command", "--cmd", "--run", "-c"], ["do COMMAND"]),
    (["--silent"], ["--quiet"]),
    (["--debug"], ["--verbose"]),
    (["--max-count", "--times"], ["--count N"]),
    (["--dry-run", "--validate", "--syntax"], ["--check"]),
    (["--socket", "--listen"], ["--control unix:PATH"]),
  ])
}
